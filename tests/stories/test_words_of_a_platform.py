"""What a grid platform says counts once, by its own time, for its own jobs alone, and only when it is signed by it."""

from __future__ import annotations

import json
from datetime import timedelta

from centre import Centre
from on_the_way import OnTheWay, claimed

from alerting.dispatch.job import Stage
from alerting.model import EntryKind
from nuanhu.town.homes import OWN
from tests.grid_platform import KEY, RESPONDER, Words, job_of, registered
from tests.other_system import connected


async def handed(centre: Centre, nth: int = 0) -> tuple[OnTheWay, Words]:
    """A press whose job is handed to a platform, to which nobody can be connected."""
    if RESPONDER.partition(":")[2] not in centre.gateway.directory.parties:
        await registered(centre, "https://127.0.0.1:9/jobs")
    it = await claimed(centre, centre.home(OWN, nth))
    assert (await it.send(RESPONDER)).done
    return it, Words(centre, await job_of(it))


async def test_the_same_event_twice_changes_nothing(centre: Centre) -> None:
    it, grid = await handed(centre)
    first = (await grid.accepts()).json()
    await centre.pass_time(seconds=10)
    assert (await grid.accepts()).json() == first
    assert len(await it.lines(EntryKind.JOB_ACCEPTED)) == 1
    rang = it.rang()
    for _ in range(2):
        assert (await grid.say("needs_120")).json()["stage"] == "needs_120"
    assert it.rang() == rang + 1


async def test_late_events_are_put_in_order_by_their_own_time(centre: Centre) -> None:
    it, grid = await handed(centre)
    sent_at = centre.clock.now()
    await centre.pass_time(seconds=100)
    after = {"at": sent_at + timedelta(seconds=80)}
    assert (await grid.say("on_scene", **after)).json()["stage"] == "on_scene"
    assert (await grid.accepts(at=sent_at + timedelta(seconds=20))).json()["stage"] == "on_scene"
    assert (await grid.say("en_route", at=sent_at + timedelta(seconds=30))).json()["stage"] == "on_scene"
    told = (await it.job(RESPONDER)).times
    times = [(stage, (at - sent_at).total_seconds()) for stage, at in told if stage is not Stage.TIMED_OUT]
    assert times == [(Stage.OFFERED, 0), (Stage.ACCEPTED, 20), (Stage.EN_ROUTE, 30), (Stage.ON_SCENE, 80)]


async def test_cannot_go_from_before_they_went_is_overtaken(centre: Centre) -> None:
    it, grid = await handed(centre)
    sent_at = centre.clock.now()
    await centre.pass_time(seconds=60)
    assert (await grid.accepts(at=sent_at + timedelta(seconds=50))).status_code == 200
    late = await grid.say("cannot_go", at=sent_at + timedelta(seconds=40), reason="无人")
    assert (late.status_code, late.json()["stage"]) == (200, "accepted")
    assert (await grid.say("cannot_go", id_="new", at=centre.clock.now())).json()["stage"] == "cannot_go"
    assert await it.stage(RESPONDER) is Stage.CANNOT_GO


async def test_who_is_at_the_door_does_not_give_it_back(centre: Centre) -> None:
    it, grid = await handed(centre)
    await grid.accepts()
    await grid.say("on_scene")
    back = await grid.say("back")
    assert (back.status_code, back.json()["errors"][0]["reason"]) == (409, "hand_over_first")
    assert (await grid.say("handed_over")).status_code == 422, "to whom?"
    desk = await grid.say("handed_over", id_="2", to="desk")
    assert desk.json()["errors"][0]["reason"] == "desk_must_agree"
    assert (await grid.say("handed_over", id_="3", to="ambulance")).json()["stage"] == "handed_over"
    assert await it.stage(RESPONDER) is Stage.HANDED_OVER


async def test_a_platform_has_many_jobs_and_its_worker_one(centre: Centre) -> None:
    (_, first), (it, second) = await handed(centre), await handed(centre, 1)
    assert (await first.accepts("WG1")).status_code == 200
    refused = await second.accepts("WG1", id_="1")
    assert (refused.status_code, refused.json()["errors"][0]["reason"]) == (409, "on_other_job")
    assert (await second.accepts("WG2", id_="2")).status_code == 200
    assert (await second.accepts("WG1", id_="3")).status_code == 409, "nor instead of somebody else"
    assert (await it.job(RESPONDER)).worker is not None
    assert len((await first.web.get("/jobs", headers={"Authorization": f"Bearer {KEY}"})).json()["jobs"]) == 2
    await first.say("cannot_go")
    assert (await second.accepts("WG1", id_="4")).status_code == 200, "who is free again"


async def test_what_is_not_signed_by_it_or_not_about_its_jobs_is_refused(centre: Centre) -> None:
    it, grid = await handed(centre)
    event = {"specversion": "1.0", "id": "1", "source": "grid", "type": "nuanhu.job.en_route", "subject": grid.job}
    body = json.dumps(event | {"time": "2026-01-05T00:00:00Z"}).encode()
    city = await connected(centre)
    for answer, status, word in (
        (await grid.post(body, secret="0" * 60), 401, "wrong_signature"),
        (await grid.post(body, ago_s=301), 400, "stale_call"),
        (await grid.post(body, key="nh_grid1_x"), 401, "wrong_key"),
        (await grid.post(body, key=city.key), 403, "takes_no_jobs"),
        (await grid.post(b"{"), 400, "malformed"),
        (await grid.post(b'{"id": 1}'), 422, "bad_job_event"),
        (await grid.post(body.replace(b"en_route", b"offered")), 422, "bad_job_event"),
        (await Words(centre, f"{it.row.incident}/1").say("en_route"), 404, "unknown_job"),
        (await Words(centre, "nowhere").say("en_route"), 404, "unknown_job"),
    ):
        told = answer.json()
        assert (answer.status_code, told["type"]) == (status, f"urn:nuanhu:problem:{word}")
        assert answer.headers["content-type"] == "application/problem+json"
    assert await it.stage(RESPONDER) is Stage.OFFERED


async def test_a_platform_is_sent_to_homes_of_its_area_alone(centre: Centre) -> None:
    it = await claimed(centre)
    assert (await it.send(RESPONDER)).refused == "unknown_responder", "nobody has registered it"
    home = centre.gateway.directory.households[it.home.household]
    towns = {other.area.rpartition(".")[0] for other in centre.gateway.directory.households.values()}
    elsewhere = next(town for town in sorted(towns) if not home.area.startswith(town))
    await registered(centre, "https://127.0.0.1:9/jobs", area=elsewhere)
    assert (await it.send(RESPONDER)).refused == "unknown_responder", "it has other towns"
    assert await centre.gateway.desk.platforms(home.area) == []
    assert [peer.id for peer in await centre.gateway.desk.platforms(elsewhere)] == [RESPONDER.partition(":")[2]]
