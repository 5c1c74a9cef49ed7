"""The registry once more, encrypted, in a file beside the store: who, where, phones, chain, devices, accounts.

It serves when the store cannot be opened. Its key lies in a file of its own that only its owner can read.
"""

from __future__ import annotations

import os
import secrets
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from alerting.casefile import Household, Registry
from alerting.decisions import EditionSaved

MAGIC = b"nuanhu registry snapshot 1\n"
NONCE_BYTES = 12
KEY_BYTES = 32
OWNER_ONLY = 0o600


class SnapshotError(Exception):
    """There is no snapshot, or it cannot be read; the message is one line for people."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway must know to ring with a name and an address.

    Attributes:
        written_at: When, service time.
        registry: Everything that is registered.
        names: Inner id by friendly name, by bridge: some makes speak in names.
        editions: Plans, roster and people in force: who is called when nobody takes it.
    """

    written_at: datetime
    registry: Registry
    names: dict[str, dict[str, str]]
    editions: tuple[EditionSaved, ...] = ()


def write_snapshot(file: Path, key_file: Path, snapshot: Snapshot, homes: Iterable[Household] | None = None) -> None:
    """Put a snapshot in place of the one before: whole or not at all, also over a power cut.

    Args:
        file: Where to.
        key_file: Where its key is; made when there is none.
        snapshot: What is written.
        homes: The households of its registry in place of those in it, written one after the other: as one text they
            would take more memory for a moment than all else, and keep everybody waiting while it is made.

    Raises:
        OSError: It cannot be written; the one before is still there.
        SnapshotError: The key file holds no key.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    squeezed, plain = zlib.compressobj(), bytearray()
    for piece in _pieces(snapshot, snapshot.registry.households if homes is None else homes):
        plain += squeezed.compress(piece)
    plain += squeezed.flush()
    replace_file(file, MAGIC + nonce + AESGCM(_key(key_file, make=True)).encrypt(nonce, plain, MAGIC))


def _pieces(snapshot: Snapshot, homes: Iterable[Household]) -> Iterator[bytes]:
    """A snapshot as text, in pieces; the first empty list of households in it is the registry's."""
    without = msgspec.structs.replace(snapshot.registry, households=())
    whole = msgspec.json.encode(msgspec.structs.replace(snapshot, registry=without))
    before, name, after = whole.partition(b'"households":[')
    yield before + name
    for n, home in enumerate(homes):
        yield (b"," if n else b"") + msgspec.json.encode(home)
    yield after


def read_snapshot(file: Path, key_file: Path) -> Snapshot:
    """The latest snapshot.

    Raises:
        SnapshotError: There is none, or it was changed, or written with another key or by another version.
    """
    try:
        content = file.read_bytes()
        key = _key(key_file, make=False)
    except OSError as failure:
        raise SnapshotError(f"no snapshot of the registry: {failure}") from failure
    if not content.startswith(MAGIC):
        raise SnapshotError(f"{file} is no snapshot of the registry that this version knows")
    nonce, sealed = content[len(MAGIC) :][:NONCE_BYTES], content[len(MAGIC) + NONCE_BYTES :]
    try:
        plain = zlib.decompress(AESGCM(key).decrypt(nonce, sealed, MAGIC))
        return msgspec.json.decode(plain, type=Snapshot)
    except (InvalidTag, ValueError, zlib.error, msgspec.MsgspecError) as wrong:
        raise SnapshotError(f"{file} was changed, or {key_file} is not its key") from wrong


def _key(file: Path, *, make: bool) -> bytes:
    if make:
        make_file(file, secrets.token_bytes(KEY_BYTES))
    key = file.read_bytes()
    if len(key) != KEY_BYTES:
        raise SnapshotError(f"{file} is no key: it must hold {KEY_BYTES} bytes")
    return key


def make_file(file: Path, content: bytes) -> None:
    """Write a file that only its owner can read unless it is there: of several makers at once one wins, for all.

    Raises:
        OSError: It cannot be done.
    """
    if file.exists():
        return
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    replace_file(fresh, content)
    try:
        with suppress(FileExistsError):  # another maker was first: theirs it is
            os.link(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)
    _settle(file.parent)


def replace_file(file: Path, content: bytes) -> None:
    """Write a file that only its owner can read, in place of the one before, so that a crash leaves one of the two.

    Raises:
        OSError: It cannot be done; the one before is still there.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
    _settle(file.parent)


def _settle(parent: Path) -> None:
    folder = os.open(parent, os.O_RDONLY)
    try:
        with suppress(OSError):  # a network share may not know how; the file itself is there
            os.fsync(folder)
    finally:
        os.close(folder)
