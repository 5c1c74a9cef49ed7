"""A home's past as signals, put through the rules without MQTT: the same days that the live town would have sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Literal

from device_adapters.signals import AnySignal, Battery, Contact, Heartbeat, Motion
from nuanhu.town.devices.chirpstack import ChirpStackVoice
from nuanhu.town.devices.zigbee2mqtt import Zigbee2MqttVoice
from nuanhu.town.homes import LORA, ZIGBEE, Fitted, Home
from nuanhu.town.life import local_date, midnight
from nuanhu.town.sensing import DETECTED, Detection, detections

CLEARS_AFTER_S = {ZIGBEE: Zigbee2MqttVoice.settles_after_s, LORA: ChirpStackVoice.settles_after_s}
"""Makes that say that nobody is there any more, so long after the last detection; the others never do."""

Stamped = tuple[float, str, AnySignal]
_when = itemgetter(0)


def history_signals(
    home: Home,
    since: datetime,
    until: datetime,
    *,
    collapsed_at: datetime | None = None,
) -> Iterator[tuple[str, AnySignal]]:
    """What the devices of a home said between two moments, in the order of arrival, made a day at a time.

    Args:
        home: Whose.
        since: From, aware UTC, inclusive.
        until: To, aware UTC, exclusive.
        collapsed_at: From here on nobody moves any more; the devices' signs of life go on.

    Yields:
        (registry id of the device, signal with ``arrived_at``, ``bridge`` and ``device`` set).
    """
    since_s, until_s = since.timestamp(), until.timestamp()
    moves_until_s = min(until_s, collapsed_at.timestamp()) if collapsed_at else until_s
    day, last = local_date(since), local_date(until)
    late: list[Stamped] = []  # what a day leaves to be said in the next one
    while day <= last:
        start_s = midnight(day).timestamp()
        end_s = start_s + 86_400
        said = late + _moved(home, detections(home, day), start_s, moves_until_s)
        for fitted in home.fitted:
            said += _signs_of_life(fitted, max(start_s, since_s), min(end_s, until_s))
        said.sort(key=_when)
        late = [entry for entry in said if entry[0] >= end_s]
        for at_s, device, signal in said:
            if since_s <= at_s < until_s and at_s < end_s:
                yield device, signal
        day += timedelta(days=1)


def _moved(home: Home, detected: Sequence[Detection], day_start_s: float, until_s: float) -> list[Stamped]:
    """Signals of one day's detections."""
    said: list[Stamped] = []
    bridge, clears_after_s = home.bridge.id, CLEARS_AFTER_S.get(home.make, 0)
    level = clears_after_s > 0
    last: dict[str, float] = {}
    for second, fitted, what in detected:
        at_s = day_start_s + second
        if at_s >= until_s:
            break
        at = datetime.fromtimestamp(at_s, UTC)
        device = fitted.device
        signal: AnySignal
        if what == DETECTED:
            signal = Motion(state="detected", bridge=bridge, device=device.inner, arrived_at=at, level=level)
            before_s = last.get(device.id) if level else None
            if before_s is not None and at_s - before_s >= clears_after_s:
                said.append(_cleared(before_s + clears_after_s, fitted))
            last[device.id] = at_s
        else:
            state: Literal["open", "closed"] = "open" if what == "open" else "closed"
            signal = Contact(state=state, bridge=bridge, device=device.inner, arrived_at=at, level=level)
        said.append((at_s, device.id, signal))
    if level:
        said += [_cleared(at_s + clears_after_s, home.by_id[device]) for device, at_s in last.items()]
    return said


def _cleared(at_s: float, fitted: Fitted) -> Stamped:
    at, device = datetime.fromtimestamp(at_s, UTC), fitted.device
    signal = Motion(state="clear", bridge=device.bridge, device=device.inner, arrived_at=at, level=True)
    return at_s, device.id, signal


def _signs_of_life(fitted: Fitted, since_s: float, until_s: float) -> list[Stamped]:
    """Regular reports between two moments: a heartbeat, with the battery where there is one."""
    said: list[Stamped] = []
    device = fitted.device
    at_s = fitted.next_report_s(since_s - 0.001)
    while at_s < until_s:
        at = datetime.fromtimestamp(at_s, UTC)
        said.append((at_s, device.id, Heartbeat(bridge=device.bridge, device=device.inner, arrived_at=at)))
        if fitted.battery_days:
            percent = fitted.battery_percent(at)
            battery = Battery(bridge=device.bridge, device=device.inner, arrived_at=at, percent=percent)
            said.append((at_s, device.id, battery))
        at_s += fitted.report_s
    return said
