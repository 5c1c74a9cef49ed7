"""The page of follow-up calls, and notes of a case file, as people without scripts use them."""

from __future__ import annotations

from centre import Centre

from alerting.casefile import Role
from alerting.incidents.afterwards import FollowUpTerms, with_changes
from alerting.model import Outcome
from dashboard.follow_up_part import called_after
from dashboard.i18n import load_languages
from dashboard.speech import Speech
from dashboard.times import LocalTime
from tests.dashboard.visitor import Visitor, arrived


async def tomorrow(centre: Centre) -> None:
    """It is ten o'clock of the next day; at home somebody has been moving about, and every device was heard."""
    await centre.live(centre.home(), hours=26)


async def closed_by_form(centre: Centre, browser: Visitor, outcome: Outcome = Outcome.REAL, **fields: str) -> str:
    """A press, claimed and closed on the console; returns the household."""
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await browser.go(f"/incidents/{row.incident}")
    base = f"/incidents/{row.incident}"
    await browser.send(f"{base}/claim")
    await browser.send(f"{base}/call", whom=row.resident, result="well")
    await browser.send(f"{base}/close", outcome=outcome.value, **fields)
    assert not [it for it in await centre.queue() if it.household == home.household]
    return home.household


async def test_a_call_is_recorded_with_its_result_and_its_note(centre: Centre) -> None:
    browser = arrived(centre, "wang", Role.OPERATOR)
    key = await closed_by_form(centre, browser)
    await browser.go("/follow-ups")
    assert "目前没有需要回访的住户" in browser.page
    assert "已安排" in browser.page
    await tomorrow(centre)
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go("/")
    assert '<b data-counter="follow_ups">1</b>' in browser.page
    await browser.go("/follow-ups")
    home = centre.gateway.directory.households[key]
    for text in (home.title, f"tel:{home.residents[0].phone}", f"tel:{home.contacts[0].phone}", "确需救助"):
        assert text in browser.page
    await browser.send(f"/follow-ups/{key}/call", result="no_answer", text="没人接")
    assert "1 次无人接听" in browser.page
    await centre.live(centre.home(), hours=2)
    await browser.go("/follow-ups")
    await browser.send(f"/follow-ups/{key}/call", result="spoke", text="恢复得不错")
    assert "恢复得不错" in browser.page
    assert f'action="/follow-ups/{key}/call"' not in browser.page
    late = await browser.post(f"/follow-ups/{key}/call", result="spoke", csrf="stale")
    assert late.status_code == 403


async def test_late_ones_are_on_the_supervisor_s_overview(centre: Centre) -> None:
    key = await closed_by_form(centre, arrived(centre, "wang", Role.OPERATOR))
    await tomorrow(centre)
    supervisor = arrived(centre, "zhu", Role.SUPERVISOR)
    await supervisor.go("/overview")
    assert "late-follow-ups" not in supervisor.page
    await centre.live(centre.home(), hours=4)
    await supervisor.go("/overview")
    assert "1 户回访已逾期" in supervisor.page
    await supervisor.go("/follow-ups")
    assert centre.gateway.directory.households[key].title in supervisor.page
    assert f"/follow-ups/{key}/call" not in supervisor.page, "who may not act has no form"
    assert (await supervisor.post(f"/follow-ups/{key}/call", result="spoke")).status_code == 403


async def test_nobody_sees_or_answers_beyond_their_area(centre: Centre) -> None:
    key = await closed_by_form(centre, arrived(centre, "wang", Role.OPERATOR))
    await tomorrow(centre)
    homes = centre.gateway.directory.households
    other = next(home.area for home in homes.values() if home.area != homes[key].area)
    browser = arrived(centre, "li", Role.OPERATOR, area=other)
    await browser.go("/follow-ups")
    assert homes[key].title not in browser.page
    csrf = browser.form("/sign-out")["csrf"]
    answer = await browser.post(f"/follow-ups/{key}/call", result="spoke", csrf=csrf, once="x")
    assert answer.status_code == 404
    assert (await browser.post(f"/households/{key}/notes", text="x", csrf=csrf, once="y")).status_code == 404


async def test_a_note_of_the_closing_shows_in_the_case_file_and_in_the_next_incident(centre: Centre) -> None:
    browser = arrived(centre, "wang", Role.OPERATOR)
    key = await closed_by_form(centre, browser, Outcome.WAS_WELL, case_note="按两次门铃，耳背")
    await browser.go(f"/households/{key}")
    assert "按两次门铃，耳背" in browser.page
    csrf = browser.form("/sign-out")["csrf"]
    await browser.post(f"/households/{key}/notes", text="钥匙在邻居处", csrf=csrf, once="x")
    await browser.go(f"/households/{key}")
    assert "钥匙在邻居处" in browser.page
    await browser.send(f"/households/{key}/notes/1/strike")
    assert "<s>按两次门铃，耳背</s>" in browser.page
    assert "已划去" in browser.page
    await centre.press(centre.home())
    row = await centre.row_of(centre.home())
    await browser.go(f"/incidents/{row.incident}")
    assert "钥匙在邻居处" in browser.page
    assert "按两次门铃，耳背" not in browser.page.split('id="case-notes"')[1].split("</ul>")[0]


async def test_the_administrator_sees_the_terms(centre: Centre) -> None:
    browser = arrived(centre, "guan", Role.ADMINISTRATOR)
    await browser.go("/values")
    part = browser.page.split('id="follow-up-terms"')[1]
    assert "<code>not_at_home.p1</code>" in part
    assert "24 小时" in part or "1 天" in part


def test_the_text_says_the_terms_that_are_in_force() -> None:
    zh = Speech(load_languages()["zh_CN"], LocalTime(8))
    assert called_after(FollowUpTerms(), zh) == [
        "确需救助，已救助 · P1 紧急、P2 重要、P3 关注 · 1 天后",
        "家中无人 · P1 紧急、P2 重要、P3 关注 · 1 天后",
        "其他 · P1 紧急、P2 重要 · 1 天后",
    ]
    theirs = with_changes({"real": [2, 1, 0, 0], "was_well": [3, 0, 0, 0], "not_at_home": [0] * 4, "other": [0] * 4})
    assert called_after(theirs, zh) == [
        "确需救助，已救助 · P2 重要 · 1 天后",
        "确需救助，已救助 · P1 紧急 · 2 天后",
        "平安，未发生意外 · P1 紧急 · 3 天后",
    ]


async def test_a_centre_with_its_own_terms_reads_them_on_the_page(centre: Centre) -> None:
    page = await arrived(centre, "wang", Role.OPERATOR).go("/follow-ups")
    assert "其他 · " in page, "also what is neither a rescue nor nobody spoken to"
    await centre.set_up(follow_up={"was_well": [3, 0, 0, 0], "hour": 9, "tries": 4, "again_s": 3600})
    page = await arrived(centre, "wang", Role.OPERATOR).go("/follow-ups")
    terms = page.split('id="terms"')[1].split("</div>")[0]
    assert "平安" in terms
    assert "3 天后" in terms
    assert "09:00" in terms or "9:00" in terms
    assert "连续 4 次无人接听" in terms
    none = {outcome.value: [0] * 4 for outcome in Outcome}
    await centre.set_up(follow_up=none)
    page = await arrived(centre, "wang", Role.OPERATOR).go("/follow-ups")
    assert "不安排电话回访" in page
