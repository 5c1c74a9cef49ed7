"""What is wrong with a device that is heard, by what it says itself: a weak link, with hysteresis; a stuck sensor."""

from __future__ import annotations

from alerting.equipment_terms import DAY, HOUR, EquipmentTerms
from alerting.homes.trace import BASE, CHANGED, digits, number, replaced
from device_adapters.signals import Contact, Link, Motion, Presence

LQI_BETTER, DB_BETTER = 10, 5
"""A good link is better than a weak one by so much; what lies between counts neither way."""
HOURS = BASE * BASE
"""Hours are kept modulo this: a little less than a year."""

Sensed = Motion | Presence | Contact


def weak_word(link: Link, terms: EquipmentTerms) -> tuple[int, str]:
    """Whether a report is of a weak link: (1, why), of a good one: (-1, ""), of neither: (0, "").

    The quality of Zigbee before the ratio of LoRaWAN before a strength: a strength says little where there is a ratio.
    """
    if link.lqi is not None:
        return _judged(link.lqi, terms.weak_lqi - 1, terms.weak_lqi + LQI_BETTER, f"lqi|{link.lqi}")
    if link.snr_db is not None:
        return _judged(link.snr_db, terms.weak_snr_db, terms.weak_snr_db + DB_BETTER, f"snr|{link.snr_db:g}")
    if link.rssi_dbm:
        return _judged(link.rssi_dbm, terms.weak_rssi_dbm, terms.weak_rssi_dbm + DB_BETTER, f"rssi|{link.rssi_dbm:g}")
    return 0, ""


def _judged(value: float, weak_to: float, good_from: float, why: str) -> tuple[int, str]:
    return (1, why) if value <= weak_to else (-1, "") if value >= good_from else (0, "")


def has_changed(signal: Sensed, level_before: str) -> bool:
    """Whether the sensor has seen something, or its contact has moved: no cached level that is only repeated."""
    if signal.retained or signal.buffered:
        return False
    is_level = isinstance(signal, Presence) or signal.level
    return not is_level or signal.state != level_before


def changed(trace: str, now_s: int) -> str:
    """The trace of a device that has just seen a change, or that is heard for the first time."""
    after = replaced(trace, CHANGED, digits(now_s // HOUR % HOURS, 2))
    return trace if after == trace else after


def unchanged_h(trace: str, now_s: int) -> int:
    """For how many hours it has seen no change; 0 when it is not known."""
    if not trace:
        return 0
    return (now_s // HOUR - number(trace[CHANGED])) % HOURS


def stuck_word(
    role: str, trace: str, *, occupied: bool, others_h: int | None, now_s: int, terms: EquipmentTerms
) -> str:
    """Why a sensor that is heard is stuck; empty when it is not.

    Args:
        role: Its role.
        trace: Its trace.
        occupied: It says that somebody is there, and is of a kind that says when nobody is.
        others_h: Hours since any other sensor of the home has seen something; None: there is none.
        now_s: UTC epoch seconds.
        terms: The centre's.
    """
    for_h = unchanged_h(trace, now_s)
    if role in {"motion", "presence"} and occupied:
        return f"on|{for_h}" if for_h >= terms.stuck_on_h else ""
    days = {"motion": terms.stuck_still_days, "presence": terms.stuck_still_days, "door": terms.stuck_door_days}
    most_h = days.get(role, 0) * DAY // HOUR
    lively = others_h is not None and others_h <= DAY // HOUR
    return f"still|{for_h // 24}" if most_h and for_h >= most_h and lively else ""
