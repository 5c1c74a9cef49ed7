"""Words for the supervision of equipment: check-ins, why a fault began, why nobody can call, the table of terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alerting.model import FaultKind
from dashboard.words import mark

if TYPE_CHECKING:
    from dashboard.speech import Speech

TERMS: dict[str, str] = {
    "steady_times": mark("A steady device is silent after so many times its own longest pause"),
    "steady_days": mark("Its own pauses are looked at for so many days before they count"),
    "steady_least_s": mark("But never sooner than"),
    "battery_ends_days": mark("A battery that will be empty within so many days is a fault"),
    "weak_lqi": mark("Zigbee: a link below this quality is weak"),
    "weak_snr_db": mark("LoRaWAN: a link at or below this ratio is weak, dB"),
    "weak_rssi_dbm": mark("Wi-Fi and Bluetooth: a link at or below this strength is weak, dBm"),
    "weak_reports": mark("So many weak reports more than good ones make the fault"),
    "stuck_on_h": mark("A sensor that says “occupied” without an end is stuck after so many hours"),
    "stuck_still_days": mark("A sensor that sees nothing while others do is stuck after so many days"),
    "stuck_door_days": mark("A door contact that never changes while others do is stuck after so many days"),
}

GROUPS: dict[str, str] = {
    "caller": mark("something to call for help with"),
    "eye": mark("something that sees movement"),
}

REASONS: dict[str, str] = {
    "class": mark("No word for %(time)s: the time of its class"),
    "own": mark("No word for %(time)s: longer than it is ever silent"),
    "lqi": mark("Zigbee quality %(value)s"),
    "snr": mark("Signal to noise %(value)s dB"),
    "rssi": mark("Signal strength %(value)s dBm"),
    "on": mark("Says “occupied” for %(value)s h without an end"),
    "unread": mark("A part of a message cannot be read: %(value)s"),
    "still": mark("Heard, but has seen nothing for %(value)s days while others have"),
}
"""Why a fault began, by the first word of its detail."""


def fault_reason(kind: FaultKind, detail: str, say: Speech) -> str:
    """Why a fault began, in words; a device's own words as they are."""
    word, _, value = detail.partition("|")
    if kind in {FaultKind.BATTERY_LOW, FaultKind.BATTERY_ENDS}:
        parts = [f"{word} %"] if word else []
        return " · ".join([*parts, battery_left(int(value), say)] if value else parts)
    if word in {"class", "own"}:
        return say.gettext(REASONS[word], time=say.exact(int(value)))
    return say.gettext(REASONS[word], value=value) if word in REASONS else detail


def battery_left(days: int, say: Speech) -> str:
    """How long a battery will last."""
    if not days:
        return say.gettext(mark("may be empty any day"))
    return say.ngettext("lasts about %(num)s day", "lasts about %(num)s days", days)


def flaws(detail: str, say: Speech) -> str:
    """Why nobody in a home can call for help: the flaws of all that they could call with, each once."""
    found = [say.lack(flaw.partition("|")[0]) for flaw in detail.split()]
    return say.gettext(mark("Why: %(flaws)s"), flaws=" · ".join(dict.fromkeys(found)))
