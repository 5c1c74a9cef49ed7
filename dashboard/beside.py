"""What stands beside an incident of a home: where somebody moved last, what became of the incidents before, photos."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from alerting.model import AlarmKind, IncidentState
from dashboard.explain import lead_alarm
from dashboard.site import Site
from gateway.care.photos_asked import PhotoOf
from gateway.desk.contract import ActivityWindow, DeviceView, HouseholdView, IncidentView, QueueRow

PAST_SHOWN = 4
ROOMS_SHOWN = 6


class RoomStands(msgspec.Struct, frozen=True):
    """One room of the strip.

    Attributes:
        room: Its word.
        moved_at: Start of the last five minutes in which somebody moved there, UTC; None: not in the days shown.
        silent: A device of this room is not heard any more: that nobody moves there says little.
    """

    room: str
    moved_at: datetime | None
    silent: bool


class Past(msgspec.Struct, frozen=True):
    """Incidents of this home before: how many had which outcome, the most frequent first, and the latest ones."""

    outcomes: tuple[tuple[str, int], ...]
    latest: tuple[tuple[QueueRow, AlarmKind], ...]


def rooms_of(windows: Sequence[ActivityWindow], devices: Collection[DeviceView]) -> list[RoomStands]:
    """Every room with a device or a movement, where somebody moved last in front.

    Args:
        windows: Active five-minute windows, in order.
        devices: Of the home.
    """
    latest = {room: window.start for window in windows for room in window.rooms if room}
    fitted = {it.device.room for it in devices if it.device.room and it.device.status == "active"}
    silent = {it.device.room for it in devices if it.missed_check_in}
    stands = [RoomStands(room, latest.get(room), room in silent) for room in latest.keys() | fitted]
    stands.sort(key=lambda it: (-it.moved_at.timestamp() if it.moved_at else 0.0, it.room))
    return stands[:ROOMS_SHOWN]


def past_of(home: HouseholdView, incident: str) -> Past:
    """The closed incidents of a home, but for this one."""
    closed = [it for it in home.incidents if it.incident != incident and it.state == IncidentState.CLOSED]
    closed.sort(key=lambda it: it.opened_at, reverse=True)
    latest = tuple((it, lead_alarm(it.alarms).kind) for it in closed[:PAST_SHOWN])
    return Past(tuple(Counter(it.outcome for it in closed).most_common()), latest)


async def beside_parts(site: Site, view: IncidentView, until: datetime) -> dict[str, Any]:
    """Strip of rooms, past incidents and photos, as the panel shows them; empty where it is no home's."""
    if view.home is None:
        return {"rooms": [], "past": None, "portraits": []}
    key = view.home.household.key
    since = site.times.midnight(until) - timedelta(days=site.settings.activity_days - 1)
    return {
        "rooms": rooms_of(await site.desk.activity(key, since, until), view.home.devices),
        "past": past_of(view.home, view.incident.id),
        "portraits": await portraits(site, view),
    }


async def portraits(site: Site, view: IncidentView) -> list[PhotoOf]:
    """Of what there is a photo to show with this incident: only while it is open, which is reason enough to look."""
    if view.home is None or view.incident.state is IncidentState.CLOSED:
        return []
    every = await site.desk.home_photos(view.home.household.key)
    latest = {what: next((it for it in every if it.what == what), None) for what in PhotoOf}
    return [what for what, it in latest.items() if it is not None and it.is_there]
