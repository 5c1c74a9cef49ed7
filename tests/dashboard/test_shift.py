"""The pages beside the console: the end of a shift, the table of values, and whose consoles are here."""

from centre import Centre
from starlette.status import HTTP_403_FORBIDDEN

from alerting.casefile import Role
from dashboard.register import Register
from tests.dashboard.visitor import arrived

SILENT_S = 15.0


async def test_a_shift_is_handed_over_and_declined_by_plain_forms(centre: Centre) -> None:
    await centre.press(centre.home())
    row = await centre.row_of(centre.home())
    leaves = arrived(centre, "zao", Role.OPERATOR)
    comes = arrived(centre, "wan", Role.OPERATOR)
    await centre.claim(row, by="zao")
    await leaves.go("/shift")
    await leaves.send("/shift/end", login="wan")
    assert "测试wan" in leaves.page
    await comes.go("/shift")
    assert "测试zao 向您交班" in comes.page
    await comes.send("/shift/decline", login="zao")
    assert "向您交班" not in comes.page
    assert (await centre.row_of(centre.home())).claimed_by == "zao"


async def test_nothing_to_hand_over_says_so(centre: Centre) -> None:
    browser = arrived(centre, "zao", Role.OPERATOR)
    await browser.go("/shift")
    assert "没有未结警情" in browser.page
    answer = await browser.post("/shift/end", csrf=browser.form("/language")["csrf"], login="zuoxi2")
    assert "nothing_to_hand_over" in answer.headers["location"]


async def test_who_does_not_answer_calls_has_no_shift_to_hand_over(centre: Centre) -> None:
    for role in (Role.SUPERVISOR, Role.RESPONDER, Role.INSTALLER):
        browser = arrived(centre, f"x{role}", role)
        await browser.go("/shift")
        assert browser.status == HTTP_403_FORBIDDEN


async def test_the_administrator_sees_every_value_with_its_bounds(centre: Centre) -> None:
    browser = arrived(centre, "chief", Role.ADMINISTRATOR)
    await browser.go("/values")
    for word in ("时限表", "90 秒", "30 秒 – 5 分钟", "p1_step_s", "reopen_s", "值班电话"):
        assert word in browser.page, word
    other = arrived(centre, "wang", Role.OPERATOR)
    await other.go("/values")
    assert other.status == HTTP_403_FORBIDDEN


async def test_a_supervisor_can_be_the_second_person_and_nothing_else(centre: Centre) -> None:
    await centre.press(centre.home())
    row = await centre.row_of(centre.home())
    boss = arrived(centre, "boss", Role.SUPERVISOR)
    await boss.go(f"/incidents/{row.incident}")
    token = boss.form("/language")["csrf"]
    for step in ("claim", "close", "hold", "hand_over", "note"):
        assert (await boss.post(f"/incidents/{row.incident}/{step}", csrf=token)).status_code == HTTP_403_FORBIDDEN
    answer = await boss.post(f"/incidents/{row.incident}/agree", csrf=token)
    assert "refused=not_claimed" in answer.headers["location"]


def test_a_socket_that_says_nothing_is_nobody() -> None:
    register = Register(SILENT_S)
    (seen,) = register.seen([("anna", 100.0, True), ("anna", 90.0, False)], 100.0)
    assert (seen.sockets, seen.attended, seen.heard_s) == (2, 1, 100.0)
    (gone,) = register.seen([("anna", 100.0, True)], 115.0)
    assert (gone.sockets, gone.heard_s) == (0, 100.0), "when it was heard last is told once"
    assert register.seen([("anna", 100.0, True)], 116.0) == []


def test_a_console_that_polls_is_here() -> None:
    register = Register(SILENT_S)
    register.polled("anna", 100.0)
    assert [it.sockets for it in register.seen([], 110.0)] == [1]
    assert [it.sockets for it in register.seen([], 120.0)] == [0]
    assert register.seen([], 121.0) == []


def test_of_two_tabs_that_poll_the_one_that_attends_counts_until_it_is_silent() -> None:
    register = Register(SILENT_S)
    register.polled("anna", 100.0, attended=True)
    register.polled("anna", 101.0)
    assert [it.attended for it in register.seen([], 102.0)] == [1]
    register.polled("anna", 100.0 + SILENT_S)
    assert [(it.sockets, it.attended) for it in register.seen([], 100.0 + SILENT_S)] == [(1, 0)]
