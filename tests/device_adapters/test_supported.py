"""What the papers say of the devices, and the declarations it is made from."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import msgspec

from device_adapters import supported
from device_adapters.adapter import NOTHING_KNOWN, Message
from device_adapters.bridges import zigbee2mqtt
from device_adapters.bridges.declared_json import adapter_of
from device_adapters.codecs.frames import Codec
from device_adapters.signals import Battery, Contact, Panic
from tests.device_adapters.reading import NOW, kinds

DOCS = Path(__file__).resolve().parents[2] / "docs"
MARK = "<!-- from here on: nuanhu devices -->\n\n"


def _block(paper: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", (DOCS / paper).read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_table_of_supported_devices_is_the_declarations() -> None:
    assert (DOCS / "devices.md").read_text(encoding="utf-8").split(MARK)[1] == supported.tables()


def test_every_property_that_the_paper_names_is_read_from_a_zigbee_device() -> None:
    named = (DOCS / "devices.md").read_text(encoding="utf-8").split("**Zigbee**")[1].split("**LoRaWAN**")[0]
    properties = [name for name in re.findall(r"`(\w+)`", named) if name != "action"]
    assert len(properties) > 10
    silent = []
    for name in properties:
        value: object = {"battery": 50, "voltage": 2900, "linkquality": 90, "fall_down_status": "fall"}.get(name, True)
        message = Message("zigbee2mqtt/hall", msgspec.json.encode({name: value}), NOW)
        if kinds(zigbee2mqtt.ADAPTER.decode(message, "zigbee2mqtt", NOTHING_KNOWN)) == ["heartbeat"]:
            silent.append(name)
    assert silent == []


def test_the_declared_hub_of_the_paper_makes_an_adapter() -> None:
    [declared] = tomllib.loads(_block("declared-json.md", "toml"))["make"]
    adapter = adapter_of(declared)
    body = b'{"type":"cord","what":"help","n":7,"cell":{"mv":2950}}'
    [call, cell] = adapter.decode(Message("meadow/house/cord-1/event", body, NOW), "meadow", NOTHING_KNOWN)
    assert isinstance(call, Panic)
    assert (call.device, call.event_id) == ("cord-1", "7")
    assert isinstance(cell, Battery)


def test_every_kind_of_the_paper_can_be_declared() -> None:
    rows = (DOCS / "declared-json.md").read_text(encoding="utf-8").split("| kind |")[1].splitlines()[2:]
    named = [kind for row in rows for kind in re.findall(r"`(\w+)`", row.split("|")[1:2][0] if row[:1] == "|" else "")]
    assert len(named) > 20
    for kind in named:
        says = {"kind": kind, "path": "v"} | ({"longitude": "w"} if kind == "location" else {})
        adapter_of({"name": "x", "title": "x", "prefix": "x", "reports": [{"topic": "{device}", "says": [says]}]})


def test_the_codec_of_the_paper_decodes() -> None:
    source = _block("adding-a-device.md", "python")
    ast.parse(source)
    room: dict[str, object] = {}
    exec(compile(source, "adding-a-device.md", "exec"), room)  # noqa: S102 - the paper's own example
    [codec] = room["CODECS"]  # type: ignore[misc]
    assert isinstance(codec, Codec)
    assert codec.decode(5, bytes([1, 30])) == [Contact(state="open", level=True), Battery(volts=3.0)]
