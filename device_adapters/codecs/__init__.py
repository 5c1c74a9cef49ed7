"""Which codec reads the frames of which model. A new maker is one file with ``CODECS`` and one line here."""

from __future__ import annotations

import re
from functools import lru_cache

from device_adapters.codecs import (
    abeeway,
    abeeway3,
    browan,
    digital_matter,
    dragino,
    elsys,
    globalsat,
    mclimate,
    merryiot,
    milesight,
    moko,
    netvox,
    nexelec,
    radio_bridge,
    sensative,
    sensecap,
    tektelic,
    thermokon,
    watteco,
    winext,
    yobiiq,
)
from device_adapters.codecs.frames import Codec

CODECS: tuple[Codec, ...] = (
    *abeeway.CODECS,
    *abeeway3.CODECS,
    *browan.CODECS,
    *digital_matter.CODECS,
    *dragino.CODECS,
    *elsys.CODECS,
    *globalsat.CODECS,
    *mclimate.CODECS,
    *merryiot.CODECS,
    *milesight.CODECS,
    *moko.CODECS,
    *netvox.CODECS,
    *nexelec.CODECS,
    *radio_bridge.CODECS,
    *sensative.CODECS,
    *sensecap.CODECS,
    *tektelic.CODECS,
    *thermokon.CODECS,
    *watteco.CODECS,
    *winext.CODECS,
    *yobiiq.CODECS,
)

UNPROVEN: frozenset[tuple[str, str]] = frozenset(
    (vendor, model)
    for vendor, models in {
        "Digital Matter": ("Oyster",),
        "Dragino": ("LWL02", "LDS03A", "LWL03A", "LHT65N", "LGT-92", "LBT1", "PB01-L", "other models"),
        "GlobalSat": ("LT-100, LT-501",),
        "MClimate": ("CO2-PIR-Lite", "PIR Mini", "Flood Sensor"),
        "Milesight": (
            *("WS203", "WS303", "TS301", "TS302", "EM300-ZLD", "EM300-SLD", "EM300-MLD", "GS101", "VS340", "VS341"),
            *("AM304L", "AM305L", "AM307", "AM308", "AM319", "other models"),
        ),
        "MOKO": ("LW004-PB", "LW006"),
        "Radio Bridge": ("RBS301, RBS304, RBS305, RBS306",),
        "Tektelic": ("Smart Room Sensor, Smart Room Sensor PIR, Home Sensor",),
        "Watteco": ("other models",),
        "Winext": ("AN-301",),
    }.items()
    for model in models
)
"""Written by the maker's format as far as it is known, with no published frame at hand: a captured one is welcome."""

_NOT_A_NAME = re.compile(r"[^a-z0-9+]")


def _plain(name: str) -> str:
    return _NOT_A_NAME.sub("", name.casefold())


def _names(codec: Codec) -> tuple[str, ...]:
    return (codec.model.casefold(), *(name.casefold() for name in codec.also))


_BY_NAME: dict[str, Codec] = {name: codec for codec in CODECS if not codec.every_model for name in _names(codec)}
_BY_MAKER: dict[str, Codec] = {
    _plain(name): codec for codec in CODECS if codec.every_model for name in (codec.vendor, *codec.also)
}
"""Makers all of whose frames say of themselves what they are."""

_MAKERS = {_plain(codec.vendor) for codec in CODECS} | set(_BY_MAKER)


def _any_of(names: set[str]) -> re.Pattern[str]:
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![a-z0-9])({longest_first})(?![a-z0-9])")


_NAMED = _any_of(set(_BY_NAME))
_MAKER_NAMED = _any_of({codec.vendor.casefold() for codec in CODECS if codec.every_model} | {"-"})


@lru_cache(maxsize=1024)
def find_codec(vendor: str, model: str) -> Codec | None:
    """The codec of a maker's model, as provisioning writes them; without a vendor by the model alone."""
    if not vendor.strip():
        return find_codec_in(model)
    maker = _maker(vendor)
    for name in dict.fromkeys((model.strip().casefold(), *_NAMED.findall(model.casefold()))):
        codec = _BY_NAME.get(name)
        if codec is not None and _plain(codec.vendor) == maker:
            return codec
    return _BY_MAKER.get(maker)


def _maker(vendor: str) -> str:
    """A maker's name as in our tables: ``Milesight IoT`` is Milesight."""
    plain = _plain(vendor)
    if plain in _MAKERS:
        return plain
    return next((maker for maker in _MAKERS if plain.startswith(maker)), plain)


@lru_cache(maxsize=1024)
def find_codec_in(words: str) -> Codec | None:
    """The codec of the model named somewhere in free text, such as a device profile's ``Milesight WS202 (CN470)``."""
    plain = words.casefold()
    found = _NAMED.search(plain)
    if found is not None:
        return _BY_NAME[found[1]]
    maker = _MAKER_NAMED.search(plain)
    return _BY_MAKER.get(_plain(maker[1])) if maker is not None else None
