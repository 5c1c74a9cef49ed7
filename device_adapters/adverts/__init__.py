"""Bluetooth adverts: what one says, whichever gateway heard it. A new make is one codec and one line here."""

from __future__ import annotations

from device_adapters.adverts import bthome, mibeacon, others
from device_adapters.adverts.advert import Advert, AdvertCodec

ADVERT_CODECS: tuple[AdvertCodec, ...] = (bthome.CODEC, mibeacon.CODEC, *others.CODECS)


def find_advert_codec(advert: Advert) -> AdvertCodec | None:
    """The codec whose make an advert is."""
    for codec in ADVERT_CODECS:
        if codec.claims(advert):
            return codec
    return None
