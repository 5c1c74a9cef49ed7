"""How providers want an order signed. Each is checked against its provider's published example in the tests."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

JSON = "application/json; charset=utf-8"


def percent_encoded(text: str) -> str:
    """As RFC 3986 wants it: letters, digits and ``-_.~`` stay."""
    return quote(text, safe="-_.~")


def aliyun_rpc(method: str, fields: Mapping[str, str], secret: str) -> str:
    """Aliyun's RPC signature 1.0 (HMAC-SHA1, Base64).

    Args:
        method: ``GET`` or ``POST``.
        fields: All fields of the request but ``Signature``.
        secret: AccessKey secret.
    """
    listed = "&".join(f"{percent_encoded(k)}={percent_encoded(v)}" for k, v in sorted(fields.items()))
    told = f"{method}&{percent_encoded('/')}&{percent_encoded(listed)}"
    return base64.b64encode(hmac.digest(f"{secret}&".encode(), told.encode(), "sha1")).decode()


def tencent_tc3(service: str, host: str, body: bytes, at: datetime, key: str, secret: str) -> str:
    """Tencent Cloud's signature 3 (TC3-HMAC-SHA256) of a POST with JSON, as the ``Authorization`` header.

    Args:
        service: First word of the host: ``sms``, ``vms`` …
        host: As in the ``Host`` header.
        body: As it is sent.
        at: Aware UTC; goes into ``X-TC-Timestamp`` in whole seconds.
        key: SecretId.
        secret: SecretKey.
    """
    signed = "content-type;host"
    canonical = f"POST\n/\n\ncontent-type:{JSON}\nhost:{host}\n\n{signed}\n{hashlib.sha256(body).hexdigest()}"
    day = f"{at:%Y-%m-%d}"
    scope = f"{day}/{service}/tc3_request"
    told = f"TC3-HMAC-SHA256\n{int(at.timestamp())}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    derived = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        derived = hmac.digest(derived, part.encode(), "sha256")
    signature = hmac.digest(derived, told.encode(), "sha256").hex()
    return f"TC3-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={signed}, Signature={signature}"


def body_mac(secret: str, timestamp: str, body: bytes) -> str:
    """Our own: HMAC-SHA256 over the time of sending, a line feed, and the body; hexadecimal."""
    return hmac.digest(secret.encode(), timestamp.encode() + b"\n" + body, "sha256").hex()


def digest(algorithm: str, text: str, secret: str) -> str:
    """What most small providers ask for: a digest of some fields one after the other, hexadecimal.

    Args:
        algorithm: ``md5``, ``sha1`` or ``sha256``; with ``hmac_`` before it, keyed with the secret.
        text: The fields, already one after the other.
        secret: For the keyed ones.
    """
    if algorithm.startswith("hmac_"):
        return hmac.digest(secret.encode(), text.encode(), algorithm.removeprefix("hmac_")).hex()
    return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()
