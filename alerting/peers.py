"""Other parties: systems that exchange case files with the gateway, targets of its news, organisations that help."""

from __future__ import annotations

import msgspec

from alerting.decision import Decision
from alerting.organisations import Organisation

MOST_TARGETS = 16
"""Each is served by a thread of its own."""
PEER_MARK = "peer:"
"""Before a peer's id, where something is done by it."""


class Peer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="peer"):
    """Another system that may ask, and change case files with ``may_write``.

    Attributes:
        id: Names it in its key, in the history and in the audit.
        title: What people call it.
        area: It sees what lies there; empty: the whole city.
        may_write: It may register homes and change case files of its area.
        takes_jobs: It is a grid platform: jobs of its area can be handed to it, and it may do nothing else.
        jobs_url: Takes jobs: where it is told of them.
        sealed_secret: Takes jobs: signs what it is told and what it says, itself encrypted. Shown once.
        key_hash: SHA-256 of its key, hexadecimal; the key itself is kept nowhere.
        revoked: Its key opens nothing any more.
    """

    id: str
    title: str
    area: str = ""
    may_write: bool = False
    takes_jobs: bool = False
    jobs_url: str = ""
    sealed_secret: str = ""
    key_hash: str = ""
    revoked: bool = False


class Target(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="target"):
    """Where news is pushed to.

    Attributes:
        id: Names it.
        title: What people call it.
        url: Posted to.
        area: News of what lies there; empty: of the whole city.
        kinds: Which kinds of news; empty: all.
        sealed_secret: Signs what is pushed, itself encrypted. Shown once, when it is made.
        after: Cursor of the news at the moment it was made: everything later is pushed.
        skip: Id of the one event that is not pushed any more, because somebody has said so.
        ended: Nothing is pushed there any more.
    """

    id: str
    title: str
    url: str
    area: str = ""
    kinds: tuple[str, ...] = ()
    sealed_secret: str = ""
    after: str = ""
    skip: str = ""
    ended: bool = False


Party = Peer | Target | Organisation


class PartySaved(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="party"):
    """The registry has this party from now on."""

    party: Party
    before: Party | None = None


def without_secrets(party: Party) -> Party:
    """As the history may keep it."""
    if isinstance(party, Peer):
        return msgspec.structs.replace(party, key_hash="", sealed_secret="")
    return msgspec.structs.replace(party, sealed_secret="") if isinstance(party, Target) else party
