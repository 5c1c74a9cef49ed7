"""docs/protocol.md says what the code does: its schemas, its examples and its numbers."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_adapters import own_protocol
from device_adapters.adapter import NOTHING_KNOWN, Message, Rejected
from device_adapters.catalogue import decode
from device_adapters.own_messages import EventBody, OnlineBody, StatusBody
from device_adapters.own_protocol import CALLS_FOR_HELP, KINDS, STATES
from device_adapters.signals import Fault
from tests.device_adapters.reading import NOW, read

PAPER = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```json (schema|topic)=(\S+)\n(.*?)```", PAPER, re.DOTALL)
SCHEMAS = {name: json.loads(body) for what, name, body in BLOCKS if what == "schema"}
EXAMPLES = [(topic, json.loads(body)) for what, topic, body in BLOCKS if what == "topic"]

JSON_TYPES = {
    "object": dict,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def keeps(schema: dict[str, Any], value: Any) -> bool:
    """Whether a value keeps a schema: the part of JSON Schema that the paper uses."""
    types = schema.get("type", [])
    names = [types] if isinstance(types, str) else types
    is_flag = isinstance(value, bool)
    if names and not any(isinstance(value, JSON_TYPES[n]) and (not is_flag or n == "boolean") for n in names):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "const" in schema and value != schema["const"]:
        return False
    if isinstance(value, str):
        long_enough = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**9)
        return long_enough and re.search(schema.get("pattern", "").replace("$", r"\Z"), value) is not None
    if isinstance(value, (int, float)) and not is_flag:
        return schema.get("minimum", value) <= value <= schema.get("maximum", value)
    if isinstance(value, dict):
        if not set(schema.get("required", ())) <= set(value):
            return False
        if not all(keeps(inner, value[name]) for name, inner in schema.get("properties", {}).items() if name in value):
            return False
        return all(not keeps(one["if"], value) or keeps(one["then"], value) for one in schema.get("allOf", ()))
    return True


def test_the_paper_has_a_schema_for_each_message() -> None:
    assert set(SCHEMAS) == {"event", "status", "online", "receipt", "prompt"}
    for name, body in (("event", EventBody), ("status", StatusBody), ("online", OnlineBody)):
        assert set(SCHEMAS[name]["properties"]) == set(body.__struct_fields__)


def test_the_paper_names_every_kind_and_state() -> None:
    assert SCHEMAS["event"]["properties"]["kind"]["enum"] == list(KINDS)
    table = dict(re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| ((?:`\w+`(?:, )?)+|–) \| ", PAPER, re.MULTILINE))
    states = {
        kind: tuple(re.findall(r"\w+", said)) for kinds, said in table.items() for kind in re.findall(r"\w+", kinds)
    }
    assert {kind: states[kind] for kind in KINDS if states[kind]} == STATES
    assert f"`{'`, `'.join(CALLS_FOR_HELP[:-1])}` or `{CALLS_FOR_HELP[-1]}`" in PAPER


@pytest.mark.parametrize(("topic", "body"), EXAMPLES)
def test_every_example_keeps_its_schema_and_is_read(topic: str, body: dict[str, Any]) -> None:
    name = topic.rsplit("/", 1)[1]
    assert keeps(SCHEMAS[name], body)
    payload = msgspec.json.encode(body)
    if "/down/" in topic:
        read_by_device = own_protocol.decode_receipt if name == "receipt" else own_protocol.decode_prompt
        assert read_by_device(topic, payload).id == body["id"]
        return
    signals = decode(Message(topic, payload, NOW), own_protocol.ADAPTER, "nuanhu/1/hub-07", NOTHING_KNOWN)
    assert signals
    assert not any(isinstance(signal, Fault) for signal in signals)


def test_what_we_send_keeps_the_schemas() -> None:
    at = datetime(2026, 1, 5, 8, tzinfo=UTC)
    sent = [
        own_protocol.encode_event("p", "d", event_id="e", boot="b", seq=0, kind="well", at=at, button=2, rssi_dbm=-60),
        own_protocol.encode_event("p", "d", event_id="e", boot="b", seq=0, kind="fault", code="relay"),
        own_protocol.encode_status("p", "d", boot="b", seq=1, battery_mv=2900, firmware="1"),
        own_protocol.encode_online("p", online=False),
        own_protocol.encode_receipt("p", "d", "e", at),
        own_protocol.encode_prompt("p", "d", "q", at),
    ]
    for topic, payload in sent:
        assert keeps(SCHEMAS[topic.rsplit("/", 1)[1]], json.loads(payload)), topic


ODD = st.sampled_from([None, True, -1, 0, 7, 3.5, 101, 70_000, "", "a b", "x" * 65, "clear", "press", "open", [], {}])
EVENTS = st.fixed_dictionaries(
    {
        "id": st.just("e-1"),
        "boot": st.just("b"),
        "seq": st.integers(0, 9),
        "at": st.none(),
        "kind": st.sampled_from([kind for kind in KINDS if kind not in CALLS_FOR_HELP]),
    },
    optional={
        "state": st.sampled_from(sorted({state for states in STATES.values() for state in states})),
        "buffered": st.booleans(),
        "button": st.integers(0, 66),
        "code": st.text(max_size=3),
        "battery_percent": st.floats(-1, 101),
        "battery_mv": st.integers(-1, 70_000),
        "rssi_dbm": st.floats(-210, 40),
    },
)
STATELESS = [kind for kind in KINDS if kind not in STATES]


@settings(max_examples=400, deadline=None)
@given(
    event=EVENTS, field=st.sampled_from(sorted(EventBody.__struct_fields__)), odd=st.none() | ODD, change=st.booleans()
)
def test_the_gateway_reads_what_keeps_the_schema_and_refuses_what_does_not(
    event: dict[str, Any], field: str, odd: Any, change: bool
) -> None:
    if change:
        event = {**event, field: odd}
    # An absent optional field and null are the same to the gateway; a state of a kind without one is ignored.
    said = {name: value for name, value in event.items() if value is not None or name in {"id", "boot", "seq", "kind"}}
    keeping = keeps(SCHEMAS["event"], {"at": None, **said})
    if said.get("kind") in CALLS_FOR_HELP:
        return
    try:
        read("nuanhu", "up/S1/event", event)
        taken = True
    except Rejected:
        taken = False
    assert taken == keeping, event
