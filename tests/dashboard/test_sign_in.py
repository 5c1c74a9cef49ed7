"""Sign-in: passwords, the cookie, form tokens, and the limit on guessing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from centre import Centre

from alerting.casefile import Role
from dashboard.pages.signing import own_path
from dashboard.sign_in import Passwords, Tokens, WrongPasswords, mark_of
from dashboard.site import SIGN_IN_COOKIE
from tests.dashboard.visitor import HASH, PASSWORD, Visitor, arrived, enrol

NOW = datetime(2026, 1, 5, tzinfo=UTC)
TOKENS = Tokens("the deployer's secret", timedelta(hours=12))


def test_a_cookie_says_who_and_when_and_ends_after_its_time() -> None:
    cookie = TOKENS.write("zuoxi1", HASH, NOW)
    signed_in = TOKENS.read(cookie, NOW + timedelta(hours=11, minutes=59))
    assert signed_in is not None
    assert (signed_in.login, signed_in.at, signed_in.mark) == ("zuoxi1", NOW, mark_of(HASH))
    assert TOKENS.read(cookie, NOW + timedelta(hours=12)) is None
    assert TOKENS.read(cookie, NOW - timedelta(seconds=1)) is None


@pytest.mark.parametrize("cookie", ["", "x", "W10.abc", TOKENS.write("a", "b", NOW)[:-2] + "xx"])
def test_a_cookie_not_written_here_is_nobody_s(cookie: str) -> None:
    assert TOKENS.read(cookie, NOW) is None


def test_a_cookie_of_another_deployment_is_nobody_s() -> None:
    assert Tokens("another deployer's", timedelta(hours=12)).read(TOKENS.write("zuoxi1", HASH, NOW), NOW) is None


def test_a_form_token_fits_one_browser_alone() -> None:
    token = TOKENS.form_token("cookie one")
    assert TOKENS.is_form_token("cookie one", token)
    assert not TOKENS.is_form_token("cookie two", token)
    assert not TOKENS.is_form_token("", TOKENS.form_token(""))
    assert not TOKENS.is_form_token("cookie one", "größer")


async def test_a_password_matches_its_hash_alone() -> None:
    passwords = Passwords()
    assert await passwords.match(HASH, PASSWORD)
    assert not await passwords.match(HASH, PASSWORD + " ")
    assert not await passwords.match(None, PASSWORD)
    assert not await passwords.match("not a hash", PASSWORD)


def test_a_login_has_five_wrong_passwords_a_minute() -> None:
    wrong = WrongPasswords(5)
    for second in range(5):
        assert not wrong.must_wait("zuoxi1", NOW)
        wrong.count("zuoxi1", NOW + timedelta(seconds=second))
    assert wrong.must_wait("zuoxi1", NOW + timedelta(seconds=59))
    assert not wrong.must_wait("zuoxi2", NOW)
    assert not wrong.must_wait("zuoxi1", NOW + timedelta(seconds=61))


def test_the_minute_is_a_real_one_when_the_clock_runs_faster() -> None:
    wrong = WrongPasswords(1, speed=60)
    wrong.count("zuoxi1", NOW)
    assert wrong.must_wait("zuoxi1", NOW + timedelta(minutes=59))


def test_guessing_many_names_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.sign_in.MOST_LOGINS", 10)
    wrong = WrongPasswords(5)
    for n in range(100):
        wrong.count(f"name {n}", NOW)
    assert len(wrong._failures) <= 10


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:x", "/a\nb"]
)
def test_nobody_is_sent_elsewhere(path: str) -> None:
    assert own_path(path) == "/"


async def test_signing_in_and_out(centre: Centre) -> None:
    enrol(centre, "wang", Role.OPERATOR)
    browser = Visitor(centre)
    await browser.go("/faults")
    assert browser.path == "/sign-in?next=/faults"
    await browser.send("/sign-in", login="wang", password="wrong")
    assert browser.status == 401
    assert "账号或密码不正确" in browser.page
    await browser.send("/sign-in", login="wang", password=PASSWORD)
    assert browser.path == "/faults"
    cookie = browser.web.cookies[SIGN_IN_COOKIE]
    await browser.send("/sign-out")
    assert browser.path == "/sign-in"
    assert SIGN_IN_COOKIE not in browser.web.cookies
    assert cookie


async def test_the_cookie_is_kept_from_scripts_and_other_sites(centre: Centre) -> None:
    enrol(centre, "wang", Role.OPERATOR)
    browser = Visitor(centre)
    await browser.go("/sign-in")
    answer = await browser.post("/sign-in", **browser.form("/sign-in"), login="wang", password=PASSWORD)
    written = answer.headers["set-cookie"].lower()
    assert "httponly" in written
    assert "samesite=lax" in written


async def test_guessing_is_slowed_down_even_for_the_right_password(centre: Centre) -> None:
    enrol(centre, "wang", Role.OPERATOR)
    browser = Visitor(centre)
    for _ in range(5):
        await browser.sign_in("wang", "wrong")
        assert browser.status == 401
    await browser.sign_in("wang")
    assert browser.status == 429
    centre.clock.advance(timedelta(seconds=61))
    await browser.sign_in("wang")
    assert browser.path == "/"


async def test_a_sign_in_ends_with_the_shift_and_with_a_new_password(centre: Centre) -> None:
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go("/faults")
    assert browser.path == "/faults"
    accounts = centre.gateway.directory.accounts
    before = accounts["wang"]
    del accounts["wang"]
    await browser.go("/faults")
    assert browser.path.startswith("/sign-in")
    accounts["wang"] = before
    centre.clock.advance(timedelta(hours=12))
    await browser.go("/faults")
    assert browser.path.startswith("/sign-in")


async def test_the_language_is_switched_and_remembered(centre: Centre) -> None:
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go("/faults?x=1")
    assert '<html lang="zh-CN">' in browser.page
    await browser.send("/language", language="en")
    assert browser.path == "/faults?x=1"
    assert '<html lang="en">' in browser.page
    names = "|".join(area.name for area in centre.gateway.directory.areas.values())
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(f"测试wang|暖护|中文|{names}", "", browser.page))
