"""Adverts of some twenty bytes that are encrypted: AES-128 in CCM mode (RFC 3610)."""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM


@lru_cache(maxsize=4096)
def _cipher(key: bytes, mark_bytes: int) -> AESCCM:
    return AESCCM(key, tag_length=mark_bytes)


def decrypt(key: bytes, nonce: bytes, cipher: bytes, mark: bytes, extra: bytes = b"") -> bytes | None:
    """The plain text, or None when the authentication mark does not fit.

    Args:
        key: 16 bytes.
        nonce: 7 to 13 bytes.
        cipher: What was encrypted.
        mark: Authentication mark, 4 to 16 bytes.
        extra: Authenticated, not encrypted.
    """
    try:
        return _cipher(key, len(mark)).decrypt(nonce, cipher + mark, extra)
    except (InvalidTag, ValueError):  # the latter: lengths that the mode does not have
        return None
