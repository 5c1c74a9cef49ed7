"""A need is sent to an organisation: its owner has it until it is answered, and what nobody does climbs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from centre import Centre

from alerting.care.duty import CareStage, care_key
from alerting.care.referral import AnsweredBy, Rating, ReferralAct, ReferralResult, ReferralState
from alerting.care.referral_commands import (
    AcceptReferral,
    AnswerReferral,
    OfferReferral,
    RateReferral,
    ReferralCommand,
    RefuseReferral,
    SendReferral,
    TakeBackReferral,
    TakeOverReferral,
    UndoReferral,
)
from alerting.casefile import Responder
from alerting.model import Aggregate
from gateway.desk.contract import Answer
from nuanhu.town.homes import Home
from tests.other_system import connected
from tests.referred import organised, person_of, referral, sent, stranger_to
from tests.stories.test_replayed import replayed
from tests.stories.test_weekly_care import is_told, people, reminded, until

SENT, ACCEPTED, REFUSED, ANSWERED = (
    ReferralState.SENT,
    ReferralState.ACCEPTED,
    ReferralState.REFUSED,
    ReferralState.ANSWERED,
)
PAGE, TELEPHONE = AnsweredBy.PAGE, AnsweredBy.TELEPHONE


async def ask(centre: Centre, home: Home, kind: type[ReferralCommand], **fields: Any) -> Answer:
    """Somebody says something about the first referral of the home."""
    return await centre.ask(kind(**{"key": care_key(home.household), "number": 1, "by": "qian"} | fields))


def told(centre: Centre, name: str) -> str:
    """All that somebody was told so far."""
    return "\n".join(text for to, text in reminded(centre) if to == name)


async def hears(centre: Centre, someone: Responder, words: str) -> None:
    """Somebody is told so."""
    await centre.until(lambda: words in told(centre, someone.name), f"{someone.name} to hear: {words}")


async def begun(centre: Centre) -> tuple[Home, Responder, Responder, Responder]:
    """A need was found at a visit and sent; the home, its village's and town's person, and who hears of it there."""
    home = centre.home()
    village, town = people(centre, home)
    theirs = stranger_to(centre, centre.gateway.directory.households[home.household])
    org = await organised(centre, person=person_of(theirs))
    assert await sent(centre, home, org, person_of(village), source="visit:1") == 1
    return home, village, town, theirs


async def test_not_accepted_it_climbs_to_the_supervisor_then_it_is_accepted_done_and_rated(centre: Centre) -> None:
    home, village, town, theirs = await begun(centre)
    row = await referral(centre, home)
    assert (row.state, row.owner_name, row.need, row.source) == (
        SENT,
        village.name,
        "住院自付部分请协助报销",
        "visit:1",
    )
    assert row.due_at == datetime(2026, 1, 12, 10, tzinfo=UTC), "the fifth working day, 18:00"
    assert row.next_due_at == datetime(2026, 1, 7, 10, tzinfo=UTC), "accepted on the second"
    await centre.pass_time(hours=1, minutes=31)
    await hears(centre, theirs, "转介待处理 1 件")
    await until(centre, 8, 9)
    await hears(centre, village, "转介待处理 1 件")
    assert (await referral(centre, home)).stage is CareStage.DEPUTY
    await until(centre, 9, 9)
    await is_told(centre, town)
    await until(centre, 12, 9)
    assert (await referral(centre, home)).stage is CareStage.SUPERVISOR
    assert [it.home for it in await centre.gateway.desk.referrals_open()] == [home.household]
    assert home.household not in {it.home for it in await centre.gateway.desk.care_owed(stage=CareStage.SUPERVISOR)}
    assert (await ask(centre, home, AcceptReferral, how=TELEPHONE, text="钱科长")).done
    row = await referral(centre, home)
    assert (row.state, row.stage, row.next_due_at) == (ACCEPTED, CareStage.REMINDED, row.due_at)
    await centre.pass_time(minutes=40)
    await hears(centre, village, "转介已受理 1 件")
    assert (await ask(centre, home, AnswerReferral, how=PAGE, result=ReferralResult.SOLVED, text=" ")).refused
    done = await ask(centre, home, AnswerReferral, how=PAGE, result=ReferralResult.SOLVED, text="已报销两万元")
    assert done.done
    row = await referral(centre, home)
    assert (row.state, row.stage, row.next_due_at, row.result) == (ANSWERED, None, None, "solved")
    await centre.pass_time(minutes=40)
    await hears(centre, village, "转介已办结待回访 1 件")
    assert (await ask(centre, home, RateReferral, rating=Rating.CONTENT, text="很好")).done
    assert await centre.gateway.desk.referrals_open() == []
    since = centre.clock.now() - timedelta(days=92)
    (count,) = await centre.gateway.desk.referral_counts("", since, centre.clock.now())
    assert (count.sent, count.open, count.answered, count.in_time, count.rated, count.content) == (1, 0, 1, 1, 1, 1)
    (over,) = await centre.gateway.desk.referrals_over("", since)
    assert [it.act for it in over.steps] == ["sent", "accepted", "answered", "rated"]
    assert {Aggregate.CARE, Aggregate.RESPONDER} <= replayed(centre)


async def test_refused_it_goes_back_to_its_owner_who_sends_it_elsewhere_or_answers_it(centre: Centre) -> None:
    home, village, _, theirs = await begun(centre)
    assert (await ask(centre, home, RefuseReferral, how=PAGE)).refused == "say_why"
    assert (await ask(centre, home, RefuseReferral, how=PAGE, text="不属于医保范围")).done
    assert (await referral(centre, home)).state is REFUSED
    await centre.pass_time(hours=1, minutes=31)
    await hears(centre, village, "转介被退回 1 件")
    assert told(centre, theirs.name) == "", "it is theirs no more"
    other = await organised(centre, id="minzheng", title="民政办", person=person_of(theirs))
    fields = {"org": other.id, "days": 3}
    assert (await ask(centre, home, SendReferral, **fields, me="zhu")).refused == "not_its_owner"
    assert (await ask(centre, home, SendReferral, **fields, me=person_of(village))).done
    row = await referral(centre, home)
    assert (row.state, row.org_title, row.need) == (SENT, "民政办", "住院自付部分请协助报销")
    assert (await ask(centre, home, RefuseReferral, how=TELEPHONE, text="超出时限")).done
    answer = {"how": PAGE, "result": ReferralResult.NOT_POSSIBLE, "text": "已说明政策"}
    assert (await ask(centre, home, AnswerReferral, **answer, me="zhu")).refused == "not_its_owner"
    assert (await ask(centre, home, AnswerReferral, **answer, me=person_of(village))).done
    acts = [it.act for it in (await referral(centre, home)).steps]
    assert acts == ["sent", "refused", "sent_on", "refused", "answered_by_owner"]


async def test_handed_over_it_is_somebody_else_s_only_once_they_say_so(centre: Centre) -> None:
    home, village, town, _ = await begun(centre)
    mine, hers = person_of(village), person_of(town)
    assert (await ask(centre, home, OfferReferral, me=mine, to=hers)).refused == "say_why"
    assert (await ask(centre, home, OfferReferral, me=hers, to=hers, text="休假")).refused == "not_its_owner"
    assert (await ask(centre, home, OfferReferral, me=mine, to=hers, text="休假")).done
    assert (await referral(centre, home)).owner == mine
    await centre.pass_time(hours=1, minutes=31)
    await hears(centre, town, "转介请您接手 1 件")
    assert (await ask(centre, home, TakeOverReferral, me=hers, accepts=False, text="不在辖区")).done
    await centre.pass_time(minutes=40)
    await hears(centre, village, "转介交接被拒 1 件")
    assert (await ask(centre, home, OfferReferral, me=mine, to=hers, text="休假至月底")).done
    assert (await ask(centre, home, TakeOverReferral, me=mine)).refused == "not_offered"
    assert (await ask(centre, home, TakeOverReferral, me=hers)).done
    row = await referral(centre, home)
    assert (row.owner_name, row.offered, row.steps[-1].act) == (town.name, "", ReferralAct.TAKEN_OVER)
    assert [it.text for it in row.steps if it.act is ReferralAct.OFFERED] == ["休假", "休假至月底"]
    assert [it.number for it in await centre.gateway.desk.referrals_with([hers])] == [1]
    assert {Aggregate.CARE, Aggregate.RESPONDER} <= replayed(centre)


async def test_what_is_overdue_when_it_is_handed_over_is_the_new_owner_s_to_do(centre: Centre) -> None:
    home, village, town, _ = await begun(centre)
    await until(centre, 8, 9)
    await is_told(centre, village)
    assert (await ask(centre, home, OfferReferral, me=person_of(village), to=person_of(town), text="调岗")).done
    assert (await ask(centre, home, TakeOverReferral, me=person_of(town))).done
    rounds = centre.gateway.judge.states.care.rounds
    mine = [it.kind for it in rounds[f"@round@{person_of(village)}"].items]
    theirs = [it.kind for it in rounds[f"@round@{person_of(town)}"].items]
    assert "referral" not in mine
    assert theirs.count("referral") == 1


async def test_taken_back_as_long_as_nobody_has_accepted_it(centre: Centre) -> None:
    home, village, _, theirs = await begun(centre)
    mine = person_of(village)
    assert (await ask(centre, home, TakeBackReferral, me=person_of(theirs))).refused == "not_its_owner"
    assert (await ask(centre, home, AcceptReferral, how=PAGE)).done
    assert (await ask(centre, home, TakeBackReferral, me=mine)).refused == "accepted_already"
    assert (await ask(centre, home, UndoReferral, by="zhu")).refused == "not_your_step"
    assert (await ask(centre, home, UndoReferral)).done, "the acceptance was a mistake"
    assert (await referral(centre, home)).state is SENT
    assert (await ask(centre, home, TakeBackReferral, me=mine)).done
    assert await centre.gateway.desk.referrals_open() == []
    assert (await ask(centre, home, UndoReferral)).done, "and so was that"
    assert [it.state for it in await centre.gateway.desk.referrals_open()] == [SENT]
    await centre.pass_time(minutes=11)
    assert (await ask(centre, home, AcceptReferral, how=PAGE)).done
    await centre.pass_time(minutes=11)
    assert (await ask(centre, home, UndoReferral)).refused == "too_late"
    assert {Aggregate.CARE, Aggregate.RESPONDER} <= replayed(centre)


async def test_a_household_that_is_not_content_has_it_done_again(centre: Centre) -> None:
    home, village, _, theirs = await begun(centre)
    solved = {"how": TELEPHONE, "result": ReferralResult.PARTLY, "text": "报销一半"}
    assert (await ask(centre, home, AnswerReferral, **solved)).done
    assert (await ask(centre, home, RateReferral, rating=Rating.FAIRLY, again=True)).refused == "is_content"
    unhappy = {"rating": Rating.NOT_CONTENT, "again": True}
    assert (await ask(centre, home, RateReferral, **unhappy)).refused == "say_why"
    assert (await ask(centre, home, RateReferral, **unhappy, text="余款未到")).done
    row = await referral(centre, home)
    assert (row.state, row.returned, row.rating) == (SENT, 1, "not_content")
    await centre.pass_time(hours=1, minutes=31)
    await hears(centre, theirs, "转介待处理 1 件")
    await hears(centre, village, "转介重办 1 件")
    assert (await ask(centre, home, AnswerReferral, **solved)).done
    await centre.pass_time(days=31)
    care = centre.gateway.judge.states.care.owed
    await centre.until(lambda: not care[care_key(home.household)].referrals, "it to be closed: nobody has asked")
    await centre.barrier()
    row = await referral(centre, home)
    assert (row.state, row.steps[-1].act, row.result) == (ReferralState.CLOSED, ReferralAct.UNRATED, "partly")


async def test_other_systems_hear_that_one_was_sent_and_answered_and_nothing_of_the_people(centre: Centre) -> None:
    city = await connected(centre)
    area = centre.gateway.directory.households[centre.home().household].area
    homes = centre.gateway.directory.households.values()
    elsewhere = next(it.area for it in homes if it.area.rpartition(".")[0] != area.rpartition(".")[0])
    far = await connected(centre, area=elsewhere, id_="afar")
    start = (await city.get("/changes", after="now"))["cursor"]
    home, _, _, _ = await begun(centre)
    assert (await ask(centre, home, AcceptReferral, how=PAGE)).done
    answer = {"how": PAGE, "result": ReferralResult.SOLVED, "text": "已报销两万元"}
    assert (await ask(centre, home, AnswerReferral, **answer)).done
    events, _ = await city.news(start)
    mine = [it for it in events if it["type"].startswith("nuanhu.referral")]
    assert [it["type"] for it in mine] == ["nuanhu.referral.sent", "nuanhu.referral.answered"]
    assert mine[1]["data"] == {
        "household": home.household,
        "number": 1,
        "area": area,
        "by": "desk",
        "organisation": "yibao",
        "result": "solved",
    }
    assert "报销" not in msgspec.json.encode(mine).decode()
    assert [it for it in (await far.news(""))[0] if it["type"].startswith("nuanhu.referral")] == []


async def test_the_system_of_an_organisation_reads_accepts_and_answers_its_own(centre: Centre) -> None:
    theirs, other = await connected(centre, id_="yibao1"), await connected(centre, id_="other")
    home = centre.home()
    village, _ = people(centre, home)
    org = await organised(centre, peer="yibao1")
    await sent(centre, home, org, person_of(village))
    assert (await other.get("/referrals"))["referrals"] == []
    (shown,) = (await theirs.get("/referrals"))["referrals"]
    assert (shown["household"], shown["state"], shown["need"]) == (home.household, "sent", "住院自付部分请协助报销")
    openings = await centre.gateway.desk.openings(home.household)
    assert [(it.by, it.reason) for it in openings] == [("peer:yibao1", "exchange")], "what is given is written down"
    one = {"household": home.household, "number": 1}
    assert (await other.web.post("/referrals", json=one | {"act": "accept"})).status_code == 404
    assert (await theirs.web.post("/referrals", json=one | {"act": "refuse"})).status_code == 422
    for _ in range(2):
        answer = await theirs.web.post("/referrals", json=one | {"act": "accept", "text": "钱科长"})
        assert (answer.status_code, answer.json()["state"]) == (200, "accepted"), "the same again changes nothing"
    assert (await theirs.web.post("/referrals", json=one | {"act": "answer", "text": "x"})).status_code == 422
    done = one | {"act": "answer", "result": "partly", "text": "报销一半"}
    assert (await theirs.web.post("/referrals", json=done)).json()["result"] == "partly"
    assert (await theirs.web.post("/referrals", json=one | {"act": "accept"})).status_code == 409
    row = await referral(centre, home)
    assert [(it.act, it.by, it.how) for it in row.steps[1:]] == [
        ("accepted", "peer:yibao1", "system"),
        ("answered", "peer:yibao1", "system"),
    ]
    reader = await connected(centre, writes=False, id_="reader")
    assert (await reader.web.post("/referrals", json=done)).status_code == 403
