"""What the service does is counted from its timelines; each figure opens its incidents, and tests are left out."""

from __future__ import annotations

import re

from centre import Centre
from on_duty import case

from alerting.casefile import Role
from alerting.commands import AcceptJob, Dispatch, RecordArrival
from alerting.model import Outcome
from tests.dashboard.visitor import Visitor, arrived


def cells(page: str, measure: str) -> list[str]:
    """What stands in the row of a figure: share, target, counted, not, half within, nine of ten within."""
    row = re.search(rf'<tr data-measure="{measure}">(.*?)</tr>', page, re.DOTALL)
    assert row is not None, measure
    found = re.findall(r"<td[^>]*>(.*?)</td>", row[1], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", it).split()) for it in found]


def link(page: str, measure: str, which: str) -> str:
    found = re.search(rf'href="(/figures/incidents\?[^"]*m={measure}&amp;which={which}[^"]*)"', page)
    assert found is not None, (measure, which)
    return found[1].replace("&amp;", "&")


async def _three_presses(centre: Centre) -> tuple[str, str]:
    """One is answered after 20 s and somebody is at the door 30 minutes later; one after 100 s; one is a test."""
    quick, slow, drill = centre.home(), centre.home(nth=1), centre.home(nth=2)
    who = case(centre, quick).village_responder
    await centre.press(quick)
    first = await centre.row_of(quick)
    await centre.pass_time(seconds=20)
    await centre.claim(first)
    about = {"key": first.key, "incident": first.incident}
    assert (await centre.ask(Dispatch(**about, by="zuoxi1", responder=who))).done
    assert (await centre.ask(AcceptJob(**about, by=f"responder:{who}"))).done
    await centre.pass_time(minutes=30)
    assert (await centre.ask(RecordArrival(**about, by=f"responder:{who}"))).done
    await centre.claim(first)
    await centre.spoke(first)
    assert (await centre.close(first, Outcome.REAL)).done
    await centre.press(slow)
    second = await centre.row_of(slow)
    await centre.pass_time(seconds=100)
    await centre.claim(second)
    await centre.spoke(second)
    assert (await centre.close(second, Outcome.ACCIDENTAL)).done
    await centre.press(drill)
    third = await centre.row_of(drill)
    await centre.pass_time(minutes=10)
    await centre.claim(third)
    await centre.spoke(third)
    assert (await centre.close(third, Outcome.TEST)).done
    return first.incident, second.incident


async def _supervisor(centre: Centre, area: str = "") -> Visitor:
    return arrived(centre, "chief" + area.replace(".", ""), Role.SUPERVISOR, area=area)


async def test_every_figure_leads_to_its_incidents(centre: Centre) -> None:
    first, second = await _three_presses(centre)
    chief = await _supervisor(centre)
    page = await chief.go("/figures?period=today")
    assert cells(page, "answered_60")[:4] == ["50.0 % 低于目标", "97.5 %", "2", "1"]
    assert cells(page, "answered_180")[:4] == ["100.0 %", "99.0 %", "2", "0"]
    assert cells(page, "there_45")[:4] == ["100.0 %", "90.0 %", "1", "0"]
    assert cells(page, "false")[0] == "50.0 %"
    assert "测试 1 起不计" in page
    assert "今日 1/2，目标 97.5 %" in await chief.go("/overview")
    missed = await chief.go(link(page, "answered_60", "missed"))
    assert second in missed
    assert first not in missed
    assert f'href="/incidents/{second}"' in missed
    by_shift = await chief.go("/figures?period=today&by=shift")
    assert "白班" in by_shift


async def test_a_town_counts_its_own_homes_and_the_desk_is_the_city_s(centre: Centre) -> None:
    first, second = await _three_presses(centre)
    homes = [case(centre, centre.home()), case(centre, centre.home(nth=1))]
    towns = [home.area.rpartition(".")[0] for home in homes]
    assert towns[0] != towns[1], "homes of two towns"
    chief = await _supervisor(centre, towns[0])
    page = await chief.go(f"/figures?period=today&area={towns[1]}")
    assert cells(page, "answered_60")[2] == "1"
    assert 'id="desk-load"' not in page
    behind = await chief.go(link(page, "answered_60", "of"))
    assert first in behind
    assert second not in behind


async def test_without_an_incident_the_page_says_what_to_do_and_an_operator_has_none(centre: Centre) -> None:
    chief = await _supervisor(centre)
    assert "这段时间没有警情" in await chief.go("/figures?period=own&from=2020-01-01&to=2020-01-31")
    days = "from=2020-01-01&to=2020-01-31"
    changed = await chief.go(f"/figures?period=today&{days}&shown=2026-01-012026-01-01")
    assert "2020-01-01 至 2020-01-31" in changed, "whoever types days means them"
    assert "2020-01-01 至" not in await chief.go(f"/figures?period=today&{days}&shown=2020-01-012020-01-31")
    assert (await arrived(centre, "op", Role.OPERATOR).web.get("/figures")).status_code == 403
