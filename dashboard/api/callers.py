"""Who calls: the peer whose key it is, how often it may, and what it may."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Annotated

from fastapi import Depends, Request

from alerting.peers import PEER_MARK, Peer
from dashboard.api.problems import Problem
from dashboard.sign_in import WrongPasswords
from dashboard.site import site_of
from gateway.bounds import Bucket

BEGINS = "nh"
AT_ONCE, A_SECOND = 300.0, 50.0
"""Calls of a peer."""
MOST_WRONG = 20
"""Wrong keys from one address within a minute; a right one is taken all the same."""
LONGEST_KEY = 200


class Gate:
    """Counts the calls of peers, and the wrong keys."""

    def __init__(self, calls: Bucket, wrong: WrongPasswords) -> None:
        """Nobody has called yet."""
        self.calls = calls
        self.wrong = wrong


def new_key(peer: str) -> str:
    """A key for a peer, as it is shown once."""
    return f"{BEGINS}_{peer}_{secrets.token_urlsafe(32)}"


def hash_of(key: str) -> str:
    """What is kept of a key. It has 256 bits of its own: nothing slower is needed to keep it from being guessed."""
    return hashlib.sha256(key.encode()).hexdigest()


def by(peer: Peer) -> str:
    """Who did it, in the history and in the audit."""
    return f"{PEER_MARK}{peer.id}"


async def caller(request: Request) -> Peer:
    """The peer that calls. Raises ``Problem``."""
    site, gate = site_of(request), _gate(request)
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise Problem(401, "no_key", {"WWW-Authenticate": "Bearer"})
    parts = key.split("_", 2)
    found = await site.desk.party(parts[1]) if len(parts) == 3 and len(key) <= LONGEST_KEY else None  # noqa: PLR2004
    known = found.key_hash if isinstance(found, Peer) and not found.revoked else ""
    if not hmac.compare_digest(hash_of(key), known or "0" * 64) or not isinstance(found, Peer):
        whence, now = request.client.host if request.client else "", site.desk.now()
        if gate.wrong.must_wait(whence, now):
            raise Problem(429, "too_many_calls", {"Retry-After": "60"})
        gate.wrong.count(whence, now)
        raise Problem(401, "wrong_key", {"WWW-Authenticate": 'Bearer error="invalid_token"'})
    if not gate.calls.lets(found.id):
        raise Problem(429, "too_many_calls", {"Retry-After": "1"})
    return found


async def reading_caller(peer: Annotated[Peer, Depends(caller)]) -> Peer:
    """The peer that calls, when it may read case files and news. Raises ``Problem``."""
    if peer.takes_jobs:
        raise Problem(403, "jobs_only")
    return peer


async def taking_caller(peer: Annotated[Peer, Depends(caller)]) -> Peer:
    """The peer that calls, when jobs can be handed to it. Raises ``Problem``."""
    if not peer.takes_jobs:
        raise Problem(403, "takes_no_jobs")
    return peer


async def writing_caller(peer: Annotated[Peer, Depends(reading_caller)]) -> Peer:
    """The peer that calls, when it may write. Raises ``Problem``."""
    if not peer.may_write:
        raise Problem(403, "read_only")
    return peer


def _gate(request: Request) -> Gate:
    gate: Gate = request.app.state.gate
    return gate


Reader = Annotated[Peer, Depends(reading_caller)]
Writer = Annotated[Peer, Depends(writing_caller)]
Platform = Annotated[Peer, Depends(taking_caller)]
