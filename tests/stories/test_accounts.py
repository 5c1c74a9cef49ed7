"""Whoever may sign in is said on a page and counts at once: a shut account ends every session, a console's too."""

import html
import re
from datetime import timedelta
from pathlib import Path

import msgspec
from centre import Centre

from alerting.casefile import Channel, Means, Role
from dashboard.live import Console, scope_of
from tests.dashboard.visitor import PASSWORD, Visitor, arrived, enrol

NEW = {
    "login": "li.mei",
    "name": "李梅",
    "role": "operator",
    "area": "",
    "responder": "",
    "phone": "",
    "language": "zh_CN",
    "note": "新坐席",
    "change": "",
}
CHOSEN = "three words of mine"


async def administrator(centre: Centre) -> Visitor:
    visitor = Visitor(centre)
    visitor.enter(centre.gateway.directory.accounts["admin"])
    await visitor.go("/accounts")
    return visitor


def one_time(page: str) -> str:
    found = re.search(r'id="one-time">([^<]+)<', page)
    assert found is not None
    return html.unescape(found[1])


async def made(admin: Visitor) -> str:
    await admin.send("/accounts/save", **NEW)
    assert admin.status == 200
    return one_time(admin.page)


async def test_a_one_time_password_lets_in_only_to_choose_ones_own(centre: Centre) -> None:
    password = await made(await administrator(centre))
    li = Visitor(centre)
    await li.sign_in("li.mei", password)
    assert li.path == "/password"
    await li.go("/incidents")
    assert li.path == "/password"
    await li.send("/password", present=password, new=CHOSEN, again=CHOSEN)
    assert li.path == "/"
    again = Visitor(centre)
    await again.sign_in("li.mei", password)
    assert again.status == 401
    await again.sign_in("li.mei", CHOSEN)
    assert again.path == "/"


def _all_written(folder: Path) -> bytes:
    return b"".join(it.read_bytes() for it in folder.rglob("*") if it.is_file())


async def test_it_is_shown_once_and_is_in_no_journal_and_no_file(centre: Centre) -> None:
    admin = await administrator(centre)
    password = await made(admin)
    assert password not in await admin.go("/accounts?change=li.mei")
    assert "新坐席" in admin.page
    await centre.close_gateway()
    assert password.encode() not in _all_written(centre.folder / "data")
    await centre.open_gateway()


async def test_who_is_shut_is_out_at_once_and_stays_out_with_the_former_cookie(centre: Centre) -> None:
    admin = await administrator(centre)
    wang = Visitor(centre)
    await wang.sign_in("zuoxi1", "nuanhu-demo")
    assert wang.path == "/"
    await admin.go("/accounts")
    await admin.send("/accounts/zuoxi1/shut")
    assert "已停用" in admin.page
    await wang.go("/incidents")
    assert wang.path.startswith("/sign-in")
    await wang.sign_in("zuoxi1", "nuanhu-demo")
    assert wang.status == 401
    await wang.sign_in("zuoxi1", "no account has this password")
    assert wang.status == 401, "nor with the word that stands for nobody's"
    former = Visitor(centre)
    former.web.cookies = wang.web.cookies
    await admin.send("/accounts/zuoxi1/password")
    password = one_time(admin.page)
    await former.go("/incidents")
    assert former.path.startswith("/sign-in"), "open again, but not for who was in before"
    await wang.go("/sign-in")
    await wang.sign_in("zuoxi1", password)
    assert wang.path == "/password"


async def test_it_holds_after_a_restart_with_who_did_it(centre: Centre) -> None:
    await made(await administrator(centre))
    await centre.close_gateway()
    await centre.open_gateway()
    account = await centre.gateway.desk.account("li.mei")
    assert account is not None
    assert account.one_time
    history = await centre.gateway.desk.registrations("account", "li.mei")
    assert [(it.by, it.what, it.note) for it in history] == [("admin", "save_account", "新坐席")]
    assert "argon2" not in history[0].after


async def test_a_guessed_present_password_is_slowed_down_as_at_the_door(centre: Centre) -> None:
    enrol(centre, "wang", Role.OPERATOR)
    wang = Visitor(centre)
    await wang.sign_in("wang")
    for _ in range(5):
        await wang.go("/password")
        await wang.send("/password", present="wrong", new=CHOSEN, again=CHOSEN)
        assert wang.status == 409
    await wang.go("/password")
    await wang.send("/password", present=PASSWORD, new=CHOSEN, again=CHOSEN)
    assert "一分钟" in wang.page


async def test_the_console_of_a_shut_account_ends_with_it_and_no_other(centre: Centre) -> None:
    admin = await administrator(centre)
    hub, until = centre.gateway.app.state.site.hub, centre.clock.now() + timedelta(hours=1)
    consoles = {}
    for login in ("zuoxi1", "zuoxi2"):
        account = centre.gateway.directory.accounts[login]
        consoles[login] = Console(scope_of(account, "zh_CN"), account, until)
        hub._consoles.add(consoles[login])
    await admin.go("/accounts")
    await admin.send("/accounts/zuoxi1/shut")
    assert (consoles["zuoxi1"].ended, consoles["zuoxi2"].ended) == ("signed_out", "")


async def test_who_has_one_number_for_calls_and_another_for_messages_keeps_both_when_the_name_is_changed(
    centre: Centre,
) -> None:
    admin, directory = await administrator(centre), centre.gateway.directory
    numbers = {Channel.SMS: "13900000011", Channel.VOICE: "051088880011"}
    means = tuple(Means(channel=it, address=number, verified=True) for it, number in numbers.items())
    directory.accounts["zuoxi1"] = msgspec.structs.replace(directory.accounts["zuoxi1"], means=means)
    page = await admin.go("/accounts?change=zuoxi1")
    assert numbers[Channel.SMS] in page
    fields = NEW | {"change": "zuoxi1", "name": "王芳", "phone": numbers[Channel.SMS]}
    await admin.send("/accounts/save", **fields, verified=["sms", "voice"])
    assert {it.channel: it.address for it in directory.accounts["zuoxi1"].means} == numbers
    assert directory.accounts["zuoxi1"].name == "王芳"
    await admin.go("/accounts?change=zuoxi1")
    await admin.send("/accounts/save", **fields | {"phone": "13900000012"})
    assert {it.address for it in directory.accounts["zuoxi1"].means} == {"13900000012"}


async def test_a_change_of_nobody_makes_nobody(centre: Centre) -> None:
    admin = arrived(centre, "boss", Role.ADMINISTRATOR)
    await admin.go("/accounts")
    before = len(await centre.gateway.desk.accounts())
    form = admin.form("/accounts/save")
    answer = await admin.post("/accounts/save", **(form | {"change": "nobody", "login": "made", "name": "某人"}))
    assert answer.status_code == 404
    assert len(await centre.gateway.desk.accounts()) == before
