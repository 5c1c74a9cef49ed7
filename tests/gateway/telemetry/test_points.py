"""What a journal row becomes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from alerting.commands import Note
from alerting.events import AnyEvent, Commanded, SignalHeard
from device_adapters.signals import (
    SIGNAL_CLASSES,
    Alarm,
    AnySignal,
    Battery,
    Fault,
    Heartbeat,
    Location,
    Motion,
    Panic,
    Signal,
)
from gateway.store.tail import JournalRow
from gateway.telemetry.points import COMMON, ON_OFF, Point, points_of

PAPER = Path(__file__).resolve().parents[3] / "docs" / "telemetry.md"
AT = datetime(2026, 1, 5, 0, 0, 7, 123_456, tzinfo=UTC)
AT_NS = 1_767_571_207_123_456_000
OTHER_STATES = {"contact": {"state": "closed"}, "availability": {"state": "offline"}}
SAYABLE = {"state": "clear", "action": "single", "alarm_type": "gas", "code": "c", "lat": 30.0, "lon": 120.0}


def row(event: AnyEvent, *, seq: int = 1, judged: bool = True) -> JournalRow:
    body = msgspec.json.encode(event)
    return JournalRow(partition=3, seq=seq, key="a-1", at_ms=AT_NS // 1_000_000, judged=judged, event=body)


def one(signal: AnySignal) -> Point:
    (point,) = points_of(row(SignalHeard(device_id="d1", signal=signal)), lambda _: "kitchen")
    return point


def test_a_movement_becomes_a_point() -> None:
    point = one(Motion(state="detected", level=True, bridge="b1", arrived_at=AT))
    assert point.measurement == "motion"
    assert point.tags == {"household": "a-1", "device": "d1", "room": "kitchen", "bridge": "b1"}
    assert point.fields == {"active": 1.0, "level": 1.0}
    assert 0 <= point.time_ns - AT_NS < 1000


def test_the_time_is_the_arrival_never_the_device_s_own() -> None:
    point = one(Motion(state="clear", arrived_at=AT, device_time=datetime(1980, 1, 1, tzinfo=UTC), buffered=True))
    assert point.time_ns // 1000 == AT_NS // 1000
    assert point.fields == {"active": 0.0, "buffered": 1.0, "device_time_ms": 315_532_800_000.0}


@pytest.mark.parametrize("kind", SIGNAL_CLASSES, ids=lambda kind: kind.__name__)
def test_every_kind_has_a_number_and_is_the_same_point_again(kind: type[Signal]) -> None:
    said = SAYABLE | OTHER_STATES.get(_tag(kind), {})
    signal = msgspec.convert({"kind": _tag(kind), "arrived_at": AT} | said, AnySignal)
    first, again = one(signal), one(signal)
    assert first.measurement == _tag(kind)
    assert any(isinstance(value, float) for value in first.fields.values())
    assert first == again


def _tag(kind: type[Signal]) -> str:
    return str(kind.__struct_config__.tag)


def test_a_point_with_nothing_to_measure_can_be_counted() -> None:
    assert one(Heartbeat(arrived_at=AT)).fields == {"heard": 1.0}
    assert one(Fault(code="e7", arrived_at=AT)).fields == {"code": "e7", "heard": 1.0}


def test_two_signals_of_one_moment_are_two_points() -> None:
    smoke, gas = Alarm(alarm_type="smoke", arrived_at=AT), Alarm(alarm_type="gas", arrived_at=AT)
    together = points_of(row(SignalHeard(device_id="d1", signal=smoke, more=(gas,))), lambda _: "")
    later = points_of(row(SignalHeard(device_id="d1", signal=smoke), seq=2), lambda _: "")
    assert len({(p.measurement, p.time_ns) for p in [*together, *later]}) == 3


def test_a_device_s_words_are_fields_and_stay_on_one_line() -> None:
    point = one(Fault(code="x,y z=1", text="two\nlines\x00" + "long" * 100, arrived_at=AT))
    assert set(point.tags) == {"household", "device", "room"}
    text = point.fields["text"]
    assert isinstance(text, str)
    assert text.startswith("two lines long")
    assert len(text) == 200


def test_a_number_that_is_none_is_left_out() -> None:
    assert one(Battery(percent=None, low=False, arrived_at=AT)).fields == {"low": 0.0}
    assert one(Location(lat=30.5, lon=120.25, arrived_at=AT)).fields == {"lat": 30.5, "lon": 120.25, "valid": 1.0}


def test_a_call_from_a_device_without_a_home_makes_no_series_of_its_own() -> None:
    heard = SignalHeard(device_id="", signal=Panic(device="0xbeef", bridge="b1", arrived_at=AT))
    (point,) = points_of(row(heard), lambda _: "")
    assert point.tags == {"bridge": "b1"}
    assert point.fields == {"active": 1.0, "device": "0xbeef"}


def test_what_was_not_judged_and_what_is_no_signal_is_no_point() -> None:
    heard = SignalHeard(device_id="d1", signal=Motion(state="detected", arrived_at=AT))
    assert points_of(row(heard, judged=False), lambda _: "") == []
    assert points_of(row(Commanded(command=Note(key="a-1", incident="a-1-1", text="x"))), lambda _: "") == []


def test_the_paper_names_every_field_of_every_measurement() -> None:
    told = {}
    for line in PAPER.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            measurement, fields = (cell.strip() for cell in line.strip("|").split("|"))
            told[measurement.strip("`")] = set(re.findall(r"`(\w+)`", fields))
    for kind in SIGNAL_CLASSES:
        own = set(kind.__struct_fields__) - COMMON - {"names"}
        if _two_sided(msgspec.inspect.type_info(kind)):
            own = own - {"state"} | {"active"}
        assert told[_tag(kind)] == own, kind
    assert set(told) == {_tag(kind) for kind in SIGNAL_CLASSES}


def _two_sided(info: object) -> bool:
    """Whether ``state`` can only be one of two words."""
    assert isinstance(info, msgspec.inspect.StructType)
    states = [field.type for field in info.fields if field.name == "state"]
    return any(isinstance(it, msgspec.inspect.LiteralType) and set(it.values) <= set(ON_OFF) for it in states)
