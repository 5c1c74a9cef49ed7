"""What is on labels: the published example, and samples of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.enrolment.labels import Label, inner_id, read_label

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "dev" / "provisioning_labels.json"

SAMPLES: list[tuple[str, str, str, str]] = [
    ("LW:D0:70B3D57ED0000001:A840410000000042:00010002", "lorawan", "a840410000000042", ""),
    ("lw:d0:70b3d57ed0000001:a840410000000042:00010002:SXY12:PLABEL", "lorawan", "a840410000000042", ""),
    ("LW:D0:70B3D57ED0000001:CA40410000000042:00010002:SXY12:PLABEL:CD8F5", "lorawan", "ca40410000000042", ""),
    ("lw:d0:70b3d57ed0000001:ca40410000000042:00010002:sxy12:plabel:cd8f5", "lorawan", "ca40410000000042", ""),
    ("LW:D0:70B3D57ED0000001:CA40410000000024:00010002:SXY12:PLABEL:CD8F5", "lorawan", "ca40410000000024", "checksum"),
    ("LW:D0:70B3D57ED0000001:CA40410000000042:00010002:C1", "lorawan", "ca40410000000042", "checksum"),
    ("Z:00124B00A1B2C3D4$I:83FED3407A939723A5C639B26916D505C3B5", "zigbee", "00124b00a1b2c3d4", ""),
    ("I:83FED3407A939723A5C639B26916D505C3B5$Z:00124B00A1B2C3D4", "zigbee", "00124b00a1b2c3d4", ""),
    ("Z:00124B00A1B2C3D4$I:83FED3407A939723A5C639B26916D505C3B6", "zigbee", "00124b00a1b2c3d4", "checksum"),
    ("0x00124b00a1b2c3d4", "eui64", "00124b00a1b2c3d4", ""),
    ("A8-40-41-00-00-00-00-42", "eui64", "a840410000000042", ""),
    ("DevEUI: A840410000000042", "eui64", "a840410000000042", ""),
    ("490154203237518", "imei", "490154203237518", ""),
    ("490154203237519", "imei", "490154203237519", "checksum"),
    ("IMEI:490154203237518", "imei", "490154203237518", ""),
    ("89860012345678901234", "iccid", "89860012345678901234", ""),
    ("E8:E0:7E:A6:B0:01", "mac", "e8e07ea6b001", ""),
    ("S/N: NH-2026-0042", "serial", "NH-2026-0042", ""),
    ("6901234567892", "product", "6901234567892", ""),
]


@pytest.mark.parametrize(("text", "kind", "id_", "flaw"), SAMPLES, ids=[text for text, *_ in SAMPLES])
def test_a_label_says_what_it_is(text: str, kind: str, id_: str, flaw: str) -> None:
    found = read_label(text)
    assert found is not None
    assert (found.kind, found.id, found.flaw) == (kind, id_, flaw)


@pytest.mark.parametrize("text", ["", "  ", "https://example.org/a?b=c", "LW:D0:12:34:56", "x" * 600, "a\x00b"])
def test_what_is_no_label_is_none(text: str) -> None:
    assert read_label(text) is None


def test_the_id_is_written_as_the_bridge_writes_it() -> None:
    label = Label(kind="zigbee", id="00124b00a1b2c3d4")
    assert inner_id(label, "zigbee2mqtt") == "0x00124b00a1b2c3d4"
    assert inner_id(label, "chirpstack") == "00124b00a1b2c3d4"


@given(st.text(max_size=600))
def test_no_text_breaks_it(text: str) -> None:
    found = read_label(text)
    assert found is None or found.id


@pytest.mark.skipif(not VECTORS.is_file(), reason="the published vectors of labels are not here")
def test_the_published_labels_are_read() -> None:
    for vector in json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]:
        found = read_label(vector["input"]["data"])
        assert found is not None, vector["id"]
        assert found.fields == vector["expected"]["decoded"], vector["id"]
