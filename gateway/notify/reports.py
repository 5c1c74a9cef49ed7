"""What a provider tells afterwards: delivered or not, keys pressed. Checked first, then brought into our words."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from gateway.clock import host_time
from gateway.notify.port import KEYS
from gateway.notify.provider import Provider, at_path, word_at
from gateway.notify.signatures import body_mac

LONGEST_BODY = 65_536
MOST_REPORTS = 200
FRESH_S = 300
"""A signed report whose time differs more from the host's clock is refused."""
LONGEST_WORD = 40


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a provider tells of one page.

    Attributes:
        reference: Ours; empty when only the provider's own id came back.
        id: The provider's own id.
        what: ``delivered``, ``failed``, ``accepted`` or ``declined``.
        detail: Why it failed, or ``key``.
    """

    reference: str
    id: str
    what: str
    detail: str = ""


class ReportRefusedError(Exception):
    """A report that is not taken; the message is the word for why: ``forged``, ``stale``, ``unreadable``, ``off``."""


def read_reports(
    provider: Provider,
    word: str,
    headers: Mapping[str, str],
    body: bytes,
    now: Callable[[], datetime] = host_time,
) -> list[Report]:
    """Check a callback and read it.

    Args:
        provider: Whose it claims to be.
        word: The last part of the address it was sent to.
        headers: By their names in small letters.
        body: As it came.
        now: What the host's clock shows.

    Returns:
        What it tells, in its order; what says nothing that matters is left out.

    Raises:
        ReportRefusedError: It is not from the provider, or cannot be read.
    """
    _check(provider, word, headers, body, now)
    try:
        told = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise ReportRefusedError("unreadable") from wrong
    pieces = told if isinstance(told, list) else [told]
    return [report for piece in pieces[:MOST_REPORTS] for report in _read(provider, piece)]


def _check(provider: Provider, word: str, headers: Mapping[str, str], body: bytes, now: Callable[[], datetime]) -> None:
    secret = provider.settings.callback_secret.get_secret_value()
    if not secret:
        raise ReportRefusedError("off")
    if provider.shape.reports.signed == "path":
        if not hmac.compare_digest(word.encode(), secret.encode()):
            raise ReportRefusedError("forged")
        return
    at, mac = headers.get("x-timestamp", ""), headers.get("x-signature", "")
    if not hmac.compare_digest(body_mac(secret, at, body).encode(), mac.encode()):
        raise ReportRefusedError("forged")
    if not at.isdecimal() or abs(now().timestamp() - int(at)) > FRESH_S:
        raise ReportRefusedError("stale")


def _read(provider: Provider, told: Any) -> Iterator[Report]:
    """What one object tells: first what became of it, then the key."""
    shape = provider.shape.reports
    for path in shape.within:
        piece = at_path(told, path)
        if not isinstance(piece, dict):
            continue
        reference, id_ = word_at(piece, shape.reference)[:LONGEST_WORD], word_at(piece, shape.id)[:200]
        status, keys = word_at(piece, shape.status), word_at(piece, shape.key)
        if not reference and not id_:
            continue
        if status in shape.delivered:
            yield Report(reference=reference, id=id_, what="delivered")
        elif status and status not in shape.silent:
            why = shape.failed.get(status, status)[:LONGEST_WORD].replace("|", " ")
            yield Report(reference=reference, id=id_, what="failed", detail=why)
        answer = next((KEYS[key] for key in keys if key in KEYS), "")
        if answer:
            yield Report(reference=reference, id=id_, what=answer, detail="key")
