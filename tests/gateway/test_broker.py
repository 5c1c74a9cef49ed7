"""The broker as a child process: who may say what, what survives, and how it ends. With real brokers of both makes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alerting.casefile import Bridge
from gateway.broker import BrokerError, BrokerUser, ChildBroker, bridge_user, check_prefixes, gateway_user
from gateway.broker.child import choose_make
from gateway.broker.make import Kind
from gateway.broker.mosquitto import MOSQUITTO
from gateway.broker.nats import NATS, subjects_of
from gateway.broker.port import admits_strangers, choose_port
from tests.gateway.mqtt_peer import WITHIN_S, Peer

ROOT = Path(__file__).resolve().parents[2]
HUB = bridge_user(Bridge(id="hub-1", adapter="zigbee2mqtt", prefix="village/hub-1"), "hub secret".replace(" ", "-"))
OTHER = bridge_user(Bridge(id="hub-2", adapter="zigbee2mqtt", prefix="village/hub-2"), "other-secret")
PENDANT = bridge_user(Bridge(id="p.1", adapter="own", prefix="nuanhu/1/p.1"), "pendant-secret")
GATEWAY = gateway_user("gateway-secret")
USERS = (HUB, OTHER, PENDANT, GATEWAY)

Make = Callable[..., ChildBroker]


def eventually(what: Callable[[], bool], within_s: float = WITHIN_S) -> bool:
    """Ask until it is so."""
    pause = threading.Event()
    return any(what() or pause.wait(0.02) for _ in range(int(within_s / 0.02)))


@pytest.fixture(params=["mosquitto", "nats"])
def kind(request: pytest.FixtureRequest) -> Kind:
    chosen: Kind = request.param
    if (MOSQUITTO if chosen == "mosquitto" else NATS).find() is None:
        pytest.skip(f"{chosen} is not installed")
    return chosen


@pytest.fixture
def make(kind: Kind, tmp_path: Path) -> Iterator[Make]:
    made: list[ChildBroker] = []

    def build(folder: str = "broker", port: int = 0) -> ChildBroker:
        made.append(ChildBroker(tmp_path / folder, USERS, prefer=kind, port=port))
        return made[-1]

    yield build
    for broker in made:
        broker.stop()


@pytest.fixture
def broker(make: Make) -> ChildBroker:
    running = make()
    running.start()
    return running


def peer(broker: ChildBroker, user: BrokerUser, **more: object) -> Peer:
    return Peer(broker.port, user.name, user.password, **more)  # type: ignore[arg-type]


def test_a_bridge_speaks_below_its_prefix_and_nowhere_else(broker: ChildBroker) -> None:
    with peer(broker, GATEWAY).subscribe("#") as gateway, peer(broker, HUB) as hub:
        for qos in (0, 1):
            for topic in ("village/hub-2/button", "village", "village/hub-10/x", "nuanhu/1/p.1/up/event", "other"):
                hub.say(topic, "forged", qos=qos)
            hub.say("village/hub-1/button", f"mine {qos}", qos=qos)
            hub.say("village/hub-1", f"root {qos}", qos=qos)
        said = [gateway.next() for _ in range(4)]
        assert sorted(said) == sorted(
            (topic, f"{word} {qos}".encode())
            for qos in (0, 1)
            for topic, word in (("village/hub-1/button", "mine"), ("village/hub-1", "root"))
        )
        assert gateway.heard.empty()


def test_a_bridge_hears_only_what_lies_below_its_prefix(broker: ChildBroker) -> None:
    with peer(broker, HUB).subscribe("#", "village/hub-2/#", "village/hub-1/#") as hub, peer(broker, OTHER) as other:
        other.say("village/hub-2/state", "private")
        hub.say("village/hub-1/get", "to myself")
        assert hub.next() == ("village/hub-1/get", b"to myself")
        assert all(topic == "village/hub-1/get" for topic, _ in list(hub.heard.queue))


def test_our_own_devices_speak_up_and_the_gateway_answers_down(broker: ChildBroker) -> None:
    down = "nuanhu/1/p.1/down/receipt"
    with peer(broker, GATEWAY).subscribe("nuanhu/#") as gateway, peer(broker, PENDANT) as pendant:
        pendant.subscribe("nuanhu/1/p.1/down/#")
        pendant.say(down, "forged receipt")
        pendant.say("nuanhu/1/p.1/up/event", "press")
        assert gateway.next() == ("nuanhu/1/p.1/up/event", b"press")
        gateway.say("nuanhu/1/p.1/up/event", "forged press")
        gateway.say(down, "received")
        assert pendant.next() == (down, b"received")
        assert gateway.next() == (down, b"received")
        assert pendant.heard.empty()
        assert gateway.heard.empty()


def test_strangers_stay_outside(broker: ChildBroker) -> None:
    assert Peer(broker.port).verdict > 0
    assert Peer(broker.port, HUB.name, "guess").verdict > 0
    assert Peer(broker.port, "nobody", HUB.password).verdict > 0
    assert Peer(broker.port, HUB.name, OTHER.password).verdict > 0
    assert peer(broker, HUB).verdict == 0
    assert admits_strangers(broker.host, broker.port) is False


def test_what_waits_for_the_gateway_survives_a_restart(make: Make) -> None:
    first = make()
    first.start()
    peer(first, GATEWAY, client_id="gw", durable=True).subscribe("#").leave()
    with peer(first, HUB) as hub:
        hub.say("village/hub-1/button", "press while you were away")
        hub.say("village/hub-1/state", "kept", retain=True)
    first.stop()
    assert first.pid is None
    second = make()
    second.start()
    with peer(second, GATEWAY, client_id="gw", durable=True) as gateway:
        assert gateway.session_present
        assert {gateway.next(), gateway.next()} == {
            ("village/hub-1/button", b"press while you were away"),
            ("village/hub-1/state", b"kept"),
        }
    with peer(second, GATEWAY).subscribe("village/#") as late:
        assert late.next() == ("village/hub-1/state", b"kept")


def test_a_killed_broker_comes_back_on_its_port_with_what_it_had_saved(broker: ChildBroker) -> None:
    peer(broker, GATEWAY, client_id="gw", durable=True).subscribe("#").leave()
    with peer(broker, HUB) as hub:
        hub.say("village/hub-1/button", "press")
        threading.Event().wait(6)  # mosquitto saves each second; later beside other work
        port, pid = broker.port, broker.pid
        broker.kill()
        assert hub.gone.wait(WITHIN_S)
    assert eventually(lambda: broker.restarts == 1 and admits_strangers(broker.host, port) is False)
    assert broker.port == port
    assert broker.pid not in (None, pid)
    with peer(broker, GATEWAY, client_id="gw", durable=True) as gateway:
        assert gateway.next() == ("village/hub-1/button", b"press")


def test_a_hub_that_knows_only_qos_0_is_queued_by_mosquitto_and_not_by_the_other(broker: ChildBroker) -> None:
    peer(broker, GATEWAY, client_id="gw", durable=True).subscribe("#").leave()
    with peer(broker, HUB) as hub:
        hub.say("village/hub-1/button", "qos 0 press", qos=0)
        hub.say("village/hub-1/button", "qos 1 press")
    with peer(broker, GATEWAY, client_id="gw", durable=True) as gateway:
        if broker.kind == "mosquitto":
            assert gateway.next()[1] == b"qos 0 press"
        else:
            assert any(limit.startswith("QoS 0") for limit in broker.limits)
        assert gateway.next()[1] == b"qos 1 press"


def test_a_list_of_devices_of_1_mib_passes_and_more_does_not(broker: ChildBroker) -> None:
    with peer(broker, GATEWAY).subscribe("#") as gateway, peer(broker, HUB) as hub:
        hub.say("village/hub-1/bridge/devices", b"d" * (1 << 20))
        assert len(gateway.next()[1]) == 1 << 20
        hub._client.publish("village/hub-1/bridge/devices", b"d" * (1_114_112 + 1), qos=1)
        assert hub.gone.wait(WITHIN_S)
        assert gateway.heard.empty()


def test_accounts_come_and_go_without_a_restart(broker: ChildBroker) -> None:
    pid = broker.pid
    new = BrokerUser("hub-3", "third-secret", write=("village/hub-3/#",), read=())
    with peer(broker, HUB) as stays, peer(broker, OTHER) as goes, peer(broker, GATEWAY).subscribe("#") as gateway:
        assert Peer(broker.port, new.name, new.password).verdict > 0
        broker.set_users((HUB, GATEWAY, new))
        assert goes.gone.wait(WITHIN_S)
        assert eventually(lambda: Peer(broker.port, OTHER.name, OTHER.password).verdict > 0)
        with peer(broker, new) as third:
            third.say("village/hub-1/x", "not mine")
            third.say("village/hub-3/x", "mine")
            assert gateway.next() == ("village/hub-3/x", b"mine")
        stays.say("village/hub-1/x", "still here")
        assert gateway.next() == ("village/hub-1/x", b"still here")
    assert broker.pid == pid
    assert broker.restarts == 0


def test_three_thousand_accounts_are_written_quickly_and_admitted(broker: ChildBroker) -> None:
    homes = [
        bridge_user(Bridge(id=f"home-{n}", adapter="own", prefix=f"nuanhu/1/home-{n}"), f"{n:032x}")
        for n in range(3000)
    ]
    used_s = os.times().user
    broker.set_users((*USERS, *homes))
    assert os.times().user - used_s < 2.0
    assert eventually(lambda: peer(broker, homes[-1]).verdict == 0)
    assert peer(broker, homes[0]).verdict == 0
    assert Peer(broker.port, homes[0].name, homes[1].password).verdict > 0


def test_a_port_in_use_is_one_clear_line(make: Make) -> None:
    port = choose_port("127.0.0.1")
    with socket.create_server(("127.0.0.1", port)), pytest.raises(BrokerError) as caught:
        make(port=port).start()
    assert str(caught.value) == (
        f"port {port} on 127.0.0.1 cannot be used: another program listens there: stop it, or choose another port"
    )


def test_one_broker_a_folder(make: Make, broker: ChildBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.broker.child._PREDECESSOR_GONE_WITHIN_S", 0.3)
    with pytest.raises(BrokerError, match="already running"):
        make().start()
    assert admits_strangers(broker.host, broker.port) is False


def test_a_broker_that_cannot_start_says_why(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.broker.child.claim_port", lambda _host, _port: None)
    port = choose_port("127.0.0.1")
    with socket.create_server(("127.0.0.1", port)), pytest.raises(BrokerError, match=r"(?i)does not start:.*in use"):
        make(port=port).start()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_the_broker_ends_with_a_killed_parent(kind: Kind, tmp_path: Path) -> None:
    program = f"""
import sys, threading
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from gateway.broker import ChildBroker, gateway_user
broker = ChildBroker(Path({str(tmp_path)!r}), [gateway_user("secret")], prefer={kind!r})
broker.start()
print(broker.port, broker.pid, flush=True)
threading.Event().wait()
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        port, pid = map(int, parent.stdout.readline().split())
        assert admits_strangers("127.0.0.1", port) is False
        os.kill(parent.pid, signal.SIGKILL)
    assert eventually(lambda: not Path(f"/proc/{pid}").exists() or "Z" in _state(pid))
    assert admits_strangers("127.0.0.1", port) is None
    with ChildBroker(tmp_path, [gateway_user("secret")], prefer=kind, port=port) as successor:
        assert Peer(successor.port, "gateway", "secret").verdict == 0


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_its_files_are_for_its_own_account_only(broker: ChildBroker, tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    assert folder.stat().st_mode & 0o077 == 0
    for name in ("passwords", "access", "mosquitto.conf") if broker.kind == "mosquitto" else ("nats.conf",):
        assert (folder / name).stat().st_mode & 0o077 == 0


def test_without_any_broker_the_error_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    for make in (MOSQUITTO, NATS):
        monkeypatch.setattr(f"gateway.broker.child.{make.kind.upper()}", _absent(make.kind))
    with pytest.raises(BrokerError, match="install Debian's package mosquitto"):
        choose_make("auto")


def _absent(kind: Kind) -> object:
    from gateway.broker.make import BrokerMake  # noqa: PLC0415 - only this double needs it

    return BrokerMake(kind=kind, find=lambda: None, configure=lambda *_: None, command=lambda *_: [])


@pytest.mark.parametrize("prefix", ["", "a b", "a/#", "+/b", "a//b", "/a", "a/", "$SYS", "a\nuser gateway", "%u", "a*"])
def test_a_prefix_that_would_bend_the_rules_is_refused(prefix: str) -> None:
    with pytest.raises(BrokerError, match="prefix"):
        bridge_user(Bridge(id="b", adapter="zigbee2mqtt", prefix=prefix), "secret")


@pytest.mark.parametrize(("name", "password"), [("", "x"), ("a:b", "x"), ("a\nb", "x"), ("b", ""), ("b", "x\ny")])
def test_an_account_that_would_bend_the_rules_is_refused(name: str, password: str) -> None:
    with pytest.raises(BrokerError):
        bridge_user(Bridge(id=name, adapter="zigbee2mqtt", prefix="a"), password)


def test_bridges_cannot_claim_one_anothers_ground() -> None:
    apart = [Bridge(id="1", adapter="z", prefix="village/1"), Bridge(id="2", adapter="z", prefix="village/10")]
    check_prefixes(apart)
    with pytest.raises(BrokerError, match=r"bridge 3 \(village/1/attic\) lies below bridge 1"):
        check_prefixes([*apart, Bridge(id="3", adapter="z", prefix="village/1/attic")])
    with pytest.raises(BrokerError, match="same prefix"):
        check_prefixes([*apart, Bridge(id="3", adapter="z", prefix="village/10")])


def test_topic_filters_become_subjects() -> None:
    assert subjects_of(["a/b", "a/#", "#", "nuanhu/1/+/down/#", "x.y/z"]) == [
        "a.b",
        "a",
        "a.>",
        ">",
        "nuanhu.1.*.down",
        "nuanhu.1.*.down.>",
        "x//y.z",
    ]
