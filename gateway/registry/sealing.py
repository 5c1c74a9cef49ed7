"""Bind keys of devices, numbers of identity cards and photos: themselves encrypted wherever they are kept.

The key they are sealed with lies in a file of its own beside the store that only its owner can read.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.fallback.snapshot import make_file

KEY_NAME = "registry.key"
KEY_BYTES = 32
NONCE_BYTES = 12
MARK = b"nuanhu bind key 1"
PERSON_MARK = b"nuanhu person 1"
FILE_MARK = b"nuanhu file 1"


class Sealing:
    """Of one installation.

    Args:
        data: Its folder.
    """

    def __init__(self, data: Path) -> None:
        """Nothing is read before it is needed."""
        self._file = data / KEY_NAME

    def seal(self, key: str) -> str:
        """What may be kept of a bind key; ``key`` is hexadecimal.

        Raises:
            ValueError: It is not.
            OSError: The key file can be neither read nor made.
        """
        plain = bytes.fromhex(key)
        make_file(self._file, secrets.token_bytes(KEY_BYTES))
        nonce = secrets.token_bytes(NONCE_BYTES)
        return b64encode(nonce + AESGCM(self._file.read_bytes()).encrypt(nonce, plain, MARK)).decode()

    def open(self, sealed: str) -> str:
        """The bind key in hexadecimal; empty when there is none, or it was sealed elsewhere."""
        if not sealed:
            return ""
        try:
            content = b64decode(sealed, validate=True)
            cipher = AESGCM(self._file.read_bytes())
            return cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], MARK).hex()
        except (InvalidTag, ValueError, OSError):
            return ""

    def seal_text(self, text: str) -> str:
        """What may be kept of a short text of a person; the same for the same text, so that it can be compared.

        Raises:
            OSError: The key file can be neither read nor made.
        """
        if not text:
            return ""
        make_file(self._file, secrets.token_bytes(KEY_BYTES))
        key = self._file.read_bytes()
        nonce = hmac.digest(key, PERSON_MARK + text.encode(), "sha256")[:NONCE_BYTES]
        return b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), PERSON_MARK)).decode()

    def open_text(self, sealed: str) -> str:
        """The text again; empty when there is none, or it was sealed elsewhere."""
        if not sealed:
            return ""
        try:
            content = b64decode(sealed, validate=True)
            cipher = AESGCM(self._file.read_bytes())
            return cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], PERSON_MARK).decode()
        except (InvalidTag, ValueError, OSError):
            return ""

    def seal_bytes(self, content: bytes) -> bytes:
        """What may be kept of a file about a person, such as a photo.

        Raises:
            OSError: The key file can be neither read nor made.
        """
        make_file(self._file, secrets.token_bytes(KEY_BYTES))
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._file.read_bytes()).encrypt(nonce, content, FILE_MARK)

    def open_bytes(self, sealed: bytes) -> bytes:
        """The file again; empty when there is none, or it was sealed elsewhere."""
        if not sealed:
            return b""
        try:
            cipher = AESGCM(self._file.read_bytes())
            return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], FILE_MARK)
        except (InvalidTag, ValueError, OSError):
            return b""
