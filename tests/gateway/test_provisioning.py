"""``nuanhu provision`` with a real broker and a running gateway: credentials come, count at once, and end at once."""

import asyncio
import io
import json
import stat
import sys
from pathlib import Path

import httpx
import pytest
from centre import PASSWORD, Centre
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from on_both_stores import only_sqlite
from PIL import Image
from zxingcpp import read_barcodes

from alerting.model import AlarmKind
from nuanhu.cli import main
from tests.gateway.mqtt_peer import Peer
from tests.store_away import read_only

BUTTON = "0x00124b00cccc0001"


async def installation(centre: Centre, tmp_path: Path) -> Path:
    """Settings of the centre under test as a deployer writes them; its gateway serves at this address."""
    address = await centre.serve()
    file = tmp_path / "nuanhu.toml"
    lines = {
        "data": centre.folder / "data",
        "store_url": centre.store_url,
        "port": int(address.rpartition(":")[2]),
        "broker_host": centre.broker.host,
        "broker_port": centre.broker.port,
        "broker_files": centre.folder / "broker",
        "broker_reload": f"kill -HUP {centre.broker.pid}",
    }
    file.write_text("".join(f"{k} = {json.dumps(v if isinstance(v, int) else str(v))}\n" for k, v in lines.items()))
    return file


async def provision(settings: Path, *arguments: str) -> int:
    return await asyncio.to_thread(main, ["provision", *arguments, "--settings", str(settings)])


async def test_a_bridge_is_heard_at_once_and_its_live_session_ends_when_it_is_revoked(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, home = await installation(centre, tmp_path), centre.zigbee_home
    assert await provision(settings, "bridge", "hub-17", "--json") == 0
    made = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert made["prefix"] == "homes/hub-17"
    passwords = (centre.folder / "broker" / "passwords").read_text()
    assert "hub-17:$7$" in passwords
    assert made["password"] not in passwords
    asked = ("device", BUTTON, "--bridge", "hub-17", "--home", home.household, "--role", "panic", "--room", "bedroom")
    assert await provision(settings, *asked) == 0
    hub = Peer(centre.broker.port, "hub-17", made["password"])
    neighbour = Peer(centre.broker.port, "stranger", PASSWORD)
    hub.say(f"homes/hub-17/{BUTTON}", '{"action":"emergency"}')
    await centre.until(lambda: centre.rang, "the press")
    assert (await centre.row_of(home)).alarms[0].room == "bedroom"
    received = centre.gateway.ingest.received
    hub.say("homes/other/0x1", "{}")
    assert await provision(settings, "revoke", "hub-17") == 0
    await centre.until(hub.gone.is_set, "the session's end")
    assert not neighbour.gone.is_set()
    with Peer(centre.broker.port, "hub-17", made["password"]) as again:
        assert again.verdict != 0
    neighbour.leave()
    assert centre.gateway.ingest.received == received
    assert centre.gateway.directory.bridges["hub-17"].revoked
    assert await provision(settings, "bridge", "hub-17", "--again") == 2
    assert "bridge_revoked" in capsys.readouterr().err


async def test_without_a_gateway_the_store_is_written_and_the_next_start_knows(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, home = await installation(centre, tmp_path), centre.zigbee_home
    await centre.stop_serving()
    assert await provision(settings, "bridge", "hub-18") == 2
    assert "another gateway writes" in capsys.readouterr().err
    await centre.close_gateway()
    assert await provision(settings, "bridge", "hub-18") == 0
    assert "hub-18" in capsys.readouterr().out
    asked = ("device", BUTTON, "--bridge", "hub-18", "--home", home.household, "--role", "panic")
    assert await provision(settings, *asked) == 0
    await centre.open_gateway()
    await centre.say("stranger", f"homes/hub-18/{BUTTON}", {"action": "emergency"})
    assert (await centre.row_of(home)).household == home.household
    assert await provision(settings, "list", "--json") == 0
    listed = json.loads(capsys.readouterr().out.splitlines()[-1])["bridges"]
    assert next(row for row in listed if row["bridge"] == "hub-18") | {"title": ""} == {
        "bridge": "hub-18",
        "adapter": "zigbee2mqtt",
        "prefix": "homes/hub-18",
        "title": "",
        "devices": 1,
        "revoked": False,
        "account": True,
    }


@only_sqlite
async def test_what_the_store_has_not_is_not_called_recorded(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, home = await installation(centre, tmp_path), centre.zigbee_home
    with read_only(centre):
        assert await provision(settings, "bridge", "hub-19", "--json") == 3
        told = capsys.readouterr()
        assert json.loads(told.out.splitlines()[-1])["recorded"] is False
        assert "the store is away" in told.err
        assert "hub-19" not in centre.gateway.directory.bridges, "it counts once it is recorded"
        asked = ("device", BUTTON, "--bridge", "hub-19", "--home", home.household, "--role", "panic")
        assert await provision(settings, *asked) == 2, "once it is known to be away nothing is taken"
        assert "store_away" in capsys.readouterr().err
    await centre.until(lambda: "hub-19" in {it.id for it in centre.gateway.store.registry().bridges}, "the store")
    assert await provision(settings, "revoke", "hub-19", "--json") == 0
    assert "recorded" not in json.loads(capsys.readouterr().out.splitlines()[-1])


async def test_a_device_of_our_own_gets_its_credentials_as_a_picture_for_its_owner_alone(
    centre: Centre, tmp_path: Path
) -> None:
    settings, out = await installation(centre, tmp_path), tmp_path / "sos.png"
    asked = ("device", "SOS-0042", "--home", centre.zigbee_home.household, "--role", "panic", "--out", str(out))
    assert await provision(settings, *asked) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    (code,) = read_barcodes(Image.open(out))
    username, _, rest = code.text.removeprefix("mqtt://").partition(":")
    assert username == "SOS-0042"
    event = {"id": "p1", "boot": "b", "seq": 1, "at": None, "kind": "panic", "buffered": False}
    with Peer(centre.broker.port, username, rest.partition("@")[0]) as device:
        device.say("nuanhu/1/SOS-0042/up/SOS-0042/event", json.dumps(event))
        await centre.until(lambda: centre.rang, "the press")
    assert (await centre.row_of(centre.zigbee_home)).alarms[0].kind is AlarmKind.PANIC


async def test_nobody_without_the_installation_s_secret_changes_the_registry(centre: Centre) -> None:
    address = await centre.serve()
    async with httpx.AsyncClient(trust_env=False) as client:
        for headers in ({}, {"Authorization": "Bearer x"}):
            answer = await client.post(f"{address}/api/registry", content=b'{"do":"revoke_bridge"}', headers=headers)
            assert answer.status_code == 403


async def test_an_encrypted_press_is_read_with_the_key_of_the_registry_and_nobody_else_sees_the_key(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, home, key = await installation(centre, tmp_path), centre.zigbee_home, bytes(range(0x40, 0x50))
    assert await provision(settings, "bridge", "ble-1", "--adapter", "ble", "--out", str(tmp_path / "ble.txt")) == 0
    mac, info, counter = bytes.fromhex("a4c138ffee01"), b"\x41", b"\x01\x00\x00\x00"
    sealed = AESCCM(key, tag_length=4).encrypt(mac + b"\xd2\xfc" + info + counter, bytes.fromhex("00073a01"), b"")
    advert = (info + sealed[:-4] + counter + sealed[-4:]).hex()
    said = {"mac": "A4:C1:38:FF:EE:01", "service_uuid": "fcd2", "data": advert}
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{key.hex()}\n"))
    asked = ("device", mac.hex(), "--bridge", "ble-1", "--home", home.household, "--role", "panic", "--ask-key")
    assert await provision(settings, *asked) == 0
    await centre.say("stranger", "homes/ble-1/gw", said)
    assert (await centre.row_of(home)).alarms[0].kind is AlarmKind.PANIC
    await centre.close_gateway()
    await centre.open_gateway()
    assert centre.gateway.directory.known_of("ble-1").devices[mac.hex()].key == key.hex()
    for file in (centre.folder / "data").iterdir():
        content = file.read_bytes()
        assert key not in content, file.name
        assert key.hex().encode() not in content, file.name


async def test_the_first_administrator_comes_from_the_machine_itself(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = await installation(centre, tmp_path)
    assert await provision(settings, "account", "chief", "--json") == 0
    made = json.loads(capsys.readouterr().out.splitlines()[-1])
    account = centre.gateway.directory.accounts["chief"]
    assert account.one_time
    assert await provision(settings, "account", "chief") == 2
    assert "login_taken" in capsys.readouterr().err
    assert await provision(settings, "account", "chief", "--again") == 0
    assert made["password"] not in capsys.readouterr().out
    assert centre.gateway.directory.accounts["chief"].password_hash != account.password_hash
