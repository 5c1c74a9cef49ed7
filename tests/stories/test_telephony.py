"""The telephone exchange: a call from a resident's number shows the home, and calls stand in the incident."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from centre import Centre
from on_both_stores import only_sqlite
from one_street import area_row, one_village, own_homes, power_cut
from receiver import Receiver

from alerting.casefile import Household, Role, version_of
from alerting.enrolment.commands import SaveHousehold
from alerting.model import EntryKind, IncidentState
from nuanhu.demo.telephones import EMERGENCY_LINE, EXCHANGE
from nuanhu.demo.telephones import EXTENSIONS as EXTENSIONS_OF_THE_DEMO
from tests.dashboard.visitor import Visitor, arrived, told

TOKEN = "the-exchange-has-this-token"
HOTLINE, OFFICE = "0510-55500000", "0510-55500099"
EXTENSIONS = {"zuoxi9": "8009"}
PAPER = Path(__file__).resolve().parents[2] / "docs" / "telephony.md"


@asynccontextmanager
async def exchange(centre: Centre, **settings: Any) -> AsyncIterator[Visitor]:
    """A telephone exchange at the centre."""
    common = {"telephony_token": TOKEN, "telephony_emergency_lines": [HOTLINE], "telephony_extensions": EXTENSIONS}
    await centre.set_up(**{**common, **settings})
    visitor = Visitor(centre)
    visitor.web.headers["authorization"] = f"Bearer {TOKEN}"
    yield visitor


async def say(pbx: Visitor, call: str, event: str, number: str = "", **more: Any) -> dict[str, Any]:
    answer = await pbx.web.post("/telephony/calls", json={"call": call, "event": event, "number": number, **more})
    assert answer.status_code == 200, answer.text
    await pbx.centre.barrier()
    return told(answer)


def case(centre: Centre) -> Household:
    home = centre.home()
    return next(h for h in centre.plan.registry.households if h.key == home.household)


async def test_a_call_from_a_resident_s_number_shows_the_home(centre: Centre) -> None:
    async with exchange(centre) as pbx:
        file = case(centre)
        phone = file.residents[0].phone.replace("-", "")
        said = await say(pbx, "c1", "ringing", f"+86{phone.removeprefix('0')}", line=OFFICE)
        assert (said["known"], said["name"], said["homes"]) == (True, file.title, [file.key])
        operator = arrived(centre, "zuoxi9", Role.OPERATOR)
        await operator.go(said["screen"].partition("http://centre.test")[2])
        assert file.title in operator.page
        assert file.address in operator.page
        await say(pbx, "c1", "answered", extension="8009")
        assert await centre.queue() == [], "the office's line opens nothing by itself"


async def test_a_number_that_is_new_in_a_case_file_is_known_at_its_next_call(centre: Centre) -> None:
    async with exchange(centre) as pbx:
        file = case(centre)
        assert not (await say(pbx, "c1", "ringing", "13912345678", line=OFFICE))["known"]
        neighbour = msgspec.structs.replace(file.contacts[0], name="邻居", phone="139 1234 5678")
        moved = msgspec.structs.replace(file, contacts=(neighbour,))
        await centre.ask(SaveHousehold(household=moved, by="guanli", based_on=version_of(file)))
        said = await say(pbx, "c2", "ringing", "13912345678", line=OFFICE)
        assert (said["name"], said["homes"]) == ("邻居", [file.key])
        assert not (await say(pbx, "c3", "ringing", file.contacts[0].phone, line=OFFICE))["known"], "not any more"


async def test_a_known_caller_on_the_emergency_line_gets_an_incident_that_rings(centre: Centre) -> None:
    async with exchange(centre) as pbx:
        file = case(centre)
        await say(pbx, "c1", "ringing", file.residents[0].phone, line="+86 510 55500000")
        assert await centre.queue() == []
        said = await say(pbx, "c1", "answered", file.residents[0].phone, line=HOTLINE, extension="8009")
        row = await centre.row_of(centre.home())
        assert said["incident"] == row.incident
        assert centre.rang == [row.incident]
        await say(pbx, "c1", "answered", file.residents[0].phone, line=HOTLINE, extension="8009")
        assert len(await centre.queue()) == 1
        assert (await centre.row_of(centre.home())).alarm_count == 1, "said twice it is one call"
        assert row.state == IncidentState.OPEN


async def test_the_call_log_stands_in_the_incident(centre: Centre) -> None:
    async with exchange(centre) as pbx:
        await centre.press(centre.home())
        row = await centre.row_of(centre.home())
        contact = case(centre).contacts[0]
        await say(pbx, "c7", "ringing", contact.phone, line=OFFICE)
        await say(pbx, "c7", "answered", extension="8009")
        await say(pbx, "c7", "ended", duration_s=42)
        await say(pbx, "c7", "ended", duration_s=42)
        lines = [e for e in (await centre.incident(row.incident)).timeline if e.kind is EntryKind.CALL_IN]
        number = contact.phone.replace("-", "")
        assert [(e.text, e.by) for e in lines] == [
            (f"{number}|{contact.name}|ringing|0", ""),
            (f"{number}|{contact.name}|spoke|42", "zuoxi9"),
        ]


async def test_a_call_that_the_desk_made_stands_in_its_incident(centre: Centre) -> None:
    async with exchange(centre) as pbx:
        await centre.press(centre.home())
        row = await centre.row_of(centre.home())
        number, out = case(centre).contacts[0].phone, {"direction": "out", "extension": "8009"}
        await say(pbx, "o1", "ringing", number, incident=row.incident, **out)
        await say(pbx, "o1", "ended", result="busy", **out)
        lines = [e for e in (await centre.incident(row.incident)).timeline if e.kind is EntryKind.CALL_OUT]
        assert [e.text.split("|")[2] for e in lines] == ["ringing", "busy"]
        assert {e.by for e in lines} == {"zuoxi9"}


@only_sqlite
async def test_a_call_about_no_incident_is_no_line_anywhere(centre: Centre) -> None:
    async with exchange(centre) as pbx:
        key = case(centre).key
        for incident in (f"{key}-9", "nothing", "-", f"{key}-"):
            said = await say(pbx, f"c{incident}", "ended", "13999999999", incident=incident)
            assert said["incident"] == ""
            assert await centre.gateway.desk.incident(incident) is None


async def test_an_unknown_number_is_shown_as_such(centre: Centre) -> None:
    async with exchange(centre) as pbx:
        said = await say(pbx, "c2", "answered", "13999999999", line=HOTLINE)
        assert (said["known"], said["incident"]) == (False, "")
        await say(pbx, "c3", "ringing", "", line=HOTLINE)
        operator = arrived(centre, "zuoxi9", Role.OPERATOR)
        await operator.go("/calls")
        assert "13999999999" in operator.page
        assert operator.page.count("该号码不在任何一户一档中") == 1
        assert "来电未显示号码" in operator.page
        assert await centre.queue() == []


@only_sqlite
async def test_an_exchange_may_post_forms(centre: Centre) -> None:
    async with exchange(centre) as pbx:
        number = case(centre).residents[0].phone
        answer = await pbx.post("/telephony/calls", call="f1", event="ended", number=number, duration_s="7")
        assert told(answer)["known"] is True


@only_sqlite
async def test_without_the_token_nobody_is_the_exchange(centre: Centre) -> None:
    async with exchange(centre) as pbx:
        for header in ("", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN):
            answer = await pbx.web.post("/telephony/calls", json={}, headers={"authorization": header})
            assert answer.status_code == 401, header
    async with exchange(centre, telephony_token="") as pbx:
        answer = await pbx.web.post("/telephony/calls", json={}, headers={"authorization": "Bearer "})
        assert answer.status_code == 401


@only_sqlite
async def test_what_makes_no_sense_is_answered_with_the_reason(centre: Centre) -> None:
    async with exchange(centre) as pbx:
        for wrong in (
            {},
            {"call": "c", "event": "sung"},
            {"call": "c", "event": "ended", "duration_s": -1},
            {"call": "c" * 101, "event": "ended"},
            {"call": "c", "event": "ended", "result": "lovely"},
            {"call": "c", "event": "ended", "unknown": 1},
            [1],
        ):
            answer = await pbx.web.post("/telephony/calls", json=wrong)
            assert answer.status_code == 400, wrong
            assert told(answer)["error"]
        assert (await pbx.web.post("/telephony/calls", content=b"x" * 70_000)).status_code == 413


@only_sqlite
async def test_an_operator_sees_the_callers_of_their_own_area_alone(centre: Centre) -> None:
    async with exchange(centre) as pbx:
        await say(pbx, "c1", "ringing", case(centre).residents[0].phone)
        other = next(h.area for h in centre.plan.registry.households if h.area != case(centre).area)
        stranger = arrived(centre, "zuoxi8", Role.OPERATOR, area=other)
        await stranger.go("/calls")
        assert case(centre).title not in stranger.page
        await stranger.go("/calls/c1")
        assert stranger.status == 404


@only_sqlite
async def test_a_number_in_the_files_of_two_areas_shows_each_its_own_incident_alone(centre: Centre) -> None:
    file, registry = case(centre), centre.plan.registry
    phone, other = file.residents[0].phone, next(h for h in registry.households if h.area != file.area)
    son = msgspec.structs.replace(other.contacts[0], phone=phone)
    both = msgspec.structs.replace(other, contacts=(son, *other.contacts[1:]))
    homes = tuple(both if h.key == other.key else h for h in registry.households)
    await centre.replace_registry(msgspec.structs.replace(registry, households=homes))
    async with exchange(centre) as pbx:
        await centre.press(centre.home())
        row = await centre.row_of(centre.home())
        await say(pbx, "o1", "ringing", phone, direction="out", extension="8009", incident=row.incident)
        for area, sees in ((other.area, False), (file.area, True)):
            operator = arrived(centre, f"zuoxi{area}", Role.OPERATOR, area=area)
            await operator.go("/calls/o1")
            assert operator.status == 200
            assert (row.incident in operator.page) is sees


async def test_a_number_of_the_case_file_is_dialled_by_the_exchange(centre: Centre) -> None:
    server = Receiver()
    with server.running():
        template = f"http://127.0.0.1:{server.server_port}/originate?to={{number}}&from={{extension}}"
        async with exchange(centre, telephony_dial=template):
            await centre.press(centre.home())
            row = await centre.row_of(centre.home())
            operator = arrived(centre, "zuoxi9", Role.OPERATOR)
            await operator.go(f"/incidents/{row.incident}")
            phone = case(centre).residents[0].phone
            await operator.send(f"/dial/{row.incident}", number=phone)
            heard = server.heard
            assert [path for path, _, _ in heard] == [f"/originate?to={phone.replace('-', '')}&from=8009"]
            assert heard[0][1]["authorization"] == f"Bearer {TOKEN}"
            assert heard[0][2]["incident"] == row.incident


@only_sqlite
async def test_no_other_number_is_dialled(centre: Centre) -> None:
    server = Receiver()
    with server.running():
        async with exchange(centre, telephony_dial=f"http://127.0.0.1:{server.server_port}/{{number}}"):
            await centre.press(centre.home())
            row = await centre.row_of(centre.home())
            operator = arrived(centre, "zuoxi9", Role.OPERATOR)
            await operator.go(f"/incidents/{row.incident}")
            for number in ("13912345678", "", "120", "1;2"):
                await operator.send(f"/dial/{row.incident}", number=number)
                assert "refused=not_dialable" in operator.path
            assert server.heard == []
            nobody = arrived(centre, "zuoxi7", Role.OPERATOR)
            await nobody.go(f"/incidents/{row.incident}")
            await nobody.send(f"/dial/{row.incident}", number=case(centre).residents[0].phone)
            assert "refused=no_extension" in nobody.path


@only_sqlite
async def test_an_exchange_that_is_away_is_said_and_holds_up_nobody(centre: Centre) -> None:
    async with exchange(centre, telephony_dial="http://127.0.0.1:9/{number}"):
        await centre.press(centre.home())
        row = await centre.row_of(centre.home())
        operator = arrived(centre, "zuoxi9", Role.OPERATOR)
        await operator.go(f"/incidents/{row.incident}")
        await operator.send(f"/dial/{row.incident}", number=case(centre).residents[0].phone)
        assert "refused=exchange_down" in operator.path
        assert "请手动拨打" in operator.page


@only_sqlite
async def test_a_softphone_s_address_dials_without_an_exchange(centre: Centre) -> None:
    async with exchange(centre, telephony_dial="sip:{number}@pbx.example"):
        await centre.press(centre.home())
        row = await centre.row_of(centre.home())
        operator = arrived(centre, "zuoxi9", Role.OPERATOR)
        await operator.go(f"/incidents/{row.incident}")
        phone = case(centre).residents[0].phone.replace("-", "")
        assert f'href="sip:{phone}@pbx.example"' in operator.page


@only_sqlite
async def test_whoever_answers_for_an_area_is_dialled_from_its_incident_and_the_call_stands_in_it(
    centre: Centre,
) -> None:
    server, village = Receiver(), await one_village(centre)
    with server.running():
        async with exchange(centre, telephony_dial=f"http://127.0.0.1:{server.server_port}/{{number}}") as pbx:
            await power_cut(centre, own_homes(centre)[:5])
            row = await area_row(centre, village)
            view = await centre.incident(row.incident)
            operator, dial = arrived(centre, "zuoxi9", Role.OPERATOR), f"/dial/{quote(row.incident)}"
            await operator.go(f"/incidents/{row.incident}")
            await operator.send(dial, number=view.responders[0].phone)
            assert "refused" not in operator.path
            ((_, _, asked),) = server.heard
            assert asked["incident"] == row.incident
            about = {"direction": "out", "incident": row.incident, "extension": "8009"}
            await say(pbx, "c5", "ringing", asked["number"], **about)
            await say(pbx, "c5", "ended", duration_s=30, result="spoke", **about)
            calls = [it for it in (await centre.incident(row.incident)).timeline if it.kind is EntryKind.CALL_OUT]
            assert [(it.by, it.text.split("|")[1]) for it in calls] == [("zuoxi9", view.responders[0].name)] * 2
            await operator.send(dial, number=case(centre).contacts[0].phone)
            assert "refused=not_dialable" in operator.path, "only whoever its panel shows"
            assert len(server.heard) == 1


@only_sqlite
async def test_a_responder_s_number_says_who_calls(centre: Centre) -> None:
    async with exchange(centre) as pbx:
        person = centre.plan.registry.responders[0]
        said = await say(pbx, "c8", "ringing", person.phone, line=HOTLINE)
        assert (said["known"], said["name"], said["homes"]) == (True, person.name, [])
        operator = arrived(centre, "zuoxi9", Role.OPERATOR)
        await operator.go("/calls/c8")
        assert person.name in operator.page
        assert "不在任何一户一档中" not in operator.page
        assert await centre.queue() == []


@only_sqlite
@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
async def test_the_lines_of_the_paper_do_what_it_says_as_they_are_printed(centre: Centre) -> None:
    (shown,) = re.findall(r"<!-- demo -->\n```sh\n(.*?)```", PAPER.read_text(encoding="utf-8"), re.DOTALL)
    demo = {"telephony_token": EXCHANGE, "telephony_extensions": EXTENSIONS_OF_THE_DEMO}
    await centre.set_up(telephony_emergency_lines=[EMERGENCY_LINE], area_code="0510", **demo)
    base = await centre.serve()
    assert "BASE=http://127.0.0.1:8080\n" in shown
    script = shown.replace("http://127.0.0.1:8080", base).replace("curl -sS", "curl -sS -w '\\n'")
    shell = await asyncio.create_subprocess_exec("bash", "-euc", script, stdout=asyncio.subprocess.PIPE)
    out, _ = await shell.communicate()
    assert shell.returncode == 0
    ringing, answered, ended, unknown, office, refused = [json.loads(line) for line in out.decode().splitlines()]
    assert ringing["known"]
    assert ringing["incident"] == ""
    (row,) = await centre.queue()
    assert answered["incident"] == ended["incident"] == row.incident
    lines = [e for e in (await centre.incident(row.incident)).timeline if e.kind is EntryKind.CALL_IN]
    assert [e.text.split("|")[2:] for e in lines] == [["answered", "0"], ["spoke", "37"]]
    assert {e.by for e in lines} == {"zuoxi1"}
    assert [it["known"] for it in (unknown, office)] == [False, False]
    assert office["number"] == unknown["number"]
    assert refused == {"error": "not the exchange"}
