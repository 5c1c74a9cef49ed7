"""A back-up: the whole store at one moment in one encrypted file, written while the gateway runs, and put back from it.

The file says of itself how it is opened, as the continuity pack does: two readable lines, protected with the rest. What
follows is compressed and sealed in pieces, each with its number and whether it is the last, so that none can be left
out, doubled or moved, and no size of store must fit into memory.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.fallback.continuity import LONGEST_HEADER, SALT_BYTES, Header, PackError, key_of, read_header
from gateway.store.copying import PIECE_BYTES, CopyError, copied, half_done, kind_of, put_back
from gateway.store.look import store_file
from gateway.store.seat import Seat

MAGIC = b"nuanhu backup 1\n"
HOW = "nuanhu restore FILE"
HALF_DONE = ".nuanhu-backup.new"
PREFIX_BYTES = 7
LENGTH = struct.Struct(">I")
LEVEL = 3


class BackupError(Exception):
    """A back-up cannot be written, read or put back; the message is one line for people."""


class BackupReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was written, read or put back.

    Attributes:
        file: The back-up.
        written_at: Of which moment it is.
        store: ``sqlite`` or ``postgresql``; it goes back into the same kind.
        bytes: Size of the file.
        store_bytes: Size of what is in it.
    """

    file: str
    written_at: datetime
    store: str
    bytes: int
    store_bytes: int


def write_backup(url: str, file: Path, passphrase: str, now: datetime) -> BackupReport:
    """Copy the store at ``url`` into a file, and read the file once: what is reported can be put back.

    Raises:
        BackupError: It cannot be done; no file of that name is left, and none of before is touched.
    """
    if file.exists():
        raise BackupError(f"{file} is there already")
    fresh = file.with_name(HALF_DONE)
    try:
        kind, said, again = kind_of(url), hashlib.sha256(), hashlib.sha256()
        with half_done(fresh) as out:
            _seal(_heard(copied(url), said), out, kind, passphrase, now)
            out.flush()
            os.fsync(out.fileno())
            report = _read(out, file, passphrase, again)
            if again.digest() != said.digest():
                raise BackupError(f"{file}: what was written reads otherwise: look at the disk")
            fresh.replace(file)
    except (OSError, CopyError) as failure:
        raise BackupError(f"no back-up was written: {failure}") from failure
    return report


def read_backup(file: Path, passphrase: str) -> BackupReport:
    """Read a back-up to its end without writing anything: could it be put back?

    Raises:
        BackupError: It cannot be read, was changed, is cut off, or the passphrase is another.
    """
    try:
        with file.open("rb") as source:
            return _read(source, file, passphrase, hashlib.sha256())
    except OSError as failure:
        raise BackupError(f"{file}: {failure.strerror}") from failure


def restore_backup(file: Path, url: str, passphrase: str) -> BackupReport:
    """Make the store at ``url`` from a back-up. It must be empty; what cannot be read to its end changes nothing.

    Raises:
        BackupError: As ``read_backup``, or the store has something in it, is of another kind or cannot be written.
        StoreTakenError: A gateway writes there.
        StoreError: PostgreSQL does not answer.
    """
    report = read_backup(file, passphrase)
    if report.store != kind_of(url):
        raise BackupError(f"{file} is of another kind of store ({report.store}) than store_url names")
    try:
        place = store_file(url)
        if place is not None:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        seat = Seat(url)
        try:
            with file.open("rb") as source:
                put_back(url, _opened(source, file, passphrase))
        finally:
            seat.leave()
    except (OSError, CopyError) as failure:
        raise BackupError(f"nothing was put back: {failure}") from failure
    return report


def _read(source: IO[bytes], file: Path, passphrase: str, said: hashlib._Hash) -> BackupReport:
    n = 0
    for piece in _opened(source, file, passphrase):
        said.update(piece)
        n += len(piece)
    size = source.seek(0, os.SEEK_END)
    header, _ = _header_of(source, file)
    kind = header.content.rpartition(" ")[2]
    return BackupReport(file=str(file), written_at=header.written_at, store=kind, bytes=size, store_bytes=n)


def _heard(pieces: Iterable[bytes], said: hashlib._Hash) -> Iterator[bytes]:
    for piece in pieces:
        said.update(piece)
        yield piece


def _content(kind: str) -> str:
    return f"zlib {kind}"


def _seal(pieces: Iterable[bytes], out: IO[bytes], kind: str, passphrase: str, now: datetime) -> None:
    salt, prefix = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(PREFIX_BYTES)
    header = Header(open_with=HOW, written_at=now, salt=salt.hex(), nonce=prefix.hex(), content=_content(kind))
    readable = MAGIC + msgspec.json.encode(header) + b"\n"
    cipher = AESGCM(key_of(header, passphrase))
    out.write(readable)
    for n, (piece, is_last) in enumerate(_with_last(_squeezed(pieces))):
        sealed = cipher.encrypt(_nonce(prefix, n, is_last=is_last), piece, readable)
        out.write(LENGTH.pack(len(sealed)) + sealed)


def _squeezed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Compressed, in pieces of about the same size."""
    squeezed, ready = zlib.compressobj(LEVEL), bytearray()
    for piece in pieces:
        ready += squeezed.compress(piece)
        if len(ready) >= PIECE_BYTES:
            yield bytes(ready)
            ready.clear()
    yield bytes(ready) + squeezed.flush()


def _with_last(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    before: bytes | None = None
    for piece in pieces:
        if before is not None:
            yield before, False
        before = piece
    yield before or b"", True


def _nonce(prefix: bytes, n: int, *, is_last: bool) -> bytes:
    return prefix + struct.pack(">IB", n, is_last)


def _header_of(source: IO[bytes], file: Path) -> tuple[Header, bytes]:
    source.seek(0)
    try:
        return read_header(source.read(LONGEST_HEADER), MAGIC, "back-up")
    except PackError as wrong:
        raise BackupError(f"{file}: {wrong}") from wrong


def _opened(source: IO[bytes], file: Path, passphrase: str) -> Iterator[bytes]:
    """What is in a back-up, in pieces."""
    header, readable = _header_of(source, file)
    source.seek(len(readable))
    squeezed, n = zlib.decompressobj(), 0
    try:
        cipher, prefix = AESGCM(key_of(header, passphrase)), bytes.fromhex(header.nonce)
        sealed = _next(source)
        while sealed is not None:
            following = _next(source)
            plain = cipher.decrypt(_nonce(prefix, n, is_last=following is None), sealed, readable)
            while plain:
                yield squeezed.decompress(plain, PIECE_BYTES)
                plain = squeezed.unconsumed_tail
            sealed, n = following, n + 1
        while rest := squeezed.decompress(squeezed.unconsumed_tail, PIECE_BYTES):
            yield rest
        if not squeezed.eof:
            raise BackupError(f"{file}: cut off")
    except InvalidTag as wrong:
        why = "the passphrase is another, or the file was changed" if n == 0 else "changed or cut off"
        raise BackupError(f"{file}: {why}") from wrong
    except (ValueError, zlib.error) as wrong:
        raise BackupError(f"{file}: {wrong}") from wrong


def _next(source: IO[bytes]) -> bytes | None:
    head = source.read(LENGTH.size)
    if not head:
        return None
    if len(head) < LENGTH.size or len(sealed := source.read(LENGTH.unpack(head)[0])) < LENGTH.unpack(head)[0]:
        raise ValueError("cut off")
    return sealed
