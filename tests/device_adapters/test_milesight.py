"""Milesight frames: each model's channels, stored readings, and frames that end in the unknown."""

from __future__ import annotations

import pytest

from device_adapters.adapter import Rejected
from device_adapters.codecs import CODECS, find_codec, find_codec_in
from device_adapters.codecs.frames import HIDDEN_CALL, unread
from device_adapters.signals import (
    Alarm,
    AnySignal,
    Battery,
    Button,
    Contact,
    DeviceInfo,
    Fall,
    Location,
    Motion,
    Movement,
    Presence,
    Tamper,
)
from tests.device_adapters.reading import kinds


def frame(model: str, *parts: str) -> list[AnySignal]:
    codec = find_codec("Milesight", model)
    assert codec is not None
    return codec.decode(85, bytes.fromhex("".join(parts)))


SEEN = Motion(state="detected", level=True)
STILL = Motion(state="clear", level=True)


@pytest.mark.parametrize(
    ("model", "parts", "signals"),
    [
        ("WS202", ("01 75 5A", "03 00 01", "04 00 01"), [Battery(percent=90), SEEN]),
        ("WS202", ("03 00 00",), [STILL]),
        ("WS202", ("03 00 FE",), []),
        ("WS203", ("03 67 0A 01", "04 68 5A", "05 00 01"), [SEEN]),
        ("WS203", ("83 67 0A 01 01", "05 00 00"), [STILL]),
        ("WS101", ("FF 2E 01",), [Button(action="short")]),
        ("WS101", ("FF 2E 02",), [Button(action="long")]),
        ("WS101", ("FF 2E 03",), [Button(action="double")]),
        ("WS101", ("FF 2E 07",), [Button(action="press_7")]),
        ("WS136", ("FF 34 02 00 01",), [Button(action="short", button=2)]),
        ("WS156", ("FF 34 06 03 02", "FF 34 01 03 03"),
         [Button(action="double", button=6), Button(action="long", button=1)]),
        ("WS301", ("03 00 01", "04 00 00"), [Contact(state="open", level=True), Tamper(state="clear")]),
        ("WS301", ("03 00 00", "04 00 01"),
         [Contact(state="closed", level=True), Tamper(state="active", subtype="removed")]),
        ("EM300-MCS", ("06 00 00", "03 67 0A 01"), [Contact(state="closed", level=True)]),
        ("VS330", ("02 82 10 00", "03 8E 00"), [Presence(state="clear")]),
        ("VS340", ("03 00 01",), [Presence(state="detected")]),
        ("VS341", ("03 00 00",), [Presence(state="clear")]),
        ("VS370", ("04 00 FE", "03 00 01"), [Presence(state="detected")]),
        ("VS373", ("03 F8 01 00 00 00 00 00",), [Presence(state="clear", subtype="vacant")]),
        ("VS373", ("03 F8 02 01 0A 00 0F 00",), [Presence(state="detected", subtype="in_bed")]),
        ("VS373", ("03 F8 04 00 0A 00 0F 00",), [Fall(level=True), Presence(state="detected", subtype="fall")]),
        ("VS373", ("03 F8 09 00 0A 00 0F 00",), [HIDDEN_CALL, unread(bytes.fromhex("09000A000F00"))]),
        ("VS373", ("04 F9 00 01 00 01", "05 FA" + "00" * 8), []),
        ("VS373", ("06 FB 01 00 01 00 FF",), [Alarm(alarm_type="motionless", state="active")]),
        ("VS373", ("06 FB 01 00 03 01 02",), [Alarm(alarm_type="out_of_bed", state="clear")]),
        ("VS373", ("06 FB 01 00 05 00 FF",), []),
        ("VS373", ("06 FB 01 00 00 01 FF",), [Fall(subtype="radar")]),
        ("VS373", ("06 FB 01 00 00 00 FF",), [Fall(subtype="radar")]),
        ("VS373", ("06 FB 01 00 00 03 FF",), []),
        ("AT101", ("07 00 01",), [Tamper(state="active", subtype="removed")]),
        ("GS601", ("00 50", "0F 01", "12 01"),
         [Battery(percent=80), Tamper(state="active"), Presence(state="detected")]),
        ("WS101", ("FF 0B FF", "FF 01 01", "FF 16" + "11" * 8, "FF 09 03 10", "FF 0A 01 14", "FF 0F 00"),
         [DeviceInfo(code="power_on"), DeviceInfo(firmware="1.20")]),
        ("WS101", ("01 75 FF",), []),
    ],
)  # fmt: skip
def test_each_channel_says_what_the_maker_s_table_says(model: str, parts: tuple[str, ...], signals: object) -> None:
    assert frame(model, *parts) == signals


def test_stored_readings_are_marked_with_their_own_time() -> None:
    stored = {"buffered": True, "occurred_at": 0x6964A0F0}
    assert frame("EM300-MCS", "20 CE F0A06469 1001 5D 01") == [Contact(state="open", level=True, **stored)]
    assert frame("WS203", "20 CE F0A06469 03 01 3401 65", "20 CE F0A06469 04 00 2401 65") == [
        Motion(state="detected", level=True, **stored),
        Motion(state="clear", level=True, periodic=True, **stored),
    ]
    assert frame("VS373", "20 CE F0A06469 0100 00 01 FF", "20 CE F0A06469 0200 02 00 FF") == [
        Fall(subtype="radar", **stored),
        Alarm(alarm_type="dwell", **stored),
    ]
    [place] = frame("AT101", "20 CE F0A06469", (119_900_000).to_bytes(4, "little").hex(),
                    (31_500_000).to_bytes(4, "little").hex(), "00" * 6)  # fmt: skip
    assert place == Location(lat=31.5, lon=119.9, source="gnss", **stored)


@pytest.mark.parametrize(("lat", "lon", "valid"), [(31.5, 119.9, True), (101.0, 119.9, False), (0.0, 0.0, False)])
def test_a_tracker_s_place_is_checked(lat: float, lon: float, valid: bool) -> None:
    fix = b"".join(int(part * 1e6).to_bytes(4, "little", signed=True) for part in (lat, lon)).hex()
    [place, moved] = frame("AT101", "04 88", fix, "21")
    assert place == Location(lat=lat, lon=lon, valid=valid, source="gnss")
    assert moved == Movement(state="start")
    assert len(frame("AT101", "04 88", fix, "22")) == 1


def test_an_unknown_channel_ends_the_frame_and_what_was_read_stands() -> None:
    rest = unread(bytes.fromhex("777701030000"))
    assert frame("WS202", "01 75 5A", "03 00 01", "77 77 01", "03 00 00") == [Battery(percent=90), SEEN, rest]
    assert frame("WS202", "03 00 01", "01 75") == [SEEN, unread(b"\x01\x75")]
    assert frame("WS202", "03 00 01", "01") == [SEEN, unread(b"\x01")]


@pytest.mark.parametrize("start", ["77 77 01", "03 00", "03"])
def test_a_frame_that_begins_in_the_unknown_is_refused(start: str) -> None:
    with pytest.raises(Rejected, match="at the start of the frame"):
        frame("WS202", start)
    with pytest.raises(Rejected, match="at the start of the frame"):
        frame("GS601", "EE")


def test_a_press_behind_an_unknown_start_is_found_and_a_frame_without_one_is_refused() -> None:
    assert kinds(frame("WS101", "77 77 01", "FF 2E 01")) == ["button", "fault"]
    assert kinds(frame("WS101", "01 75 5A", "FF 2E")) == ["battery", "alarm", "fault"], "a press may be cut off"
    assert kinds(frame("WS101", "01 75 5A", "FF 77 01")) == ["battery", "fault"], "FF is the maker's own channel"
    with pytest.raises(Rejected, match="at the start of the frame"):
        frame("WS101", "77 77 01")


def test_every_byte_string_is_read_or_refused() -> None:
    for codec in CODECS:
        for first in range(256):
            for second in range(0, 256, 5):
                try:
                    codec.decode(85, bytes((first, second)) + bytes(range(24)))
                except Rejected:
                    continue


def test_models_are_found_by_vendor_and_name_and_in_free_text() -> None:
    assert find_codec("milesight", " ws101 ") is find_codec("", "WS101") is find_codec_in("Knopf (WS101, EU868)")
    assert find_codec("MClimate", "WS101") is None
    assert find_codec_in("EM300-MCS-915M") is find_codec("Milesight", "EM300-MCS")
    assert find_codec("", "") is None
