"""From its line in the list of an area incident somebody is sent to one home: on that home's own incident."""

from __future__ import annotations

import re
from urllib.parse import quote

from centre import Centre
from one_street import area_row, one_village, own_homes, power_cut

from alerting.casefile import Role
from alerting.commands import OpenManual
from alerting.model import AlarmKind, EntryKind, IncidentState, Priority
from gateway.desk.contract import QueueRow
from nuanhu.town.homes import Home
from tests.dashboard.visitor import Visitor, arrived, told

SCRIPT = {"accept": "application/json"}


async def outage(centre: Centre, login: str = "wang") -> tuple[Visitor, QueueRow, Home]:
    """An operator who has claimed the outage of a street, its row, and one of its homes."""
    village = await one_village(centre)
    street = own_homes(centre)[:5]
    await power_cut(centre, street)
    row = await area_row(centre, village)
    operator = arrived(centre, login, Role.OPERATOR)
    await operator.go(f"/?incident={row.incident}")
    await operator.send(f"/incidents/{quote(row.incident)}/claim")
    return operator, row, street[1]


async def send(operator: Visitor, row: QueueRow, home: Home, **more: str) -> str:
    responder = next(r.id for r in (await view_of(operator.centre, row, home)).responders)
    fields = {"home": home.household, "responder": responder, **more}
    return await operator.send(f"/incidents/{quote(row.incident)}/send_home", **fields)


async def view_of(centre: Centre, row: QueueRow, home: Home):  # noqa: ANN201 - one row of the list
    return next(it for it in (await centre.incident(row.incident)).members if it.key == home.household)


async def test_a_home_without_an_incident_gets_one_and_somebody_goes(centre: Centre) -> None:
    operator, row, home = await outage(centre)
    await send(operator, row, home)
    assert "refused" not in operator.path
    own = await centre.row_of(home)
    assert (own.state, own.priority, own.claimed_by) == (IncidentState.DISPATCHED, Priority.P2, "wang")
    assert own.alarms[0].kind is AlarmKind.MANUAL
    assert "多户失联" in own.alarms[0].detail, "it says why somebody looks after the home"
    said = (await centre.incident(row.incident)).timeline[-1]
    assert said.kind is EntryKind.NOTE
    assert own.incident in said.text
    assert own.responder_name in said.text
    listed = re.search(rf'data-member="{home.household}".*?</tr>', operator.page, re.DOTALL)
    assert listed
    assert own.responder_name in listed[0]
    assert "已派单，尚未接单" in listed[0]
    assert "send_home" not in listed[0], "nobody is sent there twice from here"


async def test_a_home_that_has_an_incident_keeps_it(centre: Centre) -> None:
    operator, row, home = await outage(centre)
    await centre.press(home)
    pressed = await centre.row_of(home)
    await send(operator, row, home)
    own = await centre.row_of(home)
    assert own.incident == pressed.incident
    assert (own.state, own.priority, own.claimed_by) == (IncidentState.DISPATCHED, Priority.P1, "wang")


async def test_what_somebody_else_has_in_hand_stays_theirs(centre: Centre) -> None:
    operator, row, home = await outage(centre)
    opened = OpenManual(key=home.household, by="zuoxi1", text="自己打来电话", priority=Priority.P2)
    assert (await centre.ask(opened)).done
    await centre.claim(await centre.row_of(home))
    await operator.go(f"/?incident={row.incident}")
    await send(operator, row, home)
    assert "refused=held_by_other" in operator.path
    own = await centre.row_of(home)
    assert (own.state, own.claimed_by, own.responder) == (IncidentState.CLAIMED, "zuoxi1", "")


async def test_the_same_form_sent_twice_sends_once(centre: Centre) -> None:
    operator, row, home = await outage(centre)
    responder = (await view_of(centre, row, home)).responders[0].id
    address = f"/incidents/{quote(row.incident)}/send_home"
    fields = {**operator.form(address), "home": home.household, "responder": responder}
    for _ in range(2):
        assert told(await operator.post(address, headers=SCRIPT, **fields))["done"]
    kinds = [entry.kind for entry in (await centre.incident((await centre.row_of(home)).incident)).timeline]
    assert kinds.count(EntryKind.DISPATCHED) == kinds.count(EntryKind.ALARM) == 1
    notes = [entry for entry in (await centre.incident(row.incident)).timeline if entry.kind is EntryKind.NOTE]
    assert len(notes) == 1


async def test_only_homes_of_the_list_and_who_may_be_sent_there(centre: Centre) -> None:
    operator, row, home = await outage(centre)
    address = f"/incidents/{quote(row.incident)}/send_home"
    fields = operator.form(address)
    elsewhere = own_homes(centre)[6].household
    assert (await operator.post(address, **{**fields, "home": elsewhere, "responder": "x"})).status_code == 400
    fields |= {"home": home.household, "responder": "x"}
    unknown = await operator.post(address, headers=SCRIPT, **fields)
    assert told(unknown)["refused"] == "unknown_responder"
    assert not [it for it in await centre.queue() if it.household]
    watcher = arrived(centre, "duban", Role.SUPERVISOR)
    assert (await watcher.post(address, home=home.household, responder="x")).status_code == 403


async def test_whoever_was_sent_to_the_area_sees_the_place_and_its_homes(centre: Centre) -> None:
    operator, row, home = await outage(centre)
    going = next(it for it in (await centre.incident(row.incident)).responders if it.duty == "village")
    await operator.send(f"/incidents/{quote(row.incident)}/dispatch", responder=going.id)
    assert (await area_row(centre, row.area)).responder == going.id
    phone = arrived(centre, "cunli", Role.RESPONDER, responder=going.id)
    await phone.go("/jobs")
    assert row.village in phone.page
    assert "5/5 户未恢复" in phone.page
    member = await view_of(centre, row, home)
    assert member.resident in phone.page
    await phone.send(f"/jobs/{quote(row.incident)}/on_the_way")
    await phone.send(f"/jobs/{quote(row.incident)}/arrive")
    assert "已记录您到达现场" in phone.page
    await phone.send(f"/jobs/{quote(row.incident)}/resolve", text="供电所已抢修")
    assert (await area_row(centre, row.area)).state == IncidentState.RESOLVED
