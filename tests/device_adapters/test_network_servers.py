"""Any network server with any codec: what a frame says does not depend on who carried it."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from msgspec.structs import replace

from device_adapters import catalogue
from device_adapters.adapter import DeviceHint, Known, Rejected
from device_adapters.codecs import find_codec
from device_adapters.signals import Link, Panic, Test
from tests.device_adapters.reading import NOW, kinds, read

EUI = "24e124aabb000019"
FRAMES = {
    ("Milesight", "WS202"): (85, "017550030001"),
    ("Milesight", "WS301"): (85, "030001040001"),
    ("Milesight", "VS373"): (85, "03f804000a000f00"),
}


def carried(server: str, frame: bytes, f_port: int, **more: Any) -> tuple[str, str, dict[str, Any]]:
    """Make, topic and body of one server's report of a frame."""
    data = base64.b64encode(frame).decode()
    if server == "chirpstack-v4":
        body = {"deviceInfo": {"devEui": EUI}, "fPort": f_port, "data": data}
        return "chirpstack", f"app/device/{EUI}/event/up", body | more
    if server == "chirpstack-v3":
        return "chirpstack", f"7/device/{EUI}/event/up", {"devEUI": EUI, "fPort": f_port, "data": data} | more
    ids = {"device_id": "x", "dev_eui": EUI.upper()}
    body = {"end_device_ids": ids, "uplink_message": {"f_port": f_port, "frm_payload": data}}
    return "the-things-stack", "app@town/devices/x/up", body | more


SERVERS = ("chirpstack-v4", "chirpstack-v3", "the-things-stack")


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("model", FRAMES, ids="-".join)
def test_every_server_carries_every_codec(server: str, model: tuple[str, str]) -> None:
    f_port, frame = FRAMES[model]
    known = Known(devices={EUI: DeviceHint(vendor=model[0], model=model[1])})
    make, topic, body = carried(server, bytes.fromhex(frame), f_port)
    codec = find_codec(*model)
    assert codec is not None
    said = read(make, topic, body, known=known)
    assert [replace(s, device="", name="", arrived_at=None) for s in said] == codec.decode(f_port, bytes.fromhex(frame))
    assert {(s.device, s.arrived_at) for s in said} == {(EUI, NOW)}


@pytest.mark.parametrize("server", SERVERS)
def test_a_panic_button_of_a_model_without_codec_is_a_fault(server: str) -> None:
    known = Known(devices={EUI: DeviceHint(vendor="Nobody", model="B-99", role="panic")})
    make, topic, body = carried(server, b"\x01", 1)
    assert kinds(read(make, topic, body, known=known)) == ["fault"]


@pytest.mark.parametrize("server", SERVERS)
def test_a_frame_that_is_no_base64_is_refused(server: str) -> None:
    make, topic, body = carried(server, b"", 1)
    if server == "the-things-stack":
        body["uplink_message"]["frm_payload"] = "%%%"
    else:
        body["data"] = "%%%"
    with pytest.raises(Rejected, match="not base64"):
        read(make, topic, body)


def test_what_the_console_of_the_things_stack_made_up_never_rings() -> None:
    known = Known(devices={EUI: DeviceHint(vendor="Milesight", model="WS101", role="panic")})
    make, topic, body = carried("the-things-stack", b"\xff\x2e\x01", 85)
    assert isinstance(read(make, topic, body, known=known)[0], Panic)
    [said] = read(make, topic, body | {"simulated": True}, known=known)
    assert isinstance(said, Test)


def test_the_things_stack_s_device_without_an_eui_is_known_by_the_names_of_the_bridge() -> None:
    make, topic, body = carried("the-things-stack", b"", 1)
    del body["end_device_ids"]["dev_eui"]
    [alive] = read(make, topic, body, known=Known(names={"x": EUI}))
    assert (alive.device, alive.name) == (EUI, "x")
    [alive] = read(make, topic, body)
    assert (alive.device, alive.name) == ("", "x")


def test_equal_frames_of_the_things_stack_are_told_apart_by_counter_and_time() -> None:
    def of(f_cnt: int, time: str | None) -> str | None:
        make, topic, body = carried("the-things-stack", b"\xff\x2e\x01", 85)
        body["end_device_ids"]["dev_addr"] = "260B"
        body["uplink_message"] |= {"f_cnt": f_cnt, "received_at": time}
        known = Known(devices={EUI: DeviceHint(vendor="Milesight", model="WS101")})
        said = read(make, topic, body, known=known)[0].event_id
        assert said is None or isinstance(said, str)
        return said

    assert of(1, "2026-01-05T08:00:00Z") == of(1, "2026-01-05T08:00:00Z")
    assert len({of(1, "2026-01-05T08:00:00Z"), of(2, "2026-01-05T08:00:00Z"), of(1, "2026-01-05T08:00:01Z")}) == 3
    assert of(1, None) is None, "a counter alone begins anew: when in doubt it rings"


def test_version_3_s_gateways_tell_the_link() -> None:
    heard = [{"gatewayID": "g", "rssi": -90, "loRaSNR": 2}, {"gatewayID": "h", "rssi": -70, "loRaSNR": 5}]
    make, topic, body = carried("chirpstack-v3", b"", 1, rxInfo=heard)
    link = read(make, topic, body)[-1]
    assert isinstance(link, Link)
    assert (link.rssi_dbm, link.snr_db, link.gateways) == (-70, 5, 2)


@pytest.mark.parametrize("event", ["nonsense", "log"])
def test_an_event_that_version_3_does_not_have_is_refused(event: str) -> None:
    with pytest.raises(Rejected, match="no such event in ChirpStack v3"):
        read("chirpstack", f"7/device/{EUI}/event/{event}", {"devEUI": EUI})


def test_only_frames_that_can_call_overtake() -> None:
    calm = b'{"version_ids":{"brand_id":"milesight-iot","model_id":"ws202"}}'
    for make, topic in (("the-things-stack", "v3/a/devices/x"), ("chirpstack", f"application/1/device/{EUI}/event")):
        adapter = catalogue.ADAPTERS[make]
        assert adapter.urgent(f"{topic}/up", b"{}")
        assert not adapter.urgent(f"{topic}/join", b"{}")
    assert not catalogue.ADAPTERS["the-things-stack"].urgent("v3/a/devices/x/up", calm)
