"""Peers and targets, judged: who may exchange case files with the gateway, and where news is pushed to."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from alerting.casefile import covers
from alerting.decisions import RegistryChange
from alerting.enrolment.books import Register
from alerting.enrolment.commands import EndTarget, RevokePeer, SavePeer, SaveTarget, SkipEvent
from alerting.peers import MOST_TARGETS, PartySaved, Peer, Target

LONGEST_TITLE = 60
LONGEST_URL = 500
_ID = re.compile(r"[a-z0-9]{4,16}")
_URL = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[1-9][0-9]{0,4})?([/?][!-\"$-~]*)?")

Judged = list[RegistryChange] | str


def is_pushable(url: str) -> bool:
    """Whether this is an address that can be posted to, without anybody's password in it."""
    return len(url) <= LONGEST_URL and _URL.fullmatch(url) is not None


def _save_peer(r: Register, command: SavePeer, _: datetime) -> Judged:
    peer = command.peer
    if r.party(peer.id) is not None or not _ID.fullmatch(peer.id) or len(peer.key_hash) != 64:  # noqa: PLR2004 - SHA-256
        return "bad_peer"
    if peer.takes_jobs and (peer.may_write or not peer.sealed_secret):
        return "bad_peer"
    if peer.takes_jobs and not is_pushable(peer.jobs_url):
        return "bad_url"
    return _flaw(r, command, peer) or [PartySaved(party=msgspec.structs.replace(peer, revoked=False))]


def _revoke(r: Register, command: RevokePeer, _: datetime) -> Judged:
    before = r.party(command.peer)
    if not isinstance(before, Peer) or before.revoked or not covers(command.within, before.area):
        return "no_peer"
    return [
        PartySaved(party=msgspec.structs.replace(before, revoked=True, key_hash="", sealed_secret=""), before=before)
    ]


def _save_target(r: Register, command: SaveTarget, _: datetime) -> Judged:
    target = command.target
    if r.party(target.id) is not None or not _ID.fullmatch(target.id) or not target.sealed_secret:
        return "bad_peer"
    if not is_pushable(target.url):
        return "bad_url"
    if len([it for it in r.parties() if isinstance(it, Target) and not it.ended]) >= MOST_TARGETS:
        return "too_many_targets"
    return _flaw(r, command, target) or [PartySaved(party=target)]


def _end(r: Register, command: EndTarget, _: datetime) -> Judged:
    return _changed(r, command.target, command.within, ended=True, sealed_secret="", after="")


def _skip(r: Register, command: SkipEvent, _: datetime) -> Judged:
    return _changed(r, command.target, command.within, skip=command.event)


def _changed(r: Register, id_: str, within: str, **to: object) -> Judged:
    before = r.party(id_)
    if not isinstance(before, Target) or before.ended or not covers(within, before.area):
        return "no_target"
    return [PartySaved(party=msgspec.structs.replace(before, **to), before=before)]


def _flaw(r: Register, command: SavePeer | SaveTarget, party: Peer | Target) -> str:
    if not party.title.strip() or len(party.title) > LONGEST_TITLE or not party.title.isprintable():
        return "bad_title"
    if party.area and not r.has_area(party.area):
        return "unknown_area"
    return "" if covers(command.within, party.area) else "unknown_area"


JUDGES: dict[type, Callable[[Register, Any, datetime], Judged]] = {
    SavePeer: _save_peer,
    RevokePeer: _revoke,
    SaveTarget: _save_target,
    EndTarget: _end,
    SkipEvent: _skip,
}
