"""Pages: strict headers, nothing inline, nothing from elsewhere, and what each of them shows."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from centre import Centre

from alerting.casefile import Role
from alerting.commands import Close
from alerting.model import Outcome
from dashboard.headers import CONTENT_SECURITY_POLICY
from dashboard.kept_files import STATIC, mark_of
from tests.dashboard.visitor import Visitor, arrived

INLINE = re.compile(r"""<script(?![^>]*\bsrc=)(?![^>]*type="application/json")|\sstyle=|<style|\son\w+=|javascript:""")
ELSEWHERE = re.compile(r"""(?:src|href|action)="(?:https?:)?//""")


def pages(centre: Centre, incident: str) -> list[str]:
    key = centre.home().household
    return [
        "/",
        f"/?incident={incident}",
        f"/incidents/{incident}",
        f"/incidents/{incident}/panel",
        "/incidents",
        "/households",
        f"/households/{key}",
        "/installs",
        f"/installs/{key}",
        f"/installs/{key}/add?code=0x00124b00a1b2c3d4",
        "/strangers",
        "/homes",
        f"/homes/{key}",
        f"/new-incident?q={key}",
        "/overview",
        "/blind",
        "/faults",
        "/quarantine",
        "/health",
        "/accounts",
        "/areas",
        "/channels",
        "/password",
        "/exchange",
        "/jobs",
        "/nowhere",
    ]


async def test_every_page_is_strict_and_complete_in_both_languages(centre: Centre) -> None:
    await centre.press(centre.home())
    row = await centre.row_of(centre.home())
    browser = arrived(centre, "admin2", Role.ADMINISTRATOR)
    for language in ("zh_CN", "en"):
        browser.web.cookies.set("nuanhu_language", language, domain="centre.test")
        for page in pages(centre, row.incident):
            await browser.go(page)
            assert browser.status == (404 if page == "/nowhere" else 200), page
            assert browser.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
            assert browser.headers["x-content-type-options"] == "nosniff"
            assert browser.headers["referrer-policy"] == "same-origin"
            assert browser.headers["cache-control"] == "no-store"
            assert not INLINE.findall(browser.page), page
            assert not ELSEWHERE.findall(browser.page), page
            ids = re.findall(r'\sid="([^"]+)"', browser.page)
            assert len(ids) == len(set(ids)), (page, sorted(id_ for id_ in ids if ids.count(id_) > 1))


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
    assert "unsafe" not in CONTENT_SECURITY_POLICY


async def test_static_files_are_our_own_and_leaflet_comes_from_its_package(centre: Centre) -> None:
    nobody = Visitor(centre)
    for path in ("/static/console.js", "/static/base.css", "/static/icons.svg", "/static/leaflet/leaflet.js"):
        answer = await nobody.web.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert answer.headers["cache-control"] == "no-cache", "asked for anew each time"
    assert (await nobody.web.get("/static/leaflet/../../app.py")).status_code == 404


async def test_files_under_todays_mark_are_kept_for_ever_and_under_an_older_one_asked_for_anew(centre: Centre) -> None:
    nobody = Visitor(centre)
    page = await nobody.go("/sign-in")
    found = re.findall(r'"(/static/[^"#]+)', page)
    assert found
    assert all(path.startswith(f"{STATIC}/") for path in found)
    for path in (*found, f"{STATIC}/leaflet/leaflet.js"):
        assert (await nobody.web.get(path)).headers["cache-control"] == "public, max-age=31536000, immutable", path
    today = await nobody.web.get(f"{STATIC}/base.css")
    former = await nobody.web.get("/static/0123456789ab/base.css")
    assert former.text == today.text, "a page from before an upgrade is drawn all the same"
    assert former.headers["cache-control"] == "no-cache"
    gone = await nobody.web.get(f"{STATIC}/gone.css")
    assert (gone.status_code, gone.headers["cache-control"]) == (404, "no-cache")
    assert (await nobody.web.get(f"{STATIC}/../../app.py")).status_code == 404


def test_the_mark_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a")
    first = mark_of((tmp_path,))
    assert mark_of((tmp_path,)) == first
    (tmp_path / "a.css").write_text("b")
    second = mark_of((tmp_path,))
    (tmp_path / "a.css").rename(tmp_path / "b.css")
    assert len({first, second, mark_of((tmp_path,))}) == 3


async def test_a_quiet_town_teaches_instead_of_showing_nothing(centre: Centre) -> None:
    browser = arrived(centre, "admin2", Role.ADMINISTRATOR)
    for page, words in {
        "/": ("没有待受理的警情", "按空格键"),
        "/incidents": ("还没有结案的警情",),
        "/faults": ("设备全部正常",),
        "/quarantine": ("没有隔离消息",),
        "/overview": ("您的辖区内没有未结案的警情",),
        "/households?q=nobody": ("没有符合的住户",),
        "/new-incident": ("请向来电人询问",),
        f"/households/{centre.home().household}": ("该户从未发生警情",),
    }.items():
        await browser.go(page)
        for word in words:
            assert word in browser.page, (page, word)


async def test_the_console_shows_who_where_why_and_whom_to_call(centre: Centre) -> None:
    home = centre.home()
    file = centre.gateway.directory.households[home.household]
    await centre.press(home)
    row = await centre.row_of(home)
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go(f"/?incident={row.incident}")
    shown = [file.residents[0].name, file.address, "紧急按钮被按下。", file.access, "活动图"]
    shown += [contact.phone for contact in file.contacts]
    for word in shown:
        assert word in browser.page, word
    assert browser.page.index(file.contacts[0].phone) < browser.page.index(file.contacts[-1].phone)


async def test_what_was_written_into_a_case_file_or_a_note_is_never_markup(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go(f"/?incident={row.incident}")
    await browser.send(f"/incidents/{row.incident}/note", text="<script>alert(1)</script>")
    assert "<script>alert(1)" not in browser.page
    assert "&lt;script&gt;alert(1)" in browser.page


async def test_a_closed_incident_is_found_again_with_its_outcome(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    await centre.spoke(row)
    await centre.ask(
        Close(key=row.key, incident=row.incident, by="zuoxi1", outcome=Outcome.ACCIDENTAL, text="老人平安")
    )
    browser = arrived(centre, "sup", Role.SUPERVISOR)
    await browser.go("/incidents")
    assert "误按" in browser.page
    await browser.go(f"/incidents/{row.incident}")
    assert "老人平安" in browser.page
    assert 'data-step="' not in browser.page


async def test_a_message_that_cannot_be_used_is_shown_with_its_reason(centre: Centre) -> None:
    await centre.say(centre.home().bridge.id, f"{centre.home().bridge.prefix}/up/sos/event", b"\xff<b>nonsense")
    browser = arrived(centre, "admin2", Role.ADMINISTRATOR)
    await browser.go("/quarantine")
    assert "/up/sos/event" in browser.page
    assert "<b>nonsense" not in browser.page


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_an_error_of_ours_is_told_in_our_own_words(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, accept: str
) -> None:
    async def broken() -> None:
        raise RuntimeError("the store has gone")

    monkeypatch.setattr(centre.gateway.desk, "areas", broken)
    browser = arrived(centre, "sup", Role.SUPERVISOR)
    await browser.go("/overview", headers={"accept": accept})
    assert browser.status == 500
    assert ("系统出错" in browser.page) is (accept == "text/html")
    assert "the store has gone" not in browser.page
    if accept == "text/html":
        assert browser.headers["content-security-policy"] == CONTENT_SECURITY_POLICY


async def test_monitors_are_told_whether_all_is_well_and_nothing_of_anybody(centre: Centre) -> None:
    nobody = Visitor(centre)
    answer = await nobody.web.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["ok"] is True
    assert answer.json()["consoles"] == 0
    await centre.close_gateway()
    try:
        await centre.until(lambda: not centre.gateway.ingest.connected.is_set(), "the gateway to leave the broker")
        answer = await nobody.web.get("/healthz")
        assert (answer.status_code, answer.json()["ok"], answer.json()["faults"]) == (503, False, ["broker"])
    finally:
        await centre.open_gateway()


async def test_the_plot_marks_the_silence_an_incident_is_about(centre: Centre) -> None:
    home = centre.home()
    await centre.move(home)
    for _ in range(12 * 4):
        centre.clock.advance(timedelta(minutes=15))
        for device in (fitted.device for fitted in home.fitted):
            await centre.alive(home, device)
        await centre.barrier()
    row = await centre.row_of(home)
    assert row.alarms[0].quiet_since is not None
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go(f"/?incident={row.incident}")
    assert "家中没有任何活动" in browser.page
    assert 'class="plot-quiet"' in browser.page
    assert 'class="plot-over"' in browser.page
