"""Whoever has accepted and cannot go any more says so on their telephone; the next one is called at once."""

from __future__ import annotations

import html
import re

from centre import Centre
from on_call import DUTY, PIN, on_call
from on_duty import LAST, case, in_force, name, plan, pushed_to, step, town, village

from alerting.casefile import Role
from alerting.commands import AcceptJob, Dispatch
from alerting.model import EntryKind, IncidentState
from gateway.desk.contract import QueueRow
from tests.dashboard.visitor import Visitor, arrived

WHY = "车坏在半路"


async def climbs(centre: Centre) -> tuple[QueueRow, Visitor]:
    """A press that nobody takes; the village's responsible person has accepted on their telephone."""
    home = centre.home()
    registry = centre.plan.registry
    for person in (village(centre, home), town(centre, home)):
        registry = pushed_to(registry, person, f"record://{centre.folder}/{person.partition(':')[2]}.jsonl")
    await centre.replace_registry(registry)
    await in_force(centre, plan(step(30, "village"), step(200, "town"), LAST, accept_s=300))
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    phone = arrived(
        centre, "walker", Role.RESPONDER, area=case(centre, home).area, responder=_id(village(centre, home))
    )
    await phone.go(f"/accept/{row.incident}")
    await phone.send(f"/accept/{row.incident}")
    return await centre.row_of(home), phone


def _id(person: str) -> str:
    return person.partition(":")[2]


async def lines(centre: Centre, row: QueueRow, kind: EntryKind) -> list[str]:
    return [entry.text for entry in (await centre.incident(row.incident)).timeline if entry.kind is kind]


async def test_given_back_on_the_page_of_whoever_accepted_the_next_one_is_called_at_once(centre: Centre) -> None:
    row, phone = await climbs(centre)
    home = centre.home()
    first, next_one = village(centre, home), town(centre, home)
    assert "不能前往" in phone.page
    rang = centre.rang.count(row.incident)
    await centre.pass_time(seconds=40)
    fields = phone.form(f"/give_back/{row.incident}")
    for _ in range(2):  # sent twice
        await phone.post(f"/give_back/{row.incident}?back=accept", **fields, why=WHY)
    assert await lines(centre, row, EntryKind.GIVEN_BACK) == [f"link|{name(centre, first)}|{WHY}"]
    await centre.until(lambda: centre.pages(f"{_id(next_one)}.jsonl"), "the page to the next one, 130 s sooner")
    assert centre.rang.count(row.incident) > rang
    back = await centre.row_of(home)
    assert (back.accepted_until, back.unacknowledged) == (None, True)
    assert "不能前往" not in await phone.go(f"/accept/{row.incident}"), "nothing of theirs is left"


async def test_the_desk_sees_who_gave_it_back_and_why_until_somebody_else_has_it(centre: Centre) -> None:
    row, phone = await climbs(centre)
    await phone.send(f"/give_back/{row.incident}", why=WHY)
    who = name(centre, village(centre, centre.home()))
    desk = arrived(centre, "op", Role.OPERATOR)
    page = html.unescape(await desk.go(f"/incidents/{row.incident}"))
    assert f"{who} 不能前往：{WHY}" in page
    assert "不能前往，已退回" in page, "the line of the timeline"
    await centre.claim(row)
    page = html.unescape(await desk.go(f"/incidents/{row.incident}"))
    assert 'id="gave-back"' not in page
    assert WHY in page


async def test_after_the_desk_took_it_whoever_was_on_the_way_makes_it_ring_there(centre: Centre) -> None:
    row, phone = await climbs(centre)
    await centre.claim(row)
    assert "等您前往" in await phone.go(f"/accept/{row.incident}")
    rang = centre.rang.count(row.incident)
    await phone.send(f"/give_back/{row.incident}")
    back = await centre.row_of(centre.home())
    assert (back.claimed_by, back.unacknowledged) == ("zuoxi1", True)
    assert centre.rang.count(row.incident) == rang + 1


async def test_given_back_behind_the_link_of_a_message_with_the_pin(centre: Centre) -> None:
    async with on_call(centre) as story:
        row = await story.page()
        path = await story.link()
        phone = Visitor(centre)
        await phone.go(path)
        assert "不能前往" not in html.unescape(phone.page).replace("我不能去", ""), "nothing to give back yet"
        said = await phone.post(path, **phone.form(path), pin=PIN, answer="accepted")
        phone.page = said.text
        assert "不能前往" in phone.page, "at once, and"
        assert "不能前往" in await phone.go(path), "whenever they look again"
        wrong = await phone.post(path, **phone.form(path), pin="0000", answer="declined", why=WHY)
        assert wrong.status_code == 401
        assert (await centre.row_of(centre.home())).accepted_by_name == DUTY
        said = await phone.post(path, **phone.form(path), pin=PIN, answer="declined", why=f"  {WHY}\n")
        assert "正在另找人" in said.text
        assert (await story.line(row.incident, EntryKind.GIVEN_BACK)).text == f"link|{DUTY}|{WHY}"
        assert (await centre.row_of(centre.home())).accepted_until is None


async def test_who_was_sent_gives_it_back_on_the_page_of_their_jobs_with_or_without_a_reason(centre: Centre) -> None:
    home = centre.home()
    who = case(centre, home).village_responder
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    phone = arrived(centre, "walker", Role.RESPONDER, area=case(centre, home).area, responder=who)
    for why in (WHY, ""):
        sent = Dispatch(key=row.key, incident=row.incident, by="zuoxi1", responder=who)
        assert (await centre.ask(sent)).done
        assert (await centre.ask(AcceptJob(key=row.key, incident=row.incident, by=f"responder:{who}"))).done
        assert "不能前往" in await phone.go("/jobs")
        await phone.send(f"/jobs/{row.incident}/cannot_go", text=why)
        back = await centre.row_of(home)
        assert (back.state, back.responder, back.unacknowledged) == (IncidentState.CLAIMED, "", True)
        assert (await lines(centre, row, EntryKind.JOB_DECLINED))[-1] == f"{who}|{why}"
        await centre.claim(row)
    desk = await arrived(centre, "zuoxi1", Role.OPERATOR).go(f"/incidents/{row.incident}")
    offered = re.findall(r'name="responder" value="([^"]+)"', desk)
    assert len(offered) > 1
    assert offered[-1] == who, "whoever cannot go is not the first to be sent again"
    assert "已答复不能前往" in desk


async def test_nobody_gives_back_what_is_not_theirs(centre: Centre) -> None:
    row, phone = await climbs(centre)
    fields = phone.form(f"/give_back/{row.incident}")
    home = centre.home()
    other = arrived(centre, "other", Role.RESPONDER, area=case(centre, home).area, responder=_id(town(centre, home)))
    await other.go(f"/accept/{row.incident}")
    assert "/give_back/" not in other.page
    assert (await other.post(f"/give_back/{row.incident}", **fields)).status_code == 403, "somebody else's form"
    answer = await centre.gateway.desk.give_back(row.incident, town(centre, home), "link", "", "")
    assert answer.refused == "not_yours"
    assert (await centre.row_of(home)).accepted_until is not None
