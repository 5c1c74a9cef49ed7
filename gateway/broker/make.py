"""What a make of broker has to bring, so that one supervisor can run any of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gateway.broker.access import BrokerUser

Kind = Literal["mosquitto", "nats"]

MAX_PACKET_BYTES = 1_114_112
"""1 MiB of payload and 64 KiB for topic and headers; mosquitto/mosquitto.conf says why."""


@dataclass(frozen=True)
class Listener:
    """Where the broker listens: an address of this machine and a port."""

    host: str
    port: int


@dataclass(frozen=True)
class BrokerMake:
    """One make of broker.

    Attributes:
        kind: Its word in settings and on pages.
        find: Its program, or None where it is not installed or too old.
        configure: Write its files into a folder, each replaced in one step; a running broker reads them on SIGHUP.
        command: Program and folder to the command line that runs it in the foreground.
        limits: Promises that do not hold with it, one short line each.
    """

    kind: Kind
    find: Callable[[], Path | None]
    configure: Callable[[Path, Listener, Sequence[BrokerUser]], None]
    command: Callable[[Path, Path], list[str]]
    limits: tuple[str, ...] = ()


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; only its owner may read it."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
