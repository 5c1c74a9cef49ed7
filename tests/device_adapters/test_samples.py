"""Captured payloads of our own, with exactly what they say. A new device is one file of ours and one sample here."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from device_adapters.catalogue import ADAPTERS
from nuanhu.decode import run

FILES = sorted((Path(__file__).parent / "samples").glob("*.json"))
SAMPLES = [(file.stem, sample) for file in FILES for sample in json.loads(file.read_text(encoding="utf-8"))]
RECEIVED_AT = "2026-03-02T13:15:00Z"


@pytest.mark.parametrize("sample", [pytest.param(s, id=f"{make}: {s['title']}") for make, s in SAMPLES])
def test_a_captured_payload_says_exactly_this(sample: dict[str, Any]) -> None:
    line = {key: sample[key] for key in ("topic", "payload", "retained", "device") if key in sample}
    out = io.StringIO()
    run(io.StringIO(json.dumps({**line, "received_at": RECEIVED_AT}) + "\n"), out)
    answer = json.loads(out.getvalue())
    for signal in answer["signals"]:
        assert signal.pop("arrived_at") == RECEIVED_AT
    assert answer == {"signals": sample["signals"]}


def test_every_adapter_has_samples_and_every_sample_an_adapter() -> None:
    assert {file.stem for file in FILES} == set(ADAPTERS)
