"""The continuity pack: what people need to go on by telephone and on foot while the whole system is down.

One encrypted file, opened on any laptop with one command and a passphrase. It says of itself how: the first two lines
are readable text, and what they say is protected with the rest.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from unicodedata import normalize

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from alerting.casefile import Area, Household, Registry, Responder
from gateway.desk.contract import QueueRow
from gateway.fallback.snapshot import replace_file

MAGIC = b"nuanhu continuity pack 1\n"
HOW = "nuanhu continuity open FILE --out pack.html"
FILE_NAME = "continuity.pack"
SALT_BYTES = NONCE_BYTES = 16
COST = 2**17
MOST_COST = 2**18
LONGEST_HEADER = 2_000


class PackError(Exception):
    """The file is no pack, was changed, or the passphrase is another; the message is one line for people."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The pack's second line: how to open it. ``n``, ``r`` and ``p`` are scrypt's costs; bytes are hexadecimal."""

    open_with: str = HOW
    written_at: datetime
    kdf: str = "scrypt"
    n: int = COST
    r: int = 8
    p: int = 1
    salt: str
    cipher: str = "AES-256-GCM"
    nonce: str
    content: str = "zlib JSON"


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """What is in it.

    Attributes:
        written_at: When, service time.
        title: Name of the centre.
        utc_offset_h: Its local time, hours east of Greenwich.
        rows: Open incidents, most urgent and oldest first.
        areas: All areas, parents before children.
        households: All homes with people, phones, chain and access.
        responders: Who can be sent.
    """

    written_at: datetime
    title: str
    utc_offset_h: float
    rows: tuple[QueueRow, ...]
    areas: tuple[Area, ...]
    households: tuple[Household, ...]
    responders: tuple[Responder, ...]


def pack_of(
    registry: Registry,
    rows: tuple[QueueRow, ...],
    written_at: datetime,
    title: str,
    utc_offset_h: float,
    homes: Iterable[Household] | None = None,
) -> Pack:
    """A pack of what is registered and open; ``homes`` are the households in place of those in the registry.

    Accounts and devices stay out: nobody needs them on paper.
    """
    return Pack(
        written_at=written_at,
        title=title,
        utc_offset_h=utc_offset_h,
        rows=rows,
        areas=registry.areas,
        households=registry.households if homes is None else tuple(homes),
        responders=registry.responders,
    )


def seal(pack: Pack, passphrase: str) -> bytes:
    """The file's content. Takes half a second and 128 MiB: whoever guesses passphrases needs that for each."""
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    header = Header(written_at=pack.written_at, salt=salt.hex(), nonce=nonce.hex())
    readable = MAGIC + msgspec.json.encode(header) + b"\n"
    sealed = AESGCM(key_of(header, passphrase)).encrypt(nonce, zlib.compress(msgspec.json.encode(pack)), readable)
    return readable + sealed


def unseal(content: bytes, passphrase: str) -> Pack:
    """What is in a pack.

    Raises:
        PackError: It is none, it was changed, or the passphrase is another.
    """
    header, readable = read_header(content, MAGIC, "continuity pack")
    try:
        nonce = bytes.fromhex(header.nonce)
        plain = AESGCM(key_of(header, passphrase)).decrypt(nonce, content[len(readable) :], readable)
        return msgspec.json.decode(zlib.decompress(plain), type=Pack)
    except InvalidTag as wrong:
        raise PackError("the passphrase is another, or the file was changed") from wrong
    except (ValueError, zlib.error, msgspec.MsgspecError) as wrong:
        raise PackError(f"this version cannot read what is in the pack: {wrong}") from wrong


def read_header(content: bytes, magic: bytes, name: str) -> tuple[Header, bytes]:
    """How to open a sealed file that begins with ``magic``, and the readable bytes that say so.

    Raises:
        PackError: It is none of that ``name``, or was changed.
    """
    end = content.find(b"\n", len(magic), LONGEST_HEADER) + 1
    if not content.startswith(magic) or not end:
        raise PackError(f"this is no {name} that this version knows")
    try:
        header = msgspec.json.decode(content[len(magic) : end], type=Header)
    except msgspec.MsgspecError as wrong:
        raise PackError(f"the {name}'s second line was changed: {wrong}") from wrong
    known = (header.kdf, header.cipher) == ("scrypt", "AES-256-GCM")
    if not known or not 1 < header.n <= MOST_COST or (header.r, header.p) != (8, 1):
        raise PackError(f"the {name} asks for another way of opening than this version knows")
    return header, content[:end]


def key_of(header: Header, passphrase: str) -> bytes:
    """The key of a file: half a second and 128 MiB for each passphrase that is tried."""
    salt = bytes.fromhex(header.salt)
    return Scrypt(salt=salt, length=32, n=header.n, r=header.r, p=header.p).derive(
        normalize("NFKC", passphrase).encode()
    )


def write_pack(folder: Path, pack: Pack, passphrase: str) -> Path:
    """Put a pack in place of the one before; returns the file.

    Raises:
        OSError: It cannot be written; the one before is still there.
    """
    file = folder / FILE_NAME
    replace_file(file, seal(pack, passphrase))
    return file
