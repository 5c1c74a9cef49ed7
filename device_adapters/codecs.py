"""Which codec reads the frames of which model. A new maker is one file with ``CODECS`` and one line here."""

from __future__ import annotations

import re
from functools import lru_cache

from device_adapters import milesight
from device_adapters.frames import Codec

CODECS: tuple[Codec, ...] = (*milesight.CODECS,)

_BY_NAME = {(codec.vendor.casefold(), codec.model.casefold()): codec for codec in CODECS}
_BY_MODEL = {codec.model.casefold(): codec for codec in CODECS}
_NAMED = re.compile(
    r"(?<![a-z0-9])(" + "|".join(re.escape(m) for m in sorted(_BY_MODEL, key=len, reverse=True)) + r")(?![a-z0-9])"
)


def find_codec(vendor: str, model: str) -> Codec | None:
    """The codec of a maker's model, as provisioning writes them; without a vendor by the model alone."""
    if not vendor:
        return find_codec_in(model)
    return _BY_NAME.get((vendor.strip().casefold(), model.strip().casefold()))


@lru_cache(maxsize=1024)
def find_codec_in(words: str) -> Codec | None:
    """The codec of the model named somewhere in free text, such as a device profile's ``Milesight WS202 (CN470)``."""
    found = _NAMED.search(words.casefold())
    return _BY_MODEL[found[1]] if found else None
