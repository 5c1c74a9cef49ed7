"""Whoever is registered on the page of those who can be sent is offered, sent and called at once."""

from __future__ import annotations

import html

from centre import Centre
from on_call import on_call

from alerting.casefile import Responder, Role, Skill
from alerting.commands import Dispatch
from alerting.dispatch.job import Stage
from alerting.duty.candidates import Why
from alerting.model import AlarmKind
from tests.dashboard.visitor import Visitor, arrived, press

NUMBER, OTHER = "13900000077", "13900000078"
PIN_TYPED = "7531"
FORM = "/responders/save"


async def registered(centre: Centre, visitor: Visitor, **fields: object) -> Responder:
    """Somebody is registered on the page, for the village of the first home."""
    home = centre.gateway.directory.households[centre.home().household]
    await visitor.go("/responders")
    place = {"lat": f"{home.place.lat:.6f}", "lon": f"{home.place.lon:.6f}", "datum": "WGS-84"}
    typed = {"name": "戴新人", "phone": NUMBER, "area": home.area, "duty": "grid", "pin": PIN_TYPED}
    ticked = {"verified": ["sms", "voice"], "skill": ["nurse"]}
    page = await press(visitor, FORM, "", **{**typed, **place, **ticked, **fields})
    assert visitor.path == "/responders", page
    (found,) = [it for it in centre.gateway.directory.responders.values() if it.name == "戴新人"]
    return found


async def test_whoever_is_registered_on_the_page_is_offered_with_reasons_sent_and_told(centre: Centre) -> None:
    async with on_call(centre) as story:
        home = centre.home()
        someone = await registered(centre, arrived(centre, "zhuguan", Role.SUPERVISOR))
        assert someone.skills == (Skill.NURSE,)
        await centre.press(home)
        row = await centre.row_of(home)
        await centre.claim(row)
        desk = centre.gateway.desk
        offered = await desk.candidates(home.household, row.incident, {AlarmKind.FALL}, ())
        (candidate,) = [it for it in offered if it.responder.id == someone.id]
        assert {Why.SKILLED, Why.NEAREST} <= set(candidate.reasons)
        assert candidate.distance_m is not None
        assert candidate.distance_m < 5
        sent = Dispatch(key=row.key, incident=row.incident, by="zuoxi1", responder=someone.id)
        assert (await centre.ask(sent)).done
        link = await story.link(NUMBER)
        visitor = Visitor(centre)
        await visitor.go(link)
        await visitor.send(link, pin="0000", answer="accepted")
        assert visitor.status == 401
        await visitor.send(link, pin=PIN_TYPED, answer="accepted")
        (job,) = (await centre.incident(row.incident)).incident.jobs
        assert (job.responder, job.stage) == (someone.id, Stage.ACCEPTED)


async def test_another_number_has_to_be_tried_out_anew_and_nobody_is_called_by_it_before(centre: Centre) -> None:
    supervisor = arrived(centre, "zhuguan", Role.SUPERVISOR)
    someone = await registered(centre, supervisor)
    person = f"responder:{someone.id}"
    people = centre.gateway.judge.policy.editions
    assert people.can_reach(person)
    await supervisor.go(f"/responders?change={someone.id}")
    await press(supervisor, FORM, "", phone=OTHER, verified=[])
    assert not centre.gateway.judge.policy.editions.can_reach(person)
    assert centre.gateway.directory.addresses.of(person, "sms") == ""
    await supervisor.go(f"/responders?change={someone.id}")
    await press(supervisor, FORM, "", verified=["voice"])
    assert centre.gateway.directory.addresses.of(person, "voice") == OTHER
    assert centre.gateway.directory.addresses.of(person, "sms") == ""
    await centre.close_gateway()
    await centre.open_gateway()
    assert centre.gateway.judge.policy.editions.can_reach(person)
    kept = centre.gateway.directory.responders[someone.id]
    assert kept.sealed_pin == someone.sealed_pin != PIN_TYPED, "it was not typed again"
    assert (kept.phone, kept.skills, kept.place) == (OTHER, someone.skills, someone.place)


async def test_a_town_registers_nobody_for_another_and_what_was_typed_is_kept(centre: Centre) -> None:
    home = centre.gateway.directory.households[centre.home().household]
    own = home.area.rpartition(".")[0]
    other = next(it.area for it in centre.gateway.directory.responders.values() if not it.area.startswith(own))
    theirs = next(it for it in centre.gateway.directory.responders.values() if it.area == other)
    visitor = arrived(centre, "zhenzhang", Role.SUPERVISOR, area=own)
    page = await visitor.go("/responders")
    assert theirs.phone not in page
    page = await press(visitor, FORM, "", name="戴新人", phone=NUMBER, area=other, duty="grid")
    assert visitor.status == 409
    assert 'value="戴新人"' in page
    await visitor.go("/responders")
    page = await press(visitor, FORM, "", id=theirs.id, name="改名", phone=NUMBER, area=own, duty="grid")
    assert visitor.status == 409
    assert centre.gateway.directory.responders[theirs.id] == theirs
    await visitor.go("/responders")
    page = html.unescape(await press(visitor, FORM, "", name="戴新人", phone="打不通", area=own, duty="grid"))
    assert "需要电话号码" in page
    await visitor.go("/responders")
    page = await press(visitor, FORM, "", name="戴新人", phone=NUMBER, area=own, duty="grid", pin="12")
    assert "PIN 为 4 至 12 位数字" in page
    await visitor.go("/responders")
    page = await press(visitor, FORM, "", name="戴新人", phone=NUMBER, area=own, duty="grid", lat="31.7", lon="")
    assert "经纬度" in page
    operator = arrived(centre, "zuoxi9", Role.OPERATOR)
    await operator.go("/responders")
    assert operator.status == 403
