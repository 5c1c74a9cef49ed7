"""Published payloads with the events expected of them, where they are at hand: ``../shared`` beside the repository."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from device_adapters.codecs import CODECS, UNPROVEN, find_codec
from nuanhu.decode import run

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "dev"
SCORED_KINDS = {"motion", "button", "panic", "alarm", "fall", "tamper"}
NEVER_EXTRA = {"panic", "fall", "alarm"}


def load(name: str) -> list[dict[str, Any]]:
    file = VECTORS / name
    if not file.exists():
        return []
    return list(json.loads(file.read_text(encoding="utf-8"))["vectors"])


FAMILIES = {
    "zigbee2mqtt",
    "chirpstack-v4",
    "tts-v3",
    "lorawan-codec",
    "ble-advert",
    "tasmota",
    "shelly",
    "aqara-lan",
}
FILES = (
    "zigbee2mqtt.json",
    "lorawan_network_servers.json",
    "lorawan_codecs.json",
    "ble_adverts.json",
    "mqtt_other.json",
)
LEAST_MATCHED = 0.95


def wanted() -> list[dict[str, Any]]:
    return [vector for name in FILES for vector in load(name) if vector["family"] in FAMILIES]


def answer(*lines: dict[str, Any]) -> list[dict[str, Any]]:
    out = io.StringIO()
    assert run(io.StringIO("".join(json.dumps(line) + "\n" for line in lines)), out) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def differences(canonical: list[dict[str, Any]], signals: list[dict[str, Any]]) -> list[str]:
    """Why the signals do not contain the expected events; each expected event needs a signal of its own."""
    left = list(signals)
    wrong = []
    for event in canonical:
        match = next((s for s in left if all(s.get(k) == v for k, v in event.items())), None)
        if match is None:
            wrong.append(f"missing {event}")
        else:
            left.remove(match)
    forbidden = NEVER_EXTRA if canonical else SCORED_KINDS
    return wrong + [f"extra {signal}" for signal in left if signal["kind"] in forbidden]


def line_of(vector: dict[str, Any]) -> dict[str, Any]:
    return {key: vector[key] for key in ("family", "vendor", "model", "input")}


@pytest.mark.skipif(not VECTORS.exists(), reason=f"no {VECTORS.name} vectors beside the repository")
def test_published_payloads_say_what_is_expected_of_them_and_no_panic_is_missed_or_made_up() -> None:
    vectors = wanted()
    assert len(vectors) >= 250
    answers = answer(*(line_of(vector) for vector in vectors))
    wrong: dict[str, list[str]] = {}
    for vector, said in zip(vectors, answers, strict=True):
        if vector["canonical"] is None:
            assert not any(signal["kind"] == "panic" for signal in said["signals"]), vector["id"]
        elif found := differences(vector["canonical"], said["signals"]):
            wrong[vector["id"]] = found
    scored = sum(vector["canonical"] is not None for vector in vectors)
    assert [found for found in wrong.values() if "panic" in str(found)] == []
    assert len(wrong) <= (1 - LEAST_MATCHED) * scored, wrong


@pytest.mark.skipif(not VECTORS.exists(), reason=f"no {VECTORS.name} vectors beside the repository")
def test_families_without_an_adapter_are_rejected_by_name() -> None:
    for said in answer(*(line_of(vector) for vector in load("alarm_scaip.json") + load("trackers.json"))):
        assert said["signals"] == []
        assert said["rejected"].startswith("no adapter for family ")


@pytest.mark.skipif(not VECTORS.exists(), reason=f"no {VECTORS.name} vectors beside the repository")
def test_the_paper_says_of_which_models_no_published_frame_was_at_hand() -> None:
    names = ("lorawan_codecs.json", "lorawan_network_servers.json")
    published = [find_codec(it["vendor"], it["model"]) for name in names for it in load(name)]
    unproven = {(codec.vendor, codec.model) for codec in CODECS if codec not in published}
    assert unproven == set(UNPROVEN)
