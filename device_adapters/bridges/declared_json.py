"""Any hub that publishes JSON: configured, not programmed. docs/declared-json.md shows a declaration.

A declaration says which topics carry reports, where in the JSON the device, the time and the values stand, and which
kind of signal each value is. It makes an adapter like every other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

import msgspec

from device_adapters.adapter import Adapter, Known, Message, Rejected
from device_adapters.bridges.plain_values import LEVELS, as_number, is_on, press
from device_adapters.signals import AnySignal, Availability, Battery, Fault, Heartbeat, Link, Location, Test
from device_adapters.values import as_written, device_time, percent_of, read_object, text, valid_place, whole

Level = Literal[
    "motion",
    "presence",
    "contact",
    "panic",
    "fall",
    "smoke",
    "gas",
    "carbon_monoxide",
    "water_leak",
    "tamper",
    "vibration",
    "moving",
    "battery_low",
    "availability",
    "test",
    "fault",
]
Figure = Literal["battery_percent", "battery_volts", "rssi_dbm", "lqi"]

_MOST_REPORTS = 500
_ANYTHING = msgspec.json.Decoder()


class Says(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value of a report and what it is.

    Attributes:
        kind: A state that is on or off, a figure, ``button`` (an event of a key) or ``location``.
        path: Where the value stands, steps joined by dots; a number is an index of a list.
        on: Values that mean on (open, detected, active); empty: the plain words for it.
        off: Values that mean off; empty: the plain words, and any other value when ``on`` is given.
        scale: A figure is multiplied by it.
        action: Action of a button; empty: the value itself is the action.
        longitude: Where the longitude stands, for ``location``; ``path`` is the latitude's.
        only: This value counts only in reports in which each of these paths has this value.
    """

    kind: Level | Figure | Literal["button", "location"]
    path: str
    on: list[str | int | float | bool] = []
    off: list[str | int | float | bool] = []
    scale: float = 1
    action: str = ""
    longitude: str = ""
    only: dict[str, str | int | float | bool] = {}


class Report(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Messages of one kind.

    Attributes:
        topic: Below the prefix; ``{device}`` is a level that is the device's id, ``+`` any level, ``#`` the rest.
        says: Values, and what they are.
        each: Path of a list whose elements are reports of their own.
        device: Path of the device's id, where the topic does not name it.
        name: Path of a friendly name.
        time: Path of the device's time: Unix seconds, milliseconds, or ISO 8601 with an offset.
        event_id: Path of what tells this event from every other of the device for ever.
        stored: Path of a flag that the report was stored before sending.
    """

    topic: str
    says: list[Says]
    each: str = ""
    device: str = ""
    name: str = ""
    time: str = ""
    event_id: str = ""
    stored: str = ""


class Declaration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One make of hub.

    Attributes:
        name: Word for the registry: lower-case letters, digits and hyphens.
        title: What people call it.
        prefix: Topic prefix as the hub leaves the factory.
        reports: Kinds of message; the first whose topic fits reads.
    """

    name: str
    prefix: str
    reports: list[Report]
    title: str = ""


class NotADeclarationError(ValueError):
    """A declaration that makes no adapter; the message says why in one line, for people."""


_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\Z")
_LEVEL = re.compile(r"[^+#\x00]+\Z")


def adapter_of(declared: object) -> Adapter:
    """The adapter that a declaration describes.

    Args:
        declared: Plain values, as read from TOML or JSON.

    Raises:
        NotADeclarationError: A word that is unknown or missing, or a topic that cannot be one.
    """
    try:
        made = msgspec.convert(declared, Declaration)
    except msgspec.ValidationError as error:
        raise NotADeclarationError(str(error)) from None
    if not _NAME.match(made.name):
        raise NotADeclarationError(f"name {made.name!r}: lower-case letters, digits and hyphens")
    if not _LEVEL.match(made.prefix) or made.prefix.strip("/") != made.prefix:
        raise NotADeclarationError(f"prefix {made.prefix!r} is no topic")
    readers = [(_pattern(report.topic), report) for report in made.reports]
    return Adapter(
        name=made.name,
        title=made.title or made.name,
        default_prefix=made.prefix,
        decode=_decoder(readers),
        urgent=_urgency(readers),
    )


def _pattern(topic: str) -> re.Pattern[str]:
    parts = []
    for level in topic.split("/"):
        if level == "{device}":
            parts.append("(?P<device>[^/]+)" if "(?P<device>[^/]+)" not in parts else "[^/]+")
        else:
            parts.append({"+": "[^/]+", "#": ".*"}.get(level) or re.escape(level))
    return re.compile("/".join(parts))


_Readers = list[tuple[re.Pattern[str], Report]]


def _decoder(readers: _Readers) -> Callable[[Message, str, Known], list[AnySignal]]:
    def decode(message: Message, prefix: str, known: Known) -> list[AnySignal]:
        """Signals of a message whose topic was declared; others say nothing.

        Raises:
            Rejected: Not JSON.
        """
        del known
        rest = message.topic[len(prefix) + 1 :]
        for pattern, report in readers:
            found = pattern.fullmatch(rest)
            if found is not None:
                return _read(report, found.groupdict().get("device", ""), message)
        return []

    return decode


def _urgency(readers: _Readers) -> Callable[[str, bytes], bool]:
    """Topics whose reports can call: by declaration, because the values can only be told by reading them."""
    calls = {"panic", "fall", "smoke", "gas", "carbon_monoxide", "water_leak", "button"}
    urgent = [
        re.compile(f"(?:.*/)?{pattern.pattern}")
        for pattern, report in readers
        if any(says.kind in calls for says in report.says)
    ]
    return lambda topic, _payload: any(pattern.fullmatch(topic) for pattern in urgent)


def _read(report: Report, device: str, message: Message) -> list[AnySignal]:
    if not message.payload:
        return []
    body = read_object(_ANYTHING, message.payload)
    signals: list[AnySignal] = []
    for one in _reports(body, report.each):
        signals.extend(_one(report, device, one, body, message))
    return signals


def _reports(body: object, each: str) -> Iterator[object]:
    if not each:
        yield body
        return
    inner = _at(body, each)
    if not isinstance(inner, list):
        raise Rejected("no list where the declaration has one")
    yield from inner[:_MOST_REPORTS]


def _at(body: object, path: str) -> object:
    """The value at a path, or None."""
    for step in path.split("."):
        if isinstance(body, dict):
            body = body.get(step)
        elif isinstance(body, list) and step.isdecimal() and int(step[:6]) < len(body):
            body = body[int(step[:6])]
        else:
            return None
    return body


def _one(report: Report, device: str, body: object, whole_body: object, message: Message) -> list[AnySignal]:
    def find(path: str) -> object:
        """In the report itself, else in the message around it."""
        value = _at(body, path) if path else None
        return _at(whole_body, path) if value is None and path else value

    time = find(report.time)
    said: dict[str, Any] = {
        "device": _id(find(report.device)) or device,
        "name": text(find(report.name)),
        "arrived_at": message.arrived_at,
        "retained": message.retained,
        "device_time": device_time(time, message.arrived_at),
        "occurred_at": as_written(time),
        "event_id": _id(find(report.event_id)) or None,
        "buffered": find(report.stored) is True,
    }
    found: list[AnySignal] = []
    for says in report.says:
        if all(_equal(find(path), wanted) for path, wanted in says.only.items()):
            found.extend(_said(says, body, said, first=not found))
    return found or [Heartbeat(**said)]


def _id(value: object) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value, 128)


def _equal(value: object, wanted: object) -> bool:
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)


def _said(says: Says, body: object, said: dict[str, Any], *, first: bool) -> list[AnySignal]:
    value = _at(body, says.path)
    if value is None:
        return []
    if not first and said["event_id"] is not None:
        said = said | {"event_id": f"{said['event_id']}#{says.path}"}
    if says.kind in _FIGURES:
        return _figure(says, value, said)
    if says.kind == "location":
        return _place(says, body, said)
    if says.kind == "button":
        return _button(says, value, said)
    on = _on(says, value)
    if on is None:
        return []
    if says.kind == "availability":
        return [Availability(state="online" if on else "offline", **said)]
    if says.kind == "test":
        return [Test(**said)] if on else []
    if says.kind == "fault":
        return [Fault(code="device", **said)] if on else []
    return [LEVELS[says.kind](on, said)]


def _on(says: Says, value: object) -> bool | None:
    if any(_equal(value, one) for one in says.on):
        return True
    if any(_equal(value, one) for one in says.off):
        return False
    if says.on:
        return None if says.off else False
    return is_on(value)


_FIGURES = frozenset({"battery_percent", "battery_volts", "rssi_dbm", "lqi"})
_MOST_VOLTS = 20


def _figure(says: Says, value: object, said: dict[str, Any]) -> list[AnySignal]:
    """A figure that cannot be is left out."""
    figure = as_number(value)
    if figure is None:
        return []
    figure *= says.scale
    if says.kind == "battery_percent":
        return [] if percent_of(figure) is None else [Battery(percent=figure, **said)]
    if says.kind == "battery_volts":
        return [Battery(volts=figure, **said)] if 0 < figure < _MOST_VOLTS else []
    if says.kind == "rssi_dbm":
        return [Link(rssi_dbm=figure, **said)] if -200 < figure < 0 else []  # noqa: PLR2004
    lqi = whole(figure, 255)
    return [] if lqi is None else [Link(lqi=lqi, **said)]


def _place(says: Says, body: object, said: dict[str, Any]) -> list[AnySignal]:
    lat, lon = as_number(_at(body, says.path)), as_number(_at(body, says.longitude))
    if lat is None or lon is None:
        return []
    lat, lon = lat * says.scale, lon * says.scale
    return [Location(lat=lat, lon=lon, valid=valid_place(lat, lon), **said)]


def _button(says: Says, value: object, said: dict[str, Any]) -> list[AnySignal]:
    """An action of its own fires when the value is on; without one the value is the action."""
    if says.action:
        return [press(says.action, said)] if _on(says, value) else []
    word = str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value)
    listed = not says.on or any(_equal(value, one) for one in says.on)
    return [press(word, said)] if word and listed else []
