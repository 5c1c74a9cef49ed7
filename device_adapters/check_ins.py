"""How often a model says something by itself, as its maker delivers it; the class of device has a value for the rest.

LoRaWAN models declare it beside their codec; here are the models of other radios.
"""

from __future__ import annotations

from functools import lru_cache

from device_adapters.codecs import find_codec

MINUTE_S, HOUR_S = 60, 3600

MODELS: dict[str, int] = {
    "rtcgq11lm": HOUR_S,
    "rtcgq12lm": HOUR_S,
    "rtcgq13lm": HOUR_S,
    "rtcgq14lm": HOUR_S,
    "rtcgq01lm": HOUR_S,
    "mccgq11lm": HOUR_S,
    "mccgq01lm": HOUR_S,
    "sjcgq11lm": HOUR_S,
    "wxkg11lm": HOUR_S,
    "shmotion-1": HOUR_S,
    "shellymotionsensor": HOUR_S,
    "tasmota": 5 * MINUTE_S,
}
"""By model name in small letters, seconds: Aqara's hourly report, Shelly's republished state, Tasmota's TelePeriod."""


DOCUMENTED = frozenset({"rtcgq11lm", "rtcgq12lm", "rtcgq13lm", "rtcgq14lm", "rtcgq01lm", "mccgq11lm", "mccgq01lm",
                        "sjcgq11lm", "wxkg11lm", "tasmota"})  # fmt: skip
"""Those whose interval stands in a paper of the maker; the others are its default as far as it is known."""


@lru_cache(maxsize=1024)
def interval_of(vendor: str, model: str) -> int:
    """How often a model says something, seconds; 0 where its maker says nothing about it."""
    declared = MODELS.get(model.strip().casefold(), 0)
    if declared or not model:
        return declared
    codec = find_codec(vendor, model)
    return codec.interval_s if codec is not None else 0
