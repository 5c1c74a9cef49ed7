"""Adverts: copies of one press, positions of keys, encryption, and whatever form a gateway gives them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_adapters import catalogue
from device_adapters.adapter import NOTHING_KNOWN, DeviceHint, Known, Message, Rejected
from device_adapters.adverts import ADVERT_CODECS, find_advert_codec
from device_adapters.adverts.advert import Advert
from device_adapters.adverts.aes_ccm import decrypt
from device_adapters.bridges.ble_gateway import read_advert
from device_adapters.signals import SIGNAL_CLASSES, Button, Fault, Heartbeat, Panic, kind_of
from tests.device_adapters.reading import NOW, kinds, read

MAC = "A4:C1:38:FF:EE:01"
DEVICE = "a4c138ffee01"


def heard(service: str, uuid: str = "fcd2", **more: Any) -> dict[str, Any]:
    return {"mac": MAC, "service_uuid": uuid, "data": service, **more}


def at(second: int, body: dict[str, Any]) -> list[Any]:
    message = Message("ble/gw", msgspec.json.encode(body), NOW + timedelta(seconds=second))
    return catalogue.decode(message, catalogue.ADAPTERS["ble"], "ble", NOTHING_KNOWN)


def test_copies_of_one_press_share_an_id_and_the_next_press_has_another() -> None:
    first, copy, next_ = (at(s, heard(f"4400{p}3a01"))[0] for s, p in ((1, "21"), (2, "21"), (3, "22")))
    assert first.event_id == copy.event_id != next_.event_id
    assert isinstance(first, Button)


def test_a_packet_number_that_comes_around_again_is_another_press() -> None:
    early, late = (at(second, heard("4400213a01"))[0] for second in (0, 3_600))
    assert early.event_id != late.event_id


def test_two_keys_pressed_at_once_are_two_presses() -> None:
    one, two = at(0, heard("4400213a013a02"))
    assert (one.button, two.button) == (1, 2)
    assert one.event_id != two.event_id


def test_a_key_that_is_not_pressed_counts_as_a_position_and_says_nothing() -> None:
    [press] = read("ble", "gw", heard("44003a003a003a03"[:4] + "21" + "3a003a003a03"))
    assert (press.button, press.action) == (3, "triple")
    assert kinds(read("ble", "gw", heard("4400213a00"))) == ["heartbeat"]


def test_a_hold_is_told_by_devices_with_several_keys_alone() -> None:
    assert kinds(read("ble", "gw", heard("403afe"))) == ["heartbeat"]
    assert [s.action for s in read("ble", "gw", heard("443a003afe"))] == ["hold"]


def test_what_cannot_be_unlocked_says_so_for_a_panic_button_alone() -> None:
    locked = heard("4587b90011223372b0231f")
    [alive] = read("ble", "gw", locked)
    assert isinstance(alive, Heartbeat)
    for key in ("", "zz", "00" * 16):
        known = Known(devices={DEVICE: DeviceHint(role="panic", key=key)})
        [fault] = read("ble", "gw", locked, known=known)
        assert isinstance(fault, Fault)
        assert fault.code == "no_key"


def test_decryption_is_that_of_the_standard() -> None:
    """Packet vector 1 of RFC 3610."""
    key, nonce = bytes(range(0xC0, 0xD0)), bytes.fromhex("00000003020100A0A1A2A3A4A5")
    cipher = bytes.fromhex("588C979A61C663D2F066D0C2C0F989806D5F6B61DAC384")
    mark = bytes.fromhex("17E8D12CFDF926E0")
    assert decrypt(key, nonce, cipher, mark, extra=bytes(range(8))) == bytes(range(8, 31))
    assert decrypt(key, nonce, cipher, mark[:-1] + b"\0", extra=bytes(range(8))) is None


@pytest.mark.parametrize(
    "body",
    [
        {"id": MAC, "servicedatauuid": "0xfcd2", "servicedata": "4400213a01"},
        {"address": MAC.lower(), "service_data": {"FCD2": "4400213a01"}},
        {"macAddress": MAC.replace(":", "-"), "serviceData": {"0000fcd2-0000-1000-8000-00805f9b34fb": "4400213a01"}},
        {"mac": MAC.replace(":", ""), "raw": "0201060816d2fc4400213a01"},
        {"devices": [{"mac": MAC, "rawData": "020106" + "0816d2fc4400213a01"}]},
    ],
)
def test_gateways_write_an_advert_in_their_own_ways(body: Any) -> None:
    [press] = read("ble", "gw", body, known=Known(devices={DEVICE: DeviceHint(role="panic")}))
    assert isinstance(press, Panic)
    assert press.device == DEVICE


@pytest.mark.parametrize("body", [[], {}, {"mac": "nobody"}, {"temperature": 21}, [1, "a"], 5])
def test_what_is_no_advert_is_refused(body: Any) -> None:
    with pytest.raises(Rejected, match="no advert in it"):
        read("ble", "gw", body)


def test_one_cut_off_advert_is_refused() -> None:
    with pytest.raises(Rejected):
        read("ble", "gw", heard("40fe"))


ADVERTS = st.builds(
    Advert,
    uuid=st.sampled_from([0xFCD2, 0xFE95, 0xFDCD, 0xFD3D, 0x0D00, 0x0000, 0x2A06, 0x1234]),
    service=st.binary(max_size=40),
    name=st.sampled_from(["", "P MAG 1"]),
    address=st.sampled_from([b"", bytes(6)]),
    key=st.sampled_from([b"", bytes(16)]),
)


@settings(max_examples=1_500, deadline=None)
@given(advert=ADVERTS)
def test_every_advert_is_read_or_refused(advert: Advert) -> None:
    codec = find_advert_codec(advert)
    try:
        said = read_advert(advert)
    except Rejected:
        return
    assert codec is not None or said.signals == []
    for signal in said.signals:
        assert type(signal) in SIGNAL_CLASSES
        assert codec is not None
        assert kind_of(signal) in codec.says


def test_every_codec_of_adverts_that_may_call_overtakes() -> None:
    for codec in ADVERT_CODECS:
        assert codec.urgent >= bool({"button", "alarm", "panic"} & set(codec.says))


def test_one_odd_advert_of_a_report_hides_no_press_and_is_told() -> None:
    said = read("ble", "gw", [heard("zz"), heard("4400213a01")])
    assert kinds(said) == ["button", "fault"]
    assert said[-1].code == "unread"
    with pytest.raises(Rejected, match="hexadecimal"):
        read("ble", "gw", [heard("zz")])


def test_of_a_crowd_of_strangers_only_some_are_read_but_a_registered_device_always() -> None:
    crowd = [heard("4400213a01", mac=f"C0:00:00:00:{n // 256:02X}:{n % 256:02X}") for n in range(150)]
    body = msgspec.json.encode([*crowd, heard("4400213a01")])
    message = Message("ble/gw", body, NOW)
    known = Known({DEVICE: DeviceHint()})
    said = catalogue.decode(message, catalogue.ADAPTERS["ble"], "ble", known)
    assert len({signal.device for signal in said if isinstance(signal, Button)}) == 26
    assert DEVICE in {signal.device for signal in said}
    assert "fault" not in kinds(said), "strangers that were left out are nobody's fault"
    assert len({signal.device for signal in said}) == 101, "whoever may have pressed is seen: as many as are listed"


def test_a_stranger_s_key_is_read_however_many_others_are_heard_before_it() -> None:
    crowd = [heard("44012a", mac=f"C0:00:00:00:01:{n:02X}") for n in range(60)]
    said = read("ble", "gw", [*crowd, heard("4400213a01")])
    assert [signal.device for signal in said if isinstance(signal, Button)] == [DEVICE]
    assert len({signal.device for signal in said}) == 25, "what cannot be a press is not even listed beyond that"
