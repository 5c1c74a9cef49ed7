"""``nuanhu decode``: both forms of input, one answer a line, whatever the lines are."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from device_adapters.catalogue import ADAPTERS
from nuanhu.decode import run
from nuanhu.errors import UsageError
from nuanhu.makes import adopt_declared


def ask(*lines: str | bytes | dict[str, Any]) -> list[dict[str, Any]]:
    raw = b"\n".join(
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    )
    stdin = io.TextIOWrapper(io.BytesIO(raw), encoding="ascii")
    out = io.BytesIO()
    stdout = io.TextIOWrapper(out, encoding="ascii")
    assert run(stdin, stdout) == 0
    return [json.loads(line) for line in out.getvalue().decode().splitlines()]


SOS = {"topic": "zigbee2mqtt/床头", "payload": '{"action":"emergency"}'}


def test_a_message_as_text_as_an_object_and_in_hexadecimal() -> None:
    forms = (
        {"payload": '{"action":"emergency"}'},
        {"payload": {"action": "emergency"}},
        {"payload_hex": b'{"action":"emergency"}'.hex()},
    )
    for form in forms:
        assert ask({"topic": "zigbee2mqtt/床头", **form}) == [
            {"signals": [{"kind": "panic", "name": "床头", "state": "active", "subtype": "emergency"}]}
        ]


def test_received_at_and_retained_are_printed_when_given() -> None:
    [answer] = ask({**SOS, "received_at": "2026-01-05T16:00:00+08:00", "retained": True})
    [panic] = answer["signals"]
    assert (panic["kind"], panic["retained"], panic["arrived_at"]) == ("panic", True, "2026-01-05T08:00:00Z")


def test_a_device_s_time_is_judged_by_the_arrival() -> None:
    body = {"topic": "zigbee2mqtt/a", "payload": {"contact": True, "last_seen": "2026-01-05T07:00:00Z"}}
    near, far = ask(
        {**body, "received_at": "2026-01-05T08:00:00Z"},
        {**body, "received_at": "2026-01-02T08:00:00Z"},
    )
    assert near["signals"][0]["device_time"] == "2026-01-05T07:00:00Z"
    assert "device_time" not in far["signals"][0]
    assert far["signals"][0]["occurred_at"] == "2026-01-05T07:00:00Z"


def test_false_and_zero_are_said_and_flags_only_when_true() -> None:
    [answer] = ask({"topic": "zigbee2mqtt/a", "payload": {"battery_low": False, "battery": 0, "occupancy": False}})
    assert answer["signals"] == [
        {"kind": "motion", "name": "a", "state": "clear", "level": True},
        {"kind": "battery", "name": "a", "percent": 0},
        {"kind": "battery", "name": "a", "low": False},
    ]


def test_a_frame_alone() -> None:
    frame = {"family": "lorawan-codec", "vendor": "Milesight", "model": "WS101"}
    pressed = {**frame, "input": {"encoding": "hex", "f_port": 85, "data": "ff2e01"}}
    assert ask(pressed) == [{"signals": [{"kind": "button", "action": "short"}]}]
    role = {**pressed, "device": {"vendor": "Milesight", "model": "WS101", "role": "panic"}}
    assert ask(role)[0]["signals"][0]["kind"] == "panic"
    assert ask({**frame, "input": {"data": "ff0f00"}}) == [{"signals": [{"kind": "heartbeat"}]}]
    assert ask({**frame, "vendor": "Nobody", "input": {"data": ""}})[0]["rejected"] == "no codec for Nobody WS101"
    assert ask({**frame, "input": {"data": "zz"}})[0]["rejected"] == "not hexadecimal"


def test_a_stored_reading_is_buffered_and_historical_with_the_time_as_written() -> None:
    line = {
        "family": "lorawan-codec",
        "vendor": "Milesight",
        "model": "EM300-MCS",
        "input": {"data": "20ce78685b6910015d01"},
    }
    [contact] = ask({**line, "received_at": "2026-01-06T00:00:00Z"})[0]["signals"]
    assert contact["buffered"] is contact["historical"] is True
    assert contact["occurred_at"] == 0x695B6878
    assert contact["device_time"] == "2026-01-05T07:30:00Z"


def test_provisioning_makes_any_make_s_button_a_panic() -> None:
    line = {"topic": "zigbee2mqtt/x", "payload": {"action": "single"}}
    kinds = [
        answer["signals"][0]["kind"]
        for answer in ask(line, {**line, "device": {"role": "panic"}}, {**line, "device": {"model": "TS0601_sos"}})
    ]
    assert kinds == ["button", "panic", "panic"]


def test_a_key_registered_as_a_portable_alarm_calls_whatever_its_make() -> None:
    lines = (
        {"topic": "zigbee2mqtt/x", "payload": {"action": "single"}},
        {"topic": "shellies/shellybutton1-a1/input_event/0", "payload": {"event": "S", "event_cnt": 3}},
        {"topic": "ble/gw", "payload": {"id": "C0:00:00:00:00:01", "servicedatauuid": "fcd2", "servicedata": "443a01"}},
        {"family": "lorawan-codec", "vendor": "Milesight", "model": "WS101", "input": {"f_port": 85, "data": "ff2e01"}},
    )
    answers = ask(*({**line, "device": {"role": "pendant", "vendor": line.get("vendor", "")}} for line in lines))
    assert [answer["signals"][0]["kind"] for answer in answers] == ["panic"] * 4


def test_our_own_protocol_is_decoded_too() -> None:
    event = {"id": "e", "boot": "b", "seq": 0, "at": None, "kind": "panic"}
    [answer] = ask({"topic": "nuanhu/1/hub/up/S/event", "payload": event})
    assert answer["signals"] == [
        {"kind": "panic", "device": "S", "event_id": "e", "boot": "b", "seq": 0, "state": "active"}
    ]


BAD = [
    b"",
    b"not json",
    b"\xff\xfe",
    b"[1]",
    b'{"topic": 5, "payload": ""}',
    b'{"payload": "x"}',
    b'{"topic": "zigbee2mqtt/a"}',
    b'{"topic": "tele/a/STATE", "payload": "x"}',
    b'{"topic": "zigbee2mqtt/a", "payload": "\\ud800"}',
    b'{"topic": "zigbee2mqtt/a", "payload_hex": "xyz"}',
    b'{"topic": "zigbee2mqtt/a", "payload": {}, "received_at": "soon"}',
    b'{"topic": "zigbee2mqtt/a", "payload": {}, "received_at": "2026-01-05T08:00:00"}',
    b'{"topic": "zigbee2mqtt/a", "payload": ' + b"[" * 90_000 + b"]" * 90_000 + b"}",
    b'{"family": "zigbee2mqtt", "input": {}}',
    b'{"family": "tarot", "input": {"data": "00"}}',
    b'{"family": "lorawan-codec", "vendor": "Milesight", "model": "WS101", "input": 7}',
]


def test_a_bad_line_is_answered_and_never_stops_the_next() -> None:
    lines = [line for bad in BAD for line in (bad, json.dumps(SOS).encode())]
    answers = ask(*lines)
    assert len(answers) == len(lines)
    for bad, answer, good in zip(BAD, answers[::2], answers[1::2], strict=True):
        assert answer["signals"] == [], bad
        assert answer["rejected"], bad
        assert good["signals"][0]["kind"] == "panic"
    assert answers[-4]["rejected"] == "no adapter for family tarot"


def test_the_same_line_twice_is_answered_twice() -> None:
    first, second = ask(SOS, SOS)
    assert first == second


def test_text_streams_without_bytes_behind_them_will_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(io.StringIO(json.dumps(SOS) + "\n"), sys.stdout) == 0
    assert json.loads(capsys.readouterr().out)["signals"][0]["kind"] == "panic"


MEADOW = """
[[make]]
name = "meadow"
title = "Meadow hub"
prefix = "meadow"
[[make.reports]]
topic = "{device}"
says = [{ kind = "panic", path = "help" }]
"""


@pytest.fixture
def _makes_as_before() -> Iterator[None]:
    before = dict(ADAPTERS)
    yield
    ADAPTERS.clear()
    ADAPTERS.update(before)


@pytest.mark.usefixtures("_makes_as_before")
def test_a_declared_make_is_decoded_too(tmp_path: Path) -> None:
    line = {"topic": "meadow/cord-1", "payload": {"help": True}}
    assert ask(line)[0]["signals"] == []
    file = tmp_path / "makes.toml"
    file.write_text(MEADOW, encoding="utf-8")
    assert adopt_declared(file) == 1
    assert ask(line)[0]["signals"][0]["kind"] == "panic"
    assert adopt_declared(file) == 1  # read anew


@pytest.mark.usefixtures("_makes_as_before")
@pytest.mark.parametrize(
    "text",
    [
        "[[make]",
        "make = 5",
        '[[make]]\nname = "m"',
        MEADOW.replace("panic", "dance"),
        MEADOW.replace('"meadow"', '"shelly"'),
    ],
    ids=["no TOML", "a number", "half a make", "an unknown kind", "a name of ours"],
)
def test_a_wrong_declaration_is_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "makes.toml"
    with pytest.raises(UsageError, match="No such file"):
        adopt_declared(file)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as wrong:
        adopt_declared(file)
    assert "\n" not in str(wrong.value)
    assert str(wrong.value).startswith(str(file))
