"""nats-server with MQTT enabled: the broker where no mosquitto can be had, from a package of the lock."""

from __future__ import annotations

import json
import shutil
import sysconfig
from collections.abc import Iterable, Sequence
from pathlib import Path

from gateway.broker.access import BrokerUser
from gateway.broker.make import MAX_PACKET_BYTES, BrokerMake, Listener, write_private

LIMITS = (
    "MQTT 3.1.1 only: clients that insist on MQTT 5 are refused",
    "a message that the access rules forbid is dropped, and its sender is told that all is well",
    "QoS 0 messages sent while the gateway is away are lost",
    "a topic with a space in it costs its sender the connection",
    "a session's queue has no limit but the disk",
    "passwords stand readable in the broker's own folder, which only its account can open",
)


def find() -> Path | None:
    """The program: beside this Python first, where the locked package puts it, then on the PATH."""
    found = shutil.which("nats-server", path=sysconfig.get_path("scripts")) or shutil.which("nats-server")
    return Path(found) if found else None


def subjects_of(topics: Iterable[str]) -> list[str]:
    """MQTT topic filters as NATS subjects.

    ``/`` separates levels in the one and ``.`` in the other, so a dot inside a level becomes ``//``. ``a/#`` also
    means ``a`` itself, which ``a.>`` does not.
    """
    subjects = []
    for topic in topics:
        levels = [{"+": "*", "#": ">"}.get(level, level.replace(".", "//")) for level in topic.split("/")]
        if levels[-1] == ">" and len(levels) > 1:
            subjects.append(".".join(levels[:-1]))
        subjects.append(".".join(levels))
    return subjects


def configure(folder: Path, listener: Listener, users: Sequence[BrokerUser]) -> None:
    """Write ``nats.conf`` into the folder."""
    store = folder / "nats-store"
    store.mkdir(mode=0o700, exist_ok=True)
    settings = {
        "server_name": "nuanhu",
        # The port for its own kind of client cannot be closed: any free one, on loopback, behind the same accounts.
        "listen": "127.0.0.1:-1",
        "max_payload": MAX_PACKET_BYTES,
        "jetstream": {"store_dir": str(store), "sync_interval": "1s"},
        "mqtt": {
            "host": listener.host,
            "port": listener.port,
            "max_ack_pending": 1000,
            # What a broker that was killed had already handed out, it hands out again only after this.
            "ack_wait": "20s",
            "consumer_inactive_threshold": "336h",
        },
        "authorization": {"users": [_account(user) for user in users]},
    }
    write_private(folder / "nats.conf", json.dumps(settings, ensure_ascii=False, indent=1) + "\n")


def _account(user: BrokerUser) -> dict[str, object]:
    permissions = {"publish": _rule(user.write), "subscribe": _rule(user.read)}
    return {"user": user.name, "password": user.password, "permissions": permissions}


def _rule(topics: Sequence[str]) -> dict[str, list[str]]:
    # An empty list of what is allowed would allow everything.
    return {"allow": subjects_of(topics)} if topics else {"deny": [">"]}


def command(program: Path, folder: Path) -> list[str]:
    """The command line that runs it in the foreground."""
    return [str(program), "-c", str(folder / "nats.conf")]


NATS = BrokerMake(kind="nats", find=find, configure=configure, command=command, limits=LIMITS)
