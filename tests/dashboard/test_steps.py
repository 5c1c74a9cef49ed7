"""Steps are plain forms: they work without scripts, act once, and say why when they are not done."""

from __future__ import annotations

import re

import pytest
from centre import Centre, done

from alerting.casefile import Role
from alerting.model import EntryKind, Outcome, Priority
from tests.dashboard.visitor import Visitor, arrived, told

SCRIPT = {"accept": "application/json"}


async def pressed(centre: Centre) -> tuple[str, str]:
    """Key and incident of a press in the first home."""
    await centre.press(centre.home())
    row = await centre.row_of(centre.home())
    return row.key, row.incident


async def kinds(centre: Centre, incident: str) -> list[EntryKind]:
    return [entry.kind for entry in done((await centre.incident(incident)).timeline)]


async def test_from_claim_to_close_without_scripts(centre: Centre) -> None:
    _, incident = await pressed(centre)
    base = f"/incidents/{incident}"
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go(f"/?incident={incident}")
    await browser.send(f"{base}/claim")
    assert browser.path == f"/?incident={incident}"
    await browser.send(f"{base}/call", whom="李小芸", result="no_answer")
    responder = re.search(r'name="responder" value="([^"]+)"', browser.page)
    assert responder
    await browser.send(f"{base}/dispatch", responder=responder[1])
    await browser.send(f"{base}/arrive")
    await browser.send(f"{base}/resolve", text="已扶起，无外伤")
    await browser.send(f"{base}/close", outcome="real", text="女儿已到")
    assert "确需救助" in browser.page
    view = await centre.incident(incident)
    assert view.incident.outcome is Outcome.REAL
    assert await kinds(centre, incident) == [
        EntryKind.ALARM,
        EntryKind.CLAIMED,
        EntryKind.CALLED,
        EntryKind.DISPATCHED,
        EntryKind.ARRIVED,
        EntryKind.RESOLVED,
        EntryKind.CLOSED,
        EntryKind.FOLLOW_UP_PLANNED,
    ]
    assert {entry.by for entry in done(view.timeline)[1:-1]} == {"wang"}


async def test_every_step_can_be_undone_from_the_page(centre: Centre) -> None:
    _, incident = await pressed(centre)
    base = f"/incidents/{incident}"
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go(base)
    await browser.send(f"{base}/claim")
    assert browser.path == base
    await browser.send(f"{base}/release")
    assert (await centre.row_of(centre.home())).state == "open"
    await browser.send(f"{base}/claim")
    responder = re.search(r'name="responder" value="([^"]+)"', browser.page)
    assert responder
    await browser.send(f"{base}/dispatch", responder=responder[1])
    await browser.send(f"{base}/recall")
    assert (await centre.row_of(centre.home())).state == "claimed"
    await browser.send(f"{base}/resolve")
    await browser.send(f"{base}/reopen")
    assert (await centre.row_of(centre.home())).state == "claimed"


async def test_a_refusal_names_who_holds_it(centre: Centre) -> None:
    _, incident = await pressed(centre)
    wang, li = arrived(centre, "wang", Role.OPERATOR), arrived(centre, "li", Role.OPERATOR)
    for browser in (wang, li):
        await browser.go(f"/?incident={incident}")
    await wang.send(f"/incidents/{incident}/claim")
    await li.send(f"/incidents/{incident}/claim")
    assert li.path.startswith(f"/?incident={incident}&refused=held_by_other")
    assert "未执行：该警情已由测试wang受理。" in li.page


async def test_a_script_is_told_the_same_as_json(centre: Centre) -> None:
    _, incident = await pressed(centre)
    wang, li = arrived(centre, "wang", Role.OPERATOR), arrived(centre, "li", Role.OPERATOR)
    await wang.go(f"/?incident={incident}")
    form = wang.form(f"/incidents/{incident}/claim")
    await li.go(f"/?incident={incident}")
    other = li.form(f"/incidents/{incident}/claim")
    answer = await wang.post(f"/incidents/{incident}/claim", headers=SCRIPT, **form)
    assert (answer.status_code, told(answer)["done"]) == (200, True)
    answer = await li.post(f"/incidents/{incident}/claim", headers=SCRIPT, **other)
    assert answer.status_code == 409
    assert told(answer) == {
        "done": False,
        "incident": incident,
        "refused": "held_by_other",
        "message": "该警情已由测试wang受理。",
    }


async def test_the_same_form_sent_twice_acts_once_but_another_text_is_not_lost(centre: Centre) -> None:
    _, incident = await pressed(centre)
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go(f"/?incident={incident}")
    form = browser.form(f"/incidents/{incident}/note")
    for text in ("第一条", "第一条", "第二条"):
        answer = await browser.post(f"/incidents/{incident}/note", headers=SCRIPT, **form, text=text)
        assert told(answer)["done"]
    notes = [e.text for e in (await centre.incident(incident)).timeline if e.kind is EntryKind.NOTE]
    assert notes == ["第一条", "第二条"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda form: form | {"csrf": "0" * 64},
        lambda form: {name: value for name, value in form.items() if name != "csrf"},
    ],
    ids=["wrong", "missing"],
)
async def test_a_form_without_our_token_does_nothing(centre: Centre, spoil) -> None:  # noqa: ANN001
    _, incident = await pressed(centre)
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go(f"/?incident={incident}")
    form = spoil(browser.form(f"/incidents/{incident}/claim"))
    answer = await browser.post(f"/incidents/{incident}/claim", **form)
    assert answer.status_code == 403
    assert "表单已过期" in answer.text
    assert (await centre.row_of(centre.home())).state == "open"


async def test_a_form_from_another_site_or_another_sign_in_does_nothing(centre: Centre) -> None:
    _, incident = await pressed(centre)
    wang, li = arrived(centre, "wang", Role.OPERATOR), arrived(centre, "li", Role.OPERATOR)
    await wang.go(f"/?incident={incident}")
    form = wang.form(f"/incidents/{incident}/claim")
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        assert (await wang.post(f"/incidents/{incident}/claim", headers=headers, **form)).status_code == 403, headers
    assert (await li.post(f"/incidents/{incident}/claim", **form)).status_code == 403
    assert (await centre.row_of(centre.home())).state == "open"
    good = {"origin": "http://centre.test"}
    assert (await wang.post(f"/incidents/{incident}/claim", headers=good, **form)).status_code == 303


async def test_a_form_with_something_missing_says_so(centre: Centre) -> None:
    _, incident = await pressed(centre)
    base = f"/incidents/{incident}"
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go(f"/?incident={incident}")
    await browser.send(f"{base}/claim")
    await browser.send(f"{base}/close")
    assert "结案前请选择处置结果" in browser.page
    await browser.send(f"{base}/note", text="   ")
    assert "请先填写内容" in browser.page
    form = browser.form(f"{base}/call")
    assert (await browser.post(f"{base}/call", **form, result="maybe")).status_code == 400
    assert (await browser.post(f"{base}/delete", **form)).status_code == 404
    assert (await centre.row_of(centre.home())).state == "claimed"


async def test_a_new_alarm_has_to_be_claimed_before_closing(centre: Centre) -> None:
    _, incident = await pressed(centre)
    base = f"/incidents/{incident}"
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go(f"/?incident={incident}")
    await browser.send(f"{base}/claim")
    closing = browser.form(f"{base}/close")
    await centre.press(centre.home())
    answer = await browser.post(f"{base}/close", headers=SCRIPT, **closing, outcome="test")
    assert told(answer)["refused"] == "unacknowledged"
    await browser.go(f"/?incident={incident}")
    assert "受理新报警" in browser.page
    await browser.send(f"{base}/claim")
    await browser.send(f"{base}/call", whom="李小芸", result="spoke")
    await browser.send(f"{base}/close", outcome="test")
    assert (await centre.incident(incident)).incident.outcome is Outcome.TEST


async def test_somebody_telephones(centre: Centre) -> None:
    home = centre.gateway.directory.households[centre.home().household]
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go(f"/new-incident?q={home.residents[0].phone}")
    assert home.key in browser.page
    await browser.send("/new-incident", key=home.key, text="", priority="2")
    assert "请先填写内容" in browser.page
    await browser.send("/new-incident", key=home.key, text="邻居说两天没见到人", priority="2")
    row = await centre.row_of(centre.home())
    assert browser.path == f"/?incident={row.incident}"
    assert row.priority is Priority.P2
    assert "来电内容：邻居说两天没见到人" in browser.page


async def test_an_unregistered_device_can_be_claimed_and_closed(centre: Centre) -> None:
    topic = "zigbee2mqtt/0x00000000deadbeef"
    await centre.say("stranger", topic, {"action": "emergency"})
    rows = [row for row in await centre.queue() if not row.household]
    assert rows
    incident = rows[0].incident
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go("/")
    assert "未登记设备" in browser.page
    link = re.search(r'href="(/\?incident=[^"]+)" data-incident', browser.page)
    assert link
    await browser.go(link[1])
    assert "位置不明" in browser.page
    steps = re.findall(r'action="(/incidents/[^"?]+)/claim', browser.page)
    await browser.send(f"{steps[0]}/claim")
    await browser.send(f"{steps[0]}/close", outcome="equipment")
    assert "待第二人确认" in browser.page
    second = arrived(centre, "boss", Role.SUPERVISOR)
    await second.go(f"/incidents/{incident}")
    await second.send(f"{steps[0]}/agree")
    assert (await centre.incident(incident)).incident.outcome is Outcome.EQUIPMENT


async def test_a_responder_sees_and_answers_only_their_own_job(centre: Centre) -> None:
    key, incident = await pressed(centre)
    file = centre.gateway.directory.households[key]
    operator = arrived(centre, "wang", Role.OPERATOR)
    mine = arrived(centre, "going", Role.RESPONDER, responder=file.village_responder)
    other = arrived(centre, "staying", Role.RESPONDER, responder=file.town_responder)
    await mine.go("/jobs")
    assert "没有派单" in mine.page
    await operator.go(f"/?incident={incident}")
    await operator.send(f"/incidents/{incident}/claim")
    await operator.send(f"/incidents/{incident}/dispatch", responder=file.village_responder)
    await mine.go("/jobs")
    for word in (file.residents[0].name, file.address, file.access, file.contacts[0].phone):
        assert word in mine.page
    await other.go("/jobs")
    assert file.address not in other.page
    form = other.form("/language")
    answer = await other.post(f"/jobs/{incident}/resolve", headers=SCRIPT, csrf=form["csrf"], text="x")
    assert told(answer)["refused"] == "not_yours"
    await mine.send(f"/jobs/{incident}/on_scene")
    assert "已记录您到达门口" in mine.page
    await mine.send(f"/jobs/{incident}/safe", text="老人平安")
    assert "由坐席结案" in mine.page
    assert (await mine.post(f"/jobs/{incident}/close", csrf=mine.form("/language")["csrf"])).status_code == 404
    view = await centre.incident(incident)
    assert [e.kind for e in done(view.timeline)][-2:] == [EntryKind.ARRIVED, EntryKind.RESOLVED]
    assert view.timeline[-1].by == f"responder:{file.village_responder}"
    await operator.go(f"/?incident={incident}")
    name = centre.gateway.directory.responders[file.village_responder].name
    assert re.search(rf"<strong>已处置</strong> 老人平安 <span class=\"muted\">{name}", operator.page)


async def test_a_visitor_cannot_post_anything(centre: Centre) -> None:
    _, incident = await pressed(centre)
    nobody = Visitor(centre)
    for path in (f"/incidents/{incident}/claim", "/new-incident", f"/jobs/{incident}/arrive"):
        answer = await nobody.post(path, headers=SCRIPT)
        assert answer.status_code == 401, path
    assert (await nobody.post("/sign-in", login="a", password="b")).status_code == 403
