"""Who may come to the broker, and what each may say and hear there."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from alerting.casefile import Bridge

OWN_PROTOCOL_ROOT = "nuanhu/1/"
"""Bridges of our own protocol live below it and speak ``up`` and hear ``down``; see docs/protocol.md."""

GATEWAY_NAME = "gateway"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_PASSWORD = re.compile(r"[!-~]{1,128}")
_UNFIT_IN_TOPIC = re.compile(r"[\s\x00-\x1f\x7f+#*>%]")


class BrokerError(Exception):
    """The broker cannot run, or not as asked. The message is one line for people: what, and how to mend it."""


class BrokerUser(msgspec.Struct, frozen=True):
    """One account at the broker.

    Attributes:
        name: Letters, digits and ``._@-``, at most 64.
        password: Printable ASCII without spaces, at most 128 characters.
        write: Topic filters it may publish to.
        read: Topic filters it receives from.
    """

    name: str
    password: str
    write: tuple[str, ...]
    read: tuple[str, ...]


def bridge_user(bridge: Bridge, password: str) -> BrokerUser:
    """The account of a bridge: it owns what lies below its prefix and nothing else.

    A bridge of our own protocol publishes below ``<prefix>/up`` and hears ``<prefix>/down``, so that it cannot
    forge the gateway's receipts. Others use their prefix both ways, as their makers meant.

    Raises:
        BrokerError: Id or prefix are not fit for access rules.
    """
    prefix = bridge.prefix
    if not prefix or prefix.startswith("$") or _UNFIT_IN_TOPIC.search(prefix) or "" in prefix.split("/"):
        raise BrokerError(
            f"bridge {bridge.id}: {prefix!r} cannot be a topic prefix (no spaces, wildcards, empty levels)"
        )
    if prefix.startswith(OWN_PROTOCOL_ROOT):
        user = BrokerUser(bridge.id, password, write=(f"{prefix}/up/#",), read=(f"{prefix}/down/#",))
    else:
        user = BrokerUser(bridge.id, password, write=(f"{prefix}/#",), read=(f"{prefix}/#",))
    _check(user)
    return user


def gateway_user(password: str) -> BrokerUser:
    """The gateway's account: hears everything, speaks only to devices of our own protocol."""
    user = BrokerUser(GATEWAY_NAME, password, write=(f"{OWN_PROTOCOL_ROOT}+/down/#",), read=("#",))
    _check(user)
    return user


def check_users(users: Sequence[BrokerUser]) -> None:
    """Refuse accounts that no rule file can express.

    Raises:
        BrokerError: An unfit name or password, a name used twice, or nobody at all.
    """
    if not users:
        raise BrokerError("the broker has no accounts: nobody could use it")
    seen: set[str] = set()
    for user in users:
        _check(user)
        if user.name in seen:
            raise BrokerError(f"two broker accounts are called {user.name}")
        seen.add(user.name)


def check_prefixes(bridges: Sequence[Bridge]) -> None:
    """Refuse bridges that could speak for one another.

    Raises:
        BrokerError: Two bridges have the same prefix, or one lies below another's.
    """
    owner: dict[str, str] = {}
    for bridge in bridges:
        if bridge.prefix in owner:
            raise BrokerError(f"bridges {owner[bridge.prefix]} and {bridge.id} claim the same prefix {bridge.prefix}")
        owner[bridge.prefix] = bridge.id
    for prefix, bridge_id in owner.items():
        levels = prefix.split("/")
        above = ("/".join(levels[:n]) for n in range(1, len(levels)))
        for outer in above:
            if outer in owner:
                raise BrokerError(f"bridge {bridge_id} ({prefix}) lies below bridge {owner[outer]} ({outer})")


def _check(user: BrokerUser) -> None:
    if not _NAME.fullmatch(user.name):
        raise BrokerError(f"{user.name!r} cannot be a broker account: use letters, digits and ._@-, at most 64")
    if not _PASSWORD.fullmatch(user.password):
        raise BrokerError(f"the password of broker account {user.name} must be 1-128 printable ASCII characters")
