"""A hub that is configured, not programmed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_adapters import catalogue
from device_adapters.adapter import NOTHING_KNOWN, DeviceHint, Known, Message, Rejected
from device_adapters.bridges.declared_json import NotADeclarationError, adapter_of
from device_adapters.signals import SIGNAL_CLASSES, Battery, Button, Contact, Link, Location, Motion, Panic
from tests.device_adapters.reading import NOW, kinds

MEADOW: dict[str, Any] = {
    "name": "meadow",
    "title": "Meadow hub",
    "prefix": "meadow",
    "reports": [
        {
            "topic": "+/{device}/event",
            "time": "at",
            "event_id": "n",
            "stored": "late",
            "says": [
                {"kind": "panic", "path": "what", "on": ["help"], "only": {"type": "cord"}},
                {"kind": "contact", "path": "what", "on": ["opened"], "off": ["closed"], "only": {"type": "door"}},
                {"kind": "battery_volts", "path": "cell.mv", "scale": 0.001},
                {"kind": "rssi_dbm", "path": "radio.0.rssi"},
            ],
        },
        {
            "topic": "batch",
            "each": "readings",
            "device": "id",
            "name": "label",
            "says": [
                {"kind": "motion", "path": "seen"},
                {"kind": "button", "path": "key"},
                {"kind": "location", "path": "lat", "longitude": "lon"},
                {"kind": "battery_percent", "path": "battery"},
            ],
        },
    ],
}


def read(topic: str, body: Any, known: Known = NOTHING_KNOWN, declared: Any = None) -> list[Any]:
    adapter = adapter_of(MEADOW if declared is None else declared)
    message = Message(f"meadow/{topic}", msgspec.json.encode(body), NOW)
    return catalogue.decode(message, adapter, "meadow", known)


def test_an_event_is_read_where_the_declaration_says() -> None:
    body = {"type": "cord", "what": "help", "at": "2026-01-05T07:59:00Z", "n": 7, "late": True, "cell": {"mv": 2950},
            "radio": [{"rssi": -71}]}  # fmt: skip
    call, cell, link = read("home-4/cord-1/event", body)
    assert isinstance(call, Panic)
    assert (call.device, call.event_id, call.buffered, call.state) == ("cord-1", "7", True, "active")
    assert call.device_time is not None
    assert isinstance(cell, Battery)
    assert cell.volts == pytest.approx(2.95)
    assert isinstance(link, Link)
    assert len({call.event_id, cell.event_id, link.event_id}) == 3


def test_a_value_counts_only_in_the_reports_it_is_declared_for() -> None:
    [door] = read("h/d/event", {"type": "door", "what": "opened"})
    assert door == Contact(state="open", level=True, device="d", arrived_at=NOW)
    assert kinds(read("h/d/event", {"type": "door", "what": "help"})) == ["heartbeat"]


def test_a_list_is_read_one_by_one() -> None:
    body = {
        "readings": [{"id": 5, "seen": 1, "label": "hall"}, {"id": "k", "key": "double"}, {"id": "x", "key": "sos"}]
    }
    seen, pressed, call = read("batch", body)
    assert (type(seen), seen.device, seen.name) == (Motion, "5", "hall")
    assert (type(pressed), pressed.action) == (Button, "double")
    assert isinstance(call, Panic)
    with pytest.raises(Rejected, match="no list"):
        read("batch", {"readings": 5})


def test_absurd_values_are_left_out_and_the_rest_is_read() -> None:
    body = {"readings": [{"id": "t", "lat": 202.5, "lon": 9, "battery": 255, "seen": True}]}
    seen, place = read("batch", body)
    assert isinstance(seen, Motion)
    assert isinstance(place, Location)
    assert not place.valid


def test_the_registry_s_role_counts_here_too() -> None:
    known = Known(devices={"k": DeviceHint(role="panic")})
    assert isinstance(read("batch", {"readings": [{"id": "k", "key": "single"}]}, known)[0], Panic)


def test_other_topics_say_nothing() -> None:
    assert read("other", {"what": "help"}) == []


def test_only_reports_that_can_call_overtake() -> None:
    adapter = adapter_of({**MEADOW, "reports": [MEADOW["reports"][0], {"topic": "t", "says": []}]})
    assert adapter.urgent("meadow/h/d/event", b"{}")
    assert not adapter.urgent("meadow/t", b"{}")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "Big Name"}, "lower-case"),
        ({"prefix": "a/#"}, "no topic"),
        ({"prefix": "/a"}, "no topic"),
        ({"reports": [{"topic": "x", "says": [{"kind": "weather", "path": "a"}]}]}, "weather"),
        ({"reports": [{"topic": "x", "says": [], "typo": 1}]}, "typo"),
        ({"reports": [{"says": []}]}, "topic"),
    ],
)
def test_a_wrong_declaration_is_refused_in_one_line(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotADeclarationError, match=reason) as refused:
        adapter_of(MEADOW | change)
    assert "\n" not in str(refused.value)


@pytest.fixture
def adopted() -> Iterator[None]:
    catalogue.adopt([MEADOW])
    yield
    del catalogue.ADAPTERS["meadow"]


@pytest.mark.usefixtures("adopted")
def test_an_adopted_make_is_one_like_every_other() -> None:
    found = catalogue.adapter_for_topic("meadow/h/d/event")
    assert found is not None
    assert found[0] is catalogue.ADAPTERS["meadow"]
    catalogue.adopt([MEADOW | {"title": "anew"}])
    assert catalogue.ADAPTERS["meadow"].title == "anew"


@pytest.mark.parametrize("change", [{"name": "zigbee2mqtt"}, {"prefix": "zigbee2mqtt"}])
def test_a_make_of_ours_cannot_be_taken_over(change: dict[str, str]) -> None:
    with pytest.raises(NotADeclarationError, match="belongs to another make"):
        catalogue.adopt([MEADOW | change])


LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6)
BODIES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "what", "cell", "mv", "radio", "readings", "id", "seen", "key", "lat", "lon", "n", "at"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=14,
)


@settings(max_examples=800, deadline=None)
@given(body=BODIES, topic=st.sampled_from(["h/d/event", "batch"]))
def test_whatever_is_in_a_report_it_is_read_or_refused(body: Any, topic: str) -> None:
    try:
        signals = read(topic, body)
    except Rejected as refused:
        signals, reason = [], str(refused)
    else:
        reason = ""
    assert "cannot read it" not in reason
    assert all(type(signal) in SIGNAL_CLASSES for signal in signals)
