"""Accounts: nobody gives more than they have, takes their own rights away, or leaves nobody who could give any."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from alerting.casefile import Account, Area, AreaLevel, Channel, Means, Registry, Responder, Role
from alerting.decisions import AccountSaved, Registered
from alerting.enrolment import register
from alerting.enrolment.books import Pending
from alerting.enrolment.command import RegistryCommand
from alerting.enrolment.running import SaveAccount, SetPassword, ShutAccount
from alerting.events import Commanded
from gateway.self_supervision import canary
from gateway.writing.directory import Directory

NOW = datetime(2026, 1, 5, tzinfo=UTC)
TOWN, VILLAGE, ELSEWHERE = "32.01", "32.01.02", "32.02"
HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaGFzaGFzaGFzaA"
OTHER = HASH[:-1] + "B"
CHIEF = Account(login="admin", name="甲", role=Role.ADMINISTRATOR, password_hash=HASH)
LOCAL = Account(login="zhen", name="乙", role=Role.ADMINISTRATOR, password_hash=HASH, area=TOWN)
PUSH = Means(channel=Channel.PUSH, address="ntfys://secret/topic", verified=True)
WANG = Account(login="wang", name="王", role=Role.OPERATOR, password_hash=HASH, area=VILLAGE, means=(PUSH,))
FAR = Account(login="far", name="远", role=Role.OPERATOR, password_hash=HASH, area=ELSEWHERE)


def books(*accounts: Account) -> Directory:
    areas = (
        Area(key="32", name="城", level=AreaLevel.CITY),
        Area(key=TOWN, name="镇", level=AreaLevel.TOWN, parent="32"),
        Area(key=VILLAGE, name="村", level=AreaLevel.VILLAGE, parent=TOWN),
        Area(key=ELSEWHERE, name="他镇", level=AreaLevel.TOWN, parent="32"),
    )
    person = Responder(id="R1", name="戴一", phone="13900000001", area=VILLAGE, duty="village")
    return Directory(Registry(areas=areas, responders=(person,), accounts=accounts or (CHIEF, LOCAL, WANG, FAR)), {})


def asked(command: RegistryCommand, of: Directory | None = None) -> AccountSaved | str:
    """What becomes of it: the change, or the word of the refusal; empty when nothing is new."""
    _, decisions = register.step(Pending(), of or books(), Commanded(command=command), NOW)
    done = [change for made in decisions if isinstance(made, Registered) for change in made.changes]
    if done:
        assert isinstance(done[0], AccountSaved)
        return done[0]
    return str(getattr(decisions[-1], "refused", ""))


def saved(it: Account, by: str = "admin", *, is_new: bool = False) -> AccountSaved | str:
    return asked(SaveAccount(account=it, by=by, is_new=is_new))


def changed(it: Account, **fields: object) -> Account:
    return msgspec.structs.replace(it, **fields)


NEW = Account(login="li", name="李", role=Role.OPERATOR, password_hash=HASH, area=VILLAGE)


def test_a_new_one_must_choose_a_password_first() -> None:
    change = saved(NEW, is_new=True)
    assert isinstance(change, AccountSaved)
    assert change.account.one_time
    assert change.before is None


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"login": "Li"}, "bad_login"),
        ({"login": "~canary"}, "bad_login"),
        ({"login": "@root"}, "bad_login"),
        ({"login": "wang"}, "login_taken"),
        ({"name": " "}, "bad_account_name"),
        ({"area": "99"}, "unknown_area"),
        ({"role": Role.RESPONDER}, "needs_responder"),
        ({"responder": "R9"}, "unknown_responder"),
        ({"responder": "R1", "area": ELSEWHERE}, "unknown_responder"),
        ({"password_hash": "secret"}, "bad_password"),
        ({"password_hash": ""}, "bad_password"),
        ({"language": "fr"}, "bad_password"),
        ({"means": (Means(channel=Channel.SMS, address="hello"),)}, "bad_account_number"),
    ],
)
def test_what_is_not_right_is_refused_with_a_word(fields: dict[str, object], refused: str) -> None:
    assert saved(changed(NEW, **fields), is_new=True) == refused


def test_only_an_open_administrator_gives_and_only_in_their_area() -> None:
    assert saved(NEW, by="wang", is_new=True) == "not_yours_to_give"
    assert saved(NEW, by="nobody", is_new=True) == "not_yours_to_give"
    assert saved(NEW, by=canary.KEY, is_new=True) == "not_yours_to_give"
    assert saved(changed(NEW, area=""), by="zhen", is_new=True) == "not_yours_to_give"
    assert saved(changed(NEW, area=ELSEWHERE), by="zhen", is_new=True) == "not_yours_to_give"
    assert isinstance(saved(NEW, by="zhen", is_new=True), AccountSaved)
    assert saved(changed(FAR, name="新"), by="zhen") == "unknown_account"
    assert saved(changed(WANG, area=""), by="zhen") == "not_yours_to_give"
    shut = books(changed(CHIEF, shut=True, password_hash=""), LOCAL, WANG)
    assert asked(ShutAccount(login="wang", by="admin"), shut) == "not_yours_to_give"


def test_a_town_does_not_reach_the_city() -> None:
    assert asked(ShutAccount(login="admin", by="zhen")) == "unknown_account"
    assert asked(SetPassword(login="admin", password_hash=OTHER, by="zhen")) == "unknown_account"


def test_the_account_behind_the_canary_is_nobodys() -> None:
    assert asked(ShutAccount(login=canary.KEY, by="admin")) == "unknown_account"
    assert asked(SetPassword(login=canary.KEY, password_hash=OTHER, by="admin")) == "unknown_account"


def test_nobody_takes_their_own_rights_away() -> None:
    second = changed(CHIEF, login="zweite")
    both = books(CHIEF, second, WANG)
    assert asked(ShutAccount(login="admin", by="admin"), both) == "own_account"
    assert asked(SaveAccount(account=changed(CHIEF, role=Role.OPERATOR), by="admin"), both) == "own_account"
    assert asked(SaveAccount(account=changed(CHIEF, area=TOWN), by="admin"), both) == "own_account"
    assert isinstance(asked(SaveAccount(account=changed(CHIEF, name="新名"), by="admin"), both), AccountSaved)
    assert isinstance(asked(ShutAccount(login="zweite", by="admin"), both), AccountSaved)


def test_the_last_one_who_can_give_accounts_stays() -> None:
    machine = "@operator of the machine"
    assert asked(ShutAccount(login="admin", by=machine)) == "last_administrator"
    lower = changed(CHIEF, role=Role.SUPERVISOR)
    assert asked(SaveAccount(account=lower, by=machine)) == "last_administrator"
    assert asked(SaveAccount(account=changed(CHIEF, area=TOWN), by=machine)) == "last_administrator"
    assert isinstance(asked(ShutAccount(login="zhen", by=machine)), AccountSaved), "the city's own are left there"


def test_of_a_change_password_and_secret_addresses_stay() -> None:
    typed = Means(channel=Channel.PUSH, address="ntfys://another", verified=True)
    number = Means(channel=Channel.SMS, address="13900000009", verified=True)
    change = saved(changed(WANG, password_hash="", means=(typed, number), shut=True, one_time=True))
    assert isinstance(change, AccountSaved)
    assert change.account.means == (PUSH, number)
    assert change.account.password_hash == HASH
    assert not change.account.shut
    assert not change.account.one_time


def test_ones_own_password_is_ones_own_and_another_ones_is_for_once() -> None:
    own = asked(SetPassword(login="wang", password_hash=OTHER, by="wang"))
    given = asked(SetPassword(login="wang", password_hash=OTHER, by="admin"))
    assert isinstance(own, AccountSaved)
    assert isinstance(given, AccountSaved)
    assert (own.account.one_time, given.account.one_time) == (False, True)
    assert asked(SetPassword(login="wang", password_hash=OTHER, by="far")) == "not_yours_to_give"
    assert asked(SetPassword(login="wang", password_hash="plain words", by="wang")) == "bad_password"


def test_a_shut_account_has_no_password_and_opens_with_a_new_one_alone() -> None:
    change = asked(ShutAccount(login="wang", by="admin"))
    assert isinstance(change, AccountSaved)
    assert change.account.shut
    assert change.account.password_hash == ""
    after = books(CHIEF, change.account)
    assert asked(SetPassword(login="wang", password_hash=OTHER, by="wang"), after) == "account_shut"
    assert asked(ShutAccount(login="wang", by="admin"), after) == ""
    opened = asked(SetPassword(login="wang", password_hash=OTHER, by="admin"), after)
    assert isinstance(opened, AccountSaved)
    assert not opened.account.shut
    assert opened.account.one_time


def test_who_is_shut_is_not_paged_and_whoever_is_changed_is_at_once() -> None:
    directory = books()
    assert [line.channel for line in directory.people.persons["wang"].lines] == ["push"]
    later = changed(WANG, name="王二", shut=True, password_hash="")
    directory.take([AccountSaved(account=later, before=WANG)])
    assert directory.people.persons["wang"].name == "王二"
    assert directory.people.persons["wang"].lines == ()
    assert directory.addresses.of("wang", "push") == ""
    assert later in directory.signing_in
    assert canary.KEY not in {it.login for it in directory.signing_in}
