"""The page of scripts: read, edited as cards, refused with reasons, tried out, undone; all of it by plain forms."""

from __future__ import annotations

import html
import re
from typing import Any

import msgspec
import pytest
from centre import Centre

from alerting.casefile import Role
from alerting.incidents.script import Contact, Do, Occasion, Script, Target
from alerting.incidents.standard_scripts import FALL, PANIC, STANDARD, UNCERTAIN
from dashboard import script_words
from dashboard.i18n import load_languages
from dashboard.script_form import Draft, StepDraft, differences, draft_of, rearranged, script_of
from dashboard.script_part import script_part
from dashboard.speech import Speech
from dashboard.times import LocalTime
from tests.dashboard.visitor import Visitor, arrived

FIELD = re.compile(r'<input[^>]*?name="([\w.]+)"(?: type="number"[^>]*?)?[^>]*? value="([^"]*)"')
AREA = re.compile(r'<textarea name="([\w.]+)"[^>]*>([^<]*)</textarea>')
CHOSEN = re.compile(r'<select name="([\w.]+)">(.*?)</select>', re.DOTALL)
TICKED = re.compile(r'<input type="checkbox" name="([\w.]+)" value="([^"]*)" checked>')


def shown(page: str) -> str:
    return html.unescape(page)


def filled(page: str) -> dict[str, Any]:
    """The form of a script as a browser would send it."""
    form = page[page.index('<form method="post" action="/scripts/edit') :]
    fields: dict[str, Any] = {name: html.unescape(value) for name, value in FIELD.findall(form)}
    fields |= {name: html.unescape(value) for name, value in AREA.findall(form)}
    for name, options in CHOSEN.findall(form):
        fields[name] = html.unescape(re.findall(r'<option value="([^"]*)" selected>', options)[0])
    for name, _ in TICKED.findall(form):
        fields[name] = [value for other, value in TICKED.findall(form) if other == name]
    return fields


async def boss(centre: Centre) -> Visitor:
    return arrived(centre, "boss", Role.SUPERVISOR)


async def press(visitor: Visitor, script: str, button: str, **fields: Any) -> str:
    """Press one of the form's buttons."""
    body = filled(visitor.page) | {"button": button} | fields
    return shown(await visitor._show(await visitor.web.post(f"/scripts/edit?script={script}", data=body)))


def test_every_word_of_a_script_has_its_words() -> None:
    assert set(script_words.DOES) == set(Do)
    assert set(script_words.TARGETS) == set(Target)
    assert set(script_words.CONTACTS) == set(Contact)
    assert set(script_words.OCCASIONS) == set(Occasion)


@pytest.mark.parametrize("script", STANDARD, ids=lambda it: it.id)
def test_a_script_is_the_same_after_its_form(script: Script) -> None:
    assert script_of(draft_of(script)) == (script, [])


def test_cards_are_added_removed_and_moved() -> None:
    draft = Draft(id="x", steps=[StepDraft(id=it) for it in "abc"])

    def order(what: str) -> str:
        return "".join(step.id if len(step.id) == 1 else "+" for step in rearranged(draft, what).steps)

    assert [order(what) for what in ("add:1", "remove:2", "up:3", "down:1")] == ["a+bc", "ac", "acb", "bac"]
    assert [order(what) for what in ("up:1", "down:3", "remove:9", "add:x", "check", "up:-1")] == ["abc"] * 6


def test_a_word_nobody_knows_is_told_and_not_changed() -> None:
    draft = Draft(id="x", kinds=("earthquake",), steps=[StepDraft(id="a", do="dance", target="mayor", when=("later",))])
    script, wrong = script_of(draft)
    assert script is None
    assert wrong == ["unknown_kind|x|", "unknown_do|x|1", "unknown_target|x|1", "never_needed|x|1"]


def test_differences_name_the_script_the_step_and_both_texts() -> None:
    first = msgspec.structs.replace(PANIC.steps[0], zh="别的话", tries=3)
    after = (msgspec.structs.replace(PANIC, steps=(first, *PANIC.steps[2:])), *STANDARD[2:])
    told = [(it.script, it.what, it.step) for it in differences(STANDARD, after)]
    assert told == [
        ("fall", "removed", ""),
        ("panic", "removed", PANIC.steps[1].zh),
        ("panic", "changed", "别的话"),
    ]
    fields = differences(STANDARD, after)[-1].fields
    assert fields == (("tries", "2", "3"), ("zh", PANIC.steps[0].zh, "别的话"))
    turned = (msgspec.structs.replace(PANIC, steps=PANIC.steps[::-1]), *STANDARD[1:])
    assert [(it.script, it.what) for it in differences(STANDARD, turned)] == [("panic", "moved")]
    assert differences(STANDARD, STANDARD) == []


async def test_a_supervisor_edits_saves_and_puts_back_without_scripts(centre: Centre) -> None:
    visitor = await boss(centre)
    page = shown(await visitor.go("/scripts"))
    assert "跌倒" in page
    assert "现行：标准脚本" in page
    await visitor.go("/scripts/edit?script=fall")
    page = await press(visitor, "fall", "add:2")
    assert page.count('class="card script-card"') == len(FALL.steps) + 1
    assert "fall" not in {row.kind for row in (await centre.gateway.desk.scripts()).history}
    page = await press(visitor, "fall", "save", note="多一步")
    assert visitor.status == 409
    assert "跌倒 第 3 步: 缺少中文或英文内容" in page
    fields = {"zh.3": "问{resident}身边有没有人。", "en.3": "Ask {resident} who is there.", "note": "多一步"}
    page = await press(visitor, "fall", "save", **fields)
    assert visitor.path == "/scripts"
    assert "多一步" in page
    seen = await centre.gateway.desk.scripts()
    assert [step.zh for step in seen.scripts[1].steps][2] == "问{resident}身边有没有人。"
    page = shown(await visitor.go(f"/scripts/editions/{seen.number}"))
    assert "跌倒 新增: 问{resident}身边有没有人。" in re.sub(r"</?strong>", "", page)
    await visitor.go("/scripts")
    await visitor.send("/scripts/editions/0")
    assert (await centre.gateway.desk.scripts()).scripts == STANDARD
    assert "← 0" in shown(visitor.page)


async def test_two_who_edit_at_once_do_not_overwrite_each_other(centre: Centre) -> None:
    one, other = await boss(centre), arrived(centre, "boss2", Role.SUPERVISOR)
    await one.go("/scripts/edit?script=fall")
    await other.go("/scripts/edit?script=fall")
    await press(one, "fall", "save", **{"zh.1": "甲。"})
    page = await press(other, "fall", "save", **{"zh.1": "乙。"})
    assert other.status == 409
    assert "乙。" in page
    assert (await centre.gateway.desk.scripts()).scripts[1].steps[0].zh == "甲。"


async def test_a_trial_walks_through_what_is_not_saved_and_records_nothing(centre: Centre) -> None:
    visitor = await boss(centre)
    await visitor.go("/scripts/edit?script=panic")
    await press(visitor, "panic", "try", **{"zh.1": "先说：“别怕”，再拨打{resident}。"})
    assert "先说：“别怕”，再拨打演练奶奶。" in shown(visitor.page)
    await visitor.send("/scripts/try?step=claim")
    for _ in range(2):
        await visitor.send("/scripts/try?step=call", result="no_answer")
    assert "第二个号码" in shown(visitor.page).split('aria-current="step"')[1]
    await visitor.send("/scripts/try?step=call", result="spoke")
    await visitor.send("/scripts/try?step=dispatch", responder="trial-village")
    page = shown(visitor.page)
    assert "已派单" in page
    assert page.count('class="line-called"') == 3
    await visitor.send("/scripts/try?step=undo")
    assert 'class="line-dispatched"' not in visitor.page
    await visitor.send("/scripts/try?step=wait", wait_s="300")
    assert 'class="line-lapsed"' in visitor.page
    await visitor.send("/scripts/edit")
    assert "先说：“别怕”" in shown(visitor.page)
    assert await centre.queue() == []
    assert (await centre.gateway.desk.scripts()).number == 0
    assert centre.pages() == []


async def test_who_may_read_and_who_may_change(centre: Centre) -> None:
    operator = arrived(centre, "zuo", Role.OPERATOR)
    page = await operator.go("/scripts")
    assert "/scripts/try?script=panic" in page
    assert "/scripts/edit?" not in page
    await operator.go("/scripts/try?script=panic")
    assert operator.status == 200
    assert (await operator.web.get("/scripts/edit?script=panic")).status_code == 403
    assert (await operator.post("/scripts/editions/0")).status_code == 403
    of_a_town = arrived(centre, "town", Role.SUPERVISOR, area="320400.01")
    assert (await of_a_town.web.get("/scripts/edit?script=panic")).status_code == 403
    admin = await boss(centre)
    assert (await admin.post("/scripts/edit?script=panic", button="save")).status_code == 403
    await admin.go("/scripts/try?script=panic")
    for broken in ("", "{", '{"script":{}}'):
        sent = await admin.web.post("/scripts/try?step=claim", data=admin.form("/scripts/try") | {"trial": broken})
        assert sent.status_code == 400
    assert (await admin.web.get("/scripts/editions/99")).status_code == 404
    assert (await admin.web.get("/scripts/try?script=none")).status_code == 404


async def test_the_panel_says_which_edition_and_lets_another_script_be_followed(centre: Centre) -> None:
    await centre.press(centre.home())
    row = await centre.row_of(centre.home())
    visitor = arrived(centre, "zuo", Role.OPERATOR)
    await centre.claim(row, by="zuo")
    page = shown(await visitor.go(f"/incidents/{row.incident}"))
    assert "紧急呼叫 · 标准脚本" in page
    await visitor.send(f"/incidents/{row.incident}/follow", script="wandering")
    page = shown(visitor.page)
    assert "走失（便携报警器不在家中） · 标准脚本" in page
    assert "改按其他脚本处置" in page
    form = visitor.form(f"/incidents/{row.incident}/follow")
    nonsense = await visitor.web.post(f"/incidents/{row.incident}/follow", data=form | {"script": "nonsense"})
    assert nonsense.status_code == 400


async def test_the_script_for_faults_stands_beside_their_list(centre: Centre) -> None:
    visitor = await boss(centre)
    assert "电量低：安排换电池" in shown(await visitor.go("/faults"))
    assert UNCERTAIN.steps[0].zh not in shown(visitor.page)


async def test_a_device_without_a_home_is_not_read_to_120_but_looked_for(centre: Centre) -> None:
    await centre.say("stranger", "zigbee2mqtt/0x00124b00ffffffff", {"action": "emergency"})
    (row,) = await centre.queue()
    view = await centre.incident(row.incident)
    part = script_part(view, Speech(load_languages()["zh_CN"], LocalTime(8)), {})
    assert part is not None
    assert part.title == "未登记设备求助"
    assert all("120" not in step.text and "–" not in step.text for step in part.steps)


async def test_texts_are_shown_as_they_are_read_out_and_who_saved_by_name(centre: Centre) -> None:
    visitor = await boss(centre)
    page = shown(await visitor.go("/scripts"))
    assert not re.search(r"\{\w+\}", page), "no placeholder is left"
    assert "拨打演练奶奶家中电话" in page
    assert "示例住户" in page
    await visitor.go("/scripts/edit?script=panic")
    assert "以示例住户显示" in shown(visitor.page)
    await press(visitor, "panic", "save", note="未改")
    page = shown(await visitor.go("/scripts"))
    assert "<td>测试boss</td>" in page
    assert "测试boss" in shown(await visitor.go("/scripts/editions/" + re.findall(r"/scripts/editions/(\d+)", page)[0]))


async def test_a_failed_check_is_red_and_a_trial_of_a_draft_says_that_it_is_one(centre: Centre) -> None:
    visitor = await boss(centre)
    await visitor.go("/scripts/edit?script=panic")
    page = await press(visitor, "panic", "check", **{"zh.1": ""})
    assert '<ul class="note note-bad" id="reasons"' in page
    await visitor.go("/scripts/edit?script=panic")
    page = await press(visitor, "panic", "try", **{"zh.1": "先听一听。"})
    title = page.split('id="script-title"', 1)[1].split("</h3>")[0]
    assert "草稿，未生效" in title
    assert "标准脚本" not in title
    in_force = shown(await visitor.go("/scripts/try?script=panic"))
    assert "标准脚本" in in_force.split('id="script-title"', 1)[1].split("</h3>")[0]


@pytest.mark.parametrize("script", STANDARD, ids=lambda it: it.id)
async def test_every_standard_script_can_be_tried(centre: Centre, script: Script) -> None:
    visitor = await boss(centre)
    page = shown(await visitor.go(f"/scripts/try?script={script.id}"))
    assert visitor.status == 200
    assert script.zh in page
