"""Radio frames of every make: captured samples with exactly what they say, and frames that nobody meant to send."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_adapters.adapter import Rejected
from device_adapters.codecs import CODECS, find_codec, find_codec_in
from device_adapters.codecs.frames import HIDDEN_CALL, Codec
from device_adapters.signals import SIGNAL_CLASSES, AnySignal, Battery, Fault, Location, Panic, kind_of

FILES = sorted((Path(__file__).parent / "samples" / "codecs").glob("*.json"))
SAMPLES = [(file.stem, sample) for file in FILES for sample in json.loads(file.read_text(encoding="utf-8"))]
OF_THE_EQUIPMENT = {"device_info", "heartbeat"}
UNREAD = ({"kind": "alarm", "alarm_type": "unread"},)


def codec_of(sample: dict[str, Any]) -> Codec:
    codec = find_codec(sample["vendor"], sample["model"])
    assert codec is not None, f"no codec for {sample['vendor']} {sample['model']}"
    return codec


@pytest.mark.parametrize("sample", [pytest.param(s, id=f"{s['model']}: {s['title']}") for _, s in SAMPLES])
def test_a_captured_frame_says_exactly_this(sample: dict[str, Any]) -> None:
    said = codec_of(sample).decode(sample["f_port"], bytes.fromhex(sample["frame"]))
    assert said == msgspec.convert(sample["signals"], list[AnySignal])


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: f"{codec.vendor} {codec.model}")
def test_every_codec_has_samples_that_show_what_it_says(codec: Codec) -> None:
    samples = [sample for _, sample in SAMPLES if codec_of(sample) is codec]
    signals = [signal for sample in samples for signal in sample["signals"]]
    shown = {it["kind"] for it in signals if it not in UNREAD and it.get("code") != "unread"} - OF_THE_EQUIPMENT
    assert shown == set(codec.says)
    calls = {"panic", "fall", "alarm", "button"} & set(codec.says)
    assert codec.urgent >= bool(calls), "what may ring overtakes"


def test_models_are_found_by_the_names_that_people_give_them() -> None:
    assert find_codec("Milesight IoT", "ws101") is find_codec_in("WS101") is find_codec("", "WS101")
    assert find_codec("Digital Matter", "Oyster3/Yabby3") is find_codec_in("Yabby3 (EU868)")
    assert find_codec("MOKO", "LW001-BG PRO") is not find_codec("MOKO", "LW004-PB")
    assert find_codec("Abeeway", "Asset Tracker 2 (Micro/Compact/Smart Badge)") is find_codec_in("Smart Badge")
    assert find_codec("Abeeway", "Asset Tracker 3") is not find_codec("Abeeway", "Asset Tracker 2")
    assert find_codec("Netvox", "R999Z") is find_codec_in("Netvox R999Z"), "the frame says what it is"
    assert find_codec("Watteco", "MoveO") is not find_codec("Watteco", "Sense'O")
    assert find_codec("Netvox", "WS101") is find_codec("Netvox", "R312A"), "another maker's model is not meant"
    assert find_codec("Nobody", "X1") is find_codec("", "") is find_codec_in("default profile") is None


FRAMES = st.binary(max_size=60)


def _mutated(sample: dict[str, Any]) -> st.SearchStrategy[tuple[Codec, int, bytes]]:
    """A captured frame with bytes changed, cut off or added."""
    frame = bytes.fromhex(sample["frame"])
    change = st.tuples(st.integers(0, max(len(frame) - 1, 0)), st.integers(0, 255))

    def change_all(changes: list[tuple[int, int]], cut: int, more: bytes) -> tuple[Codec, int, bytes]:
        changed = bytearray(frame)
        for at, value in changes:
            changed[at] = value
        return codec_of(sample), sample["f_port"], bytes(changed[:cut]) + more

    return st.builds(
        change_all, st.lists(change, max_size=4), st.integers(0, len(frame)), st.just(b"") | st.binary(max_size=8)
    )


ANYTHING = st.tuples(st.sampled_from(CODECS), st.integers(0, 255), FRAMES)
CORPUS = st.sampled_from([sample for _, sample in SAMPLES]).flatmap(_mutated)


@settings(max_examples=3_000, deadline=None)
@given(asked=ANYTHING | CORPUS)
def test_every_frame_is_read_or_refused_and_absurd_values_are_left_out(asked: tuple[Codec, int, bytes]) -> None:
    codec, f_port, frame = asked
    with contextlib.suppress(Rejected):
        for signal in codec.decode(f_port, frame):
            assert type(signal) in SIGNAL_CLASSES
            unread = signal == HIDDEN_CALL or (isinstance(signal, Fault) and signal.code == "unread")
            assert unread or kind_of(signal) in {*codec.says, *OF_THE_EQUIPMENT}
            if isinstance(signal, Location) and signal.valid:
                assert abs(signal.lat) <= 90
                assert abs(signal.lon) <= 180
            if isinstance(signal, Battery) and signal.percent is not None:
                assert 0 <= signal.percent <= 100


@pytest.mark.parametrize("model", ["Asset Tracker 2", "Asset Tracker 3"])
def test_a_cut_off_frame_that_carries_a_call_rings(model: str) -> None:
    """A place of which only the head arrived, with the flag of the call."""
    codec = find_codec("Abeeway", model)
    assert codec is not None
    head = {"Asset Tracker 2": "0e30558a40", "Asset Tracker 3": "505012000a"}[model]
    without = {"Asset Tracker 2": "0e20558a40", "Asset Tracker 3": "105012000a"}[model]
    assert any(isinstance(signal, Panic) for signal in codec.decode(18, bytes.fromhex(head)))
    with pytest.raises(Rejected):
        codec.decode(18, bytes.fromhex(without))
