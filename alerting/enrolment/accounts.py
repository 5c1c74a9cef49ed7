"""Who may sign in, judged: who may give what to whom, and that somebody is left who can."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from alerting.casefile import Account, Channel, Means, Role, covers
from alerting.decisions import AccountSaved, RegistryChange
from alerting.enrolment.books import Register
from alerting.enrolment.running import SaveAccount, SetPassword, ShutAccount

LONGEST_NAME = 40
NUMBERS = frozenset({Channel.SMS, Channel.VOICE})
LANGUAGES = frozenset({"zh_CN", "en"})
ONE_MACHINE = "@"
"""Whoever can read the installation's secret asks in this name: they could change the store itself."""
OF_THE_GATEWAY = "~"
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_NUMBER = re.compile(r"\+?[0-9][0-9 -]{4,24}")
_HASH = re.compile(r"\$argon2id\$[\x21-\x7e]{20,400}")

Judged = list[RegistryChange] | str


def _save(r: Register, command: SaveAccount, _: datetime) -> Judged:
    before, wanted = _known(r, command.account.login), command.account
    if before is None and not command.is_new:
        return "unknown_account"
    if before is not None and command.is_new:
        return "login_taken"
    after = msgspec.structs.replace(
        wanted,
        password_hash=before.password_hash if before is not None else wanted.password_hash,
        one_time=before.one_time if before is not None else True,
        shut=before is not None and before.shut,
        means=(*_pushed(before), *(it for it in wanted.means if it.channel in NUMBERS)),
        next_s=before.next_s if before is not None else wanted.next_s,
    )
    if before is None and not _LOGIN.fullmatch(after.login):
        return "bad_login"
    flaw = _not_theirs(r, command.by, before, after) or _flaw(r, after) or _nobody_left(r, before, after)
    if flaw:
        return flaw
    return [AccountSaved(account=after, before=before)] if after != before else []


def _known(r: Register, login: str) -> Account | None:
    """Somebody's account; the gateway's own is nobody's to change."""
    return None if login.startswith(OF_THE_GATEWAY) else r.account(login)


def _pushed(before: Account | None) -> tuple[Means, ...]:
    """Addresses that hold secrets: nobody sees them, and nobody types them."""
    return tuple(it for it in before.means if it.channel not in NUMBERS) if before is not None else ()


def _set_password(r: Register, command: SetPassword, _: datetime) -> Judged:
    before = _known(r, command.login)
    if before is None:
        return "unknown_account"
    is_own = command.by == command.login
    if is_own and before.shut:
        return "account_shut"
    if not _HASH.fullmatch(command.password_hash):
        return "bad_password"
    after = msgspec.structs.replace(before, password_hash=command.password_hash, one_time=not is_own, shut=False)
    return ("" if is_own else _not_theirs(r, command.by, before, after)) or [AccountSaved(account=after, before=before)]


def _shut(r: Register, command: ShutAccount, _: datetime) -> Judged:
    before = _known(r, command.login)
    if before is None:
        return "unknown_account"
    after = msgspec.structs.replace(before, password_hash="", one_time=False, shut=True)
    flaw = _not_theirs(r, command.by, before, after) or _nobody_left(r, before, after)
    return flaw or ([AccountSaved(account=after, before=before)] if not before.shut else [])


def _not_theirs(r: Register, by: str, before: Account | None, after: Account) -> str:
    """Why it is not theirs to change; nobody gives more than they have, nor takes their own away."""
    if by.startswith(ONE_MACHINE):
        return ""
    giver = r.account(by)
    if giver is None or giver.shut or giver.role is not Role.ADMINISTRATOR:
        return "not_yours_to_give"
    if before is not None and not covers(giver.area, before.area):
        return "unknown_account"
    if not covers(giver.area, after.area):
        return "not_yours_to_give"
    if by == after.login and (after.shut or (before is not None and _power(before) != _power(after))):
        return "own_account"
    return ""


def _power(it: Account) -> tuple[Role, str]:
    return it.role, it.area


def _rules(it: Account) -> bool:
    return it.role is Role.ADMINISTRATOR and not it.shut


def _nobody_left(r: Register, before: Account | None, after: Account) -> str:
    """Whether with it the last one goes who could give accounts in that area."""
    if before is None or not _rules(before) or (_rules(after) and covers(after.area, before.area)):
        return ""
    others: Iterable[Account] = (it for it in r.accounts() if it.login != before.login)
    if any(_rules(it) and covers(it.area, before.area) for it in others):
        return ""
    return "last_administrator"


def _flaw(r: Register, it: Account) -> str:
    if not it.name.strip() or len(it.name) > LONGEST_NAME or not it.name.isprintable():
        return "bad_account_name"
    if it.area and not r.has_area(it.area):
        return "unknown_area"
    person = r.responder(it.responder) if it.responder else None
    if it.responder and (person is None or not covers(it.area, person.area)):
        return "unknown_responder"
    if it.role is Role.RESPONDER and not it.responder:
        return "needs_responder"
    if it.language not in LANGUAGES or not (it.shut or _HASH.fullmatch(it.password_hash)):
        return "bad_password"
    if any(means.channel in NUMBERS and not _NUMBER.fullmatch(means.address) for means in it.means):
        return "bad_account_number"
    return ""


JUDGES: dict[type, Callable[[Register, Any, datetime], Judged]] = {
    SaveAccount: _save,
    SetPassword: _set_password,
    ShutAccount: _shut,
}
