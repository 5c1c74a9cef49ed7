"""Referrals and organisations as people without scripts send, accept, answer and keep them."""

from __future__ import annotations

import re

from centre import Centre

from alerting.care.commands import RecordCare
from alerting.care.duty import CareKind, CareResult, care_key
from alerting.casefile import Household, Role
from gateway.care.referrals_asked import ReferralRow
from tests.dashboard.visitor import Visitor, arrived
from tests.referred import organised, person_of, sent, stranger_to


def home_of(centre: Centre) -> Household:
    return centre.gateway.directory.households[centre.home().household]


def village(centre: Centre) -> Visitor:
    """The responsible person of the first home, with a telephone."""
    home = home_of(centre)
    return arrived(centre, "li", Role.RESPONDER, area=home.area, responder=home.village_responder)


async def the_one(centre: Centre) -> ReferralRow:
    row = await centre.gateway.desk.referral(home_of(centre).key, 1)
    assert row is not None
    return row


async def test_a_need_found_at_a_visit_is_sent_on_answered_and_rated(centre: Centre) -> None:
    home = home_of(centre)
    phone, desk = village(centre), arrived(centre, "zhu", Role.SUPERVISOR)
    org = await organised(centre)
    visit = {"kind": CareKind.VISIT, "result": CareResult.NEEDS, "text": "<b>缺轮椅</b>"}
    assert (await centre.ask(RecordCare(key=care_key(home.key), by="li", **visit))).done
    await desk.go("/care")
    address = f"/referrals/new?home={home.key}&amp;source=visit:1"
    assert address in desk.page
    await desk.go(address.replace("&amp;", "&"))
    assert "&lt;b&gt;缺轮椅&lt;/b&gt;" in desk.page, "what was found is there already"
    assert "首问责任人为" in desk.page, "whoever was there owns it, whoever sends it"
    await desk.send("/referrals", org=org.id, text="需要轮椅", days="")
    assert desk.path == f"/referrals/{home.key}/1"
    row = await the_one(centre)
    assert (row.owner, row.source, row.days) == (f"responder:{home.village_responder}", "visit:1", org.days)
    await desk.go("/care")
    assert address not in desk.page
    assert f'→ <a href="/referrals/{home.key}/1">{org.title}</a>' in desk.page
    await phone.go("/rounds")
    assert "我的转介" in phone.page
    await phone.go(f"/referrals/{home.key}/1")
    await phone.send(f"/referrals/{home.key}/1/accept", text="钱科长")
    await phone.send(f"/referrals/{home.key}/1/answer", result="solved", text=" ")
    assert "请填写了解到的情况和所做的工作" in phone.page
    await phone.send(f"/referrals/{home.key}/1/answer", result="solved", text="已送到家")
    await phone.send(f"/referrals/{home.key}/1/rate", rating="not_content", again="yes", text="坏了")
    assert (await the_one(centre)).returned == 1
    await phone.send(f"/referrals/{home.key}/1/answer", result="solved", text="已更换")
    await desk.go(f"/referrals/{home.key}/1")
    assert "电话告知" in desk.page
    await desk.send(f"/referrals/{home.key}/1/rate", rating="content", text="")
    await desk.go("/referrals")
    assert "没有转介" in desk.page
    assert "<td>满意</td>" in desk.page
    await desk.go(f"/households/{home.key}")
    assert "已更换" in desk.page


async def test_who_hears_of_it_there_answers_on_their_own_page_and_nobody_else_there(centre: Centre) -> None:
    home = home_of(centre)
    theirs = stranger_to(centre, home)
    org = await organised(centre, person=person_of(theirs))
    await sent(centre, centre.home(), org, f"responder:{home.village_responder}")
    there = arrived(centre, "qian", Role.RESPONDER, area=theirs.area, responder=theirs.id)
    await there.go("/rounds")
    await there.send(f"/referrals/{home.key}/1/accept")
    assert there.path == "/rounds"
    (accepted,) = [it for it in (await the_one(centre)).steps if it.act == "accepted"]
    assert (accepted.by, accepted.how) == ("qian", "page")
    await there.go(f"/referrals/{home.key}/1")
    assert "send_on" not in there.page, "that is its owner's"
    token = re.search(r'name="csrf" value="(\w+)"', there.page)
    assert token is not None
    for step, more in (("rate", {"rating": "content"}), ("take_back", {}), ("offer", {"to": "zhu", "text": "x"})):
        await there.post(f"/referrals/{home.key}/1/{step}", csrf=token[1], **more)
        assert (await the_one(centre)).last == accepted, step
    other = arrived(centre, "sun", Role.RESPONDER, area=theirs.area, responder="nobody")
    await other.go(f"/referrals/{home.key}/1")
    assert other.status == 404


async def test_its_owner_hands_it_over_and_the_other_one_agrees_or_not(centre: Centre) -> None:
    home = home_of(centre)
    org = await organised(centre)
    await sent(centre, centre.home(), org, f"responder:{home.village_responder}")
    mine, town = village(centre), arrived(centre, "zhen", Role.RESPONDER, responder=home.town_responder)
    await mine.go(f"/referrals/{home.key}/1")
    await mine.send(f"/referrals/{home.key}/1/offer", to=f"responder:{home.town_responder}", text="")
    assert "请说明原因" in mine.page
    await mine.send(f"/referrals/{home.key}/1/offer", to=f"responder:{home.town_responder}", text="外出培训")
    await town.go(f"/referrals/{home.key}/1")
    assert "请您接手" in town.page
    await town.send(f"/referrals/{home.key}/1/take_over")
    assert (await the_one(centre)).owner == f"responder:{home.town_responder}"
    await town.send(f"/referrals/{home.key}/1/undo")
    assert (await the_one(centre)).owner == f"responder:{home.village_responder}"
    desk = arrived(centre, "zhu", Role.SUPERVISOR)
    await desk.go(f"/referrals/{home.key}/1")
    assert "您正在代" in desk.page
    await desk.send(f"/referrals/{home.key}/1/take_back", text="重复")
    last = (await the_one(centre)).last
    assert last is not None
    assert (last.act, last.by, last.person) == ("taken_back", "zhu", f"responder:{home.village_responder}")


async def test_what_cannot_be_sent_stays_typed_and_is_said(centre: Centre) -> None:
    home = home_of(centre)
    desk = arrived(centre, "zhu", Role.SUPERVISOR)
    await desk.go(f"/referrals/new?home={home.key}")
    assert "尚未登记承办单位" in desk.page
    org = await organised(centre)
    await desk.go(f"/referrals/new?home={home.key}&source=nonsense:1")
    await desk.send("/referrals", org=org.id, text=" ", days="3")
    assert (desk.status, "请填写住户的需求" in desk.page) == (409, True)
    assert 'value="3"' in desk.page
    await desk.send("/referrals", org=org.id, text="缺轮椅", days="61")
    assert "请填写 1 至 60 个工作日" in desk.page
    assert "缺轮椅" in desk.page
    await desk.send("/referrals", org="nobody", text="缺轮椅", days="")
    assert "没有这个承办单位" in desk.page
    assert await centre.gateway.desk.referrals_open() == []


async def test_another_town_sees_and_does_nothing_of_it(centre: Centre) -> None:
    home = home_of(centre)
    org = await organised(centre)
    await sent(centre, centre.home(), org, f"responder:{home.village_responder}")
    far = arrived(centre, "yuan", Role.SUPERVISOR, area="990100.77")
    for path in (f"/referrals/{home.key}/1", f"/referrals/new?home={home.key}"):
        await far.go(path)
        assert far.status == 404
    await far.go("/referrals")
    assert home.title not in far.page
    token = re.search(r'name="csrf" value="(\w+)"', far.page)
    assert token is not None
    answer = await far.post(f"/referrals/{home.key}/1/accept", csrf=token[1])
    assert answer.status_code == 404
    answer = await far.post("/referrals", csrf=token[1], home=home.key, org=org.id, text="x")
    assert answer.status_code == 404


async def test_a_supervisor_keeps_the_organisations_of_their_area(centre: Centre) -> None:
    home = home_of(centre)
    town = home.area.rpartition(".")[0]
    city, near = arrived(centre, "zhu", Role.SUPERVISOR), arrived(centre, "jin", Role.SUPERVISOR, area=town)
    await city.go("/organisations")
    new = {"title": "区残联", "kind": "disability", "area": "", "contact": "吴理事", "phone": "19900000001", "days": ""}
    await city.send("/organisations", **new, person="nobody")
    assert (city.status, "请选择其他已登记的人员" in city.page) == (409, True)
    assert 'value="区残联"' in city.page
    await city.send("/organisations", **new, person=f"responder:{home.village_responder}")
    (org,) = await centre.gateway.desk.organisations()
    assert (org.title, org.days, org.area, org.contact) == ("区残联", 7, "", "吴理事")
    await near.go(f"/organisations?change={org.id}")
    assert "区残联" in near.page
    assert f"/organisations/{org.id}/end" not in near.page, "it is the city's"
    await near.send(
        "/organisations", **(new | {"title": "镇社工站", "kind": "social_work", "area": town, "person": ""})
    )
    assert [it.area for it in await centre.gateway.desk.organisations() if it.title == "镇社工站"] == [town]
    token = re.search(r'name="csrf" value="(\w+)"', near.page)
    assert token is not None
    await near.post("/organisations", csrf=token[1], id=org.id, **(new | {"title": "改名", "area": town}), person="")
    assert "改名" not in {it.title for it in await centre.gateway.desk.organisations()}
    await city.go(f"/organisations?change={org.id}")
    await city.send(f"/organisations/{org.id}/end")
    assert [it.title for it in await centre.gateway.desk.organisations() if not it.ended] == ["镇社工站"]
    desk = arrived(centre, "wei", Role.OPERATOR)
    await desk.go("/organisations")
    assert "镇社工站" in desk.page
    assert 'id="organisation-form"' not in desk.page
