"""Another system of the city reads and writes case files by /api/v1, in its own area, and nobody's change is lost."""

from __future__ import annotations

from typing import Any

import msgspec
from centre import Centre

from alerting.casefile import covers
from alerting.commands import OpenManual
from alerting.enrolment.commands import RevokePeer, SaveHousehold
from alerting.keeping.consent import Consent, ConsentFor
from tests.other_system import OtherSystem, connected, new_home


def words(answer: Any) -> dict[str, str]:
    """Field to reason of a refusal."""
    return {it["field"]: it["reason"] for it in msgspec.json.decode(answer.content)["errors"]}


async def test_the_same_twice_is_one_change_and_what_is_given_back_changes_nothing(centre: Centre) -> None:
    city = await connected(centre)
    made = await city.put("AY2026001", new_home(centre))
    assert (made.status_code, made.json()["result"]) == (201, "created")
    again = await city.put("AY2026001", new_home(centre))
    assert (again.status_code, again.json()["result"]) == (200, "unchanged")
    whole = await city.get("/households/AY2026001")
    given_back = await city.put("AY2026001", whole)
    assert given_back.json() == {"key": "AY2026001", "version": whole["version"], "result": "unchanged", "changed": []}
    assert len(await centre.gateway.desk.registrations("household", "AY2026001")) == 1


async def test_every_case_file_of_the_town_comes_back_as_it_was(centre: Centre) -> None:
    """Whatever it has: what is read can be given again, and is the same."""
    city = await connected(centre)
    for home in centre.gateway.directory.households:
        answer = await city.put(home, await city.get(f"/households/{home}"))
        assert answer.json()["result"] == "unchanged", home


async def test_a_change_of_somebody_else_is_never_overwritten_unread(centre: Centre) -> None:
    city = await connected(centre)
    version = (await city.put("AY2026001", new_home(centre))).json()["version"]
    home = centre.gateway.directory.households["AY2026001"]
    await centre.ask(SaveHousehold(household=msgspec.structs.replace(home, access="钥匙在邻居处"), by="zhao"))
    unread = await city.put("AY2026001", {"pets": ["大黄狗"]})
    assert unread.status_code == 428
    stale = await city.put("AY2026001", {"pets": ["大黄狗"]}, version)
    assert stale.status_code == 412
    fresh = await city.get("/households/AY2026001")
    assert (await city.put("AY2026001", {"pets": ["大黄狗"]}, fresh["version"])).status_code == 200
    now = centre.gateway.directory.households["AY2026001"]
    assert (now.pets, now.access) == (("大黄狗",), "钥匙在邻居处"), "what was not given stays"


async def test_what_is_wrong_is_said_field_by_field_and_nothing_is_registered(centre: Centre) -> None:
    city = await connected(centre)
    people = [{"name": "", "birth_year": 1700}, {"name": "李四"}]
    spoilt = new_home(centre, area="990100.77", residents=people, tier="red", colour="blue", village_responder="nobody")
    answer = await city.put("AY2026009", spoilt)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert words(answer) == {
        "colour": "unknown_field",
        "area": "unknown_area",
        "tier": "wrong_type",
        "residents.2.birth_year": "missing",
        "village_responder": "unknown_person",
    }
    mended = new_home(centre, residents=people[:1], contacts=[{"name": "周", "relation": "", "phone": "12"}])
    assert words(await city.put("AY2026009", mended)) == {
        "residents.1.name": "missing",
        "residents.1.birth_year": "bad_year",
        "contacts.1.phone": "bad_phone",
    }
    assert "AY2026009" not in centre.gateway.directory.households


async def test_what_lowers_safety_has_to_be_meant(centre: Centre) -> None:
    city = await connected(centre)
    home = new_home(centre, tier="urgent")
    version = (await city.put("AY2026001", home)).json()["version"]
    lower = {"tier": "watch", "contacts": []}
    asked = await city.put("AY2026001", lower, version)
    assert (asked.status_code, words(asked)) == (409, {"tier": "tier_lowered", "contacts": "no_longer"})
    assert centre.gateway.directory.households["AY2026001"].tier == "urgent"
    assert (await city.put("AY2026001", lower, version, confirm=True)).status_code == 200


async def test_no_call_says_that_a_number_was_tried(centre: Centre) -> None:
    city = await connected(centre)
    contact = {
        "name": "周小妹",
        "relation": "女儿",
        "phone": "19900000002",
        "verified": True,
        "verified_on": "2026-01-01",
    }
    version = (await city.put("AY2026001", new_home(centre, contacts=[contact]))).json()["version"]
    home = centre.gateway.directory.households["AY2026001"]
    assert not home.contacts[0].verified
    tried = msgspec.structs.replace(home.contacts[0], verified=True)
    await centre.ask(SaveHousehold(household=msgspec.structs.replace(home, contacts=(tried,)), by="zhao"))
    version = (await city.get("/households/AY2026001"))["version"]
    untried = [{**contact, "verified": False, "relation": "小女儿"}]
    assert (await city.put("AY2026001", {"contacts": untried}, version)).status_code == 200
    (now,) = centre.gateway.directory.households["AY2026001"].contacts
    assert (now.verified, now.relation) == (True, "小女儿")


async def test_a_batch_is_registered_whole_or_not_at_all(centre: Centre) -> None:
    city = await connected(centre)
    good = [{"key": f"B{n:03}", **new_home(centre)} for n in range(150)]
    spoilt = [*good[:40], {**good[40], "residents": []}, *good[41:], {"key": "B001", **new_home(centre)}]
    refused = await city.batch(*spoilt)
    errors = refused.json()["errors"]
    assert refused.status_code == 422
    assert [(it["number"], it["key"], it["field"], it["reason"]) for it in errors] == [
        (41, "B040", "residents", "missing"),
        (151, "B001", "key", "twice_in_batch"),
    ]
    dry = (await city.batch(*good, dry_run=True)).json()
    assert (dry["dry_run"], dry["new"]) == (True, 150)
    assert "B000" not in centre.gateway.directory.households
    done = (await city.batch(*good)).json()
    assert (done["new"], done["refused"]) == (150, 0)
    assert (await city.batch(*good)).json()["unchanged"] == 150
    events, _ = await city.news("", limit=7)
    assert [it["subject"] for it in events] == [it["key"] for it in good], "each once, in their order"


async def test_whoever_reads_is_written_down_and_who_knows_it_already_reads_nothing(centre: Centre) -> None:
    city = await connected(centre)
    key = centre.home().household
    await city.get("/households", fields="key,tier,area,version")
    assert await centre.gateway.desk.openings(key) == []
    answer = await city.web.get(f"/households/{key}")
    same = await city.web.get(f"/households/{key}", headers={"If-None-Match": answer.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    page = await city.get("/households", number=[key], fields="residents")
    assert page["households"][0]["residents"][0]["name"]
    openings = await centre.gateway.desk.openings(key)
    assert [(it.by, it.reason) for it in openings] == [("peer:city", "exchange")]
    await centre.pass_time(seconds=1)
    await city.get("/households", fields="*", limit=200)
    assert len(await centre.gateway.desk.openings(key)) == 2


async def test_a_household_that_takes_its_consent_back_is_given_to_nobody(centre: Centre) -> None:
    city = await connected(centre)
    key = centre.home().household
    home = centre.gateway.directory.households[key]
    day = centre.clock.now().date()
    paper = Consent(who="本人", on=day, purposes=(ConsentFor.SHARING,), withdrawn_on=day)
    withheld = msgspec.structs.replace(home, consents=(paper,))
    assert (await centre.ask(SaveHousehold(household=withheld, by="zhao"))).done
    await city.get(f"/households/{key}", 403)
    (listed,) = (await city.get("/households", number=[key], fields="*"))["households"]
    assert set(listed) == {"key", "version", "area", "tier"}
    assert await centre.gateway.desk.openings(key) == []
    back = await city.put(key, {"consents": [], "left": None, "pets": ["猫"]}, listed["version"])
    assert back.status_code == 200
    assert centre.gateway.directory.households[key].consents == (paper,), "only people here can say it"


async def test_homes_come_page_by_page_each_once(centre: Centre) -> None:
    city = await connected(centre)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await city.get("/households", after=cursor, limit=5)
        seen += [it["key"] for it in page["households"]]
        cursor = page["cursor"]
    assert seen == sorted(centre.gateway.directory.households)


def towns(centre: Centre) -> tuple[str, str, str]:
    """A town, a home in it, and one in another."""
    homes = centre.gateway.directory.households
    mine = next(iter(homes.values()))
    town = mine.area.rpartition(".")[0]
    return town, mine.key, next(it.key for it in homes.values() if not covers(town, it.area))


async def test_the_key_of_a_town_neither_reads_nor_writes_another_town_by_any_way(centre: Centre) -> None:
    town, mine, other = towns(centre)
    homes = centre.gateway.directory.households
    theirs = homes[other]
    at_town = await connected(centre, area=town, id_="town")
    await _stir(centre, other)
    await _stir(centre, mine)
    told = [
        *[await at_town.get("/households", fields="*", limit=200, **more) for more in ({}, {"area": theirs.area})],
        await at_town.get("/households", number=[mine, other], fields="*"),
        await at_town.get("/incidents"),
        (await at_town.news(""))[0],
        await at_town.get("/responders"),
    ]
    text = msgspec.json.encode(told).decode()
    assert mine in text
    assert other not in text
    assert theirs.residents[0].name not in text
    await at_town.get(f"/households/{other}", 404)
    assert (await at_town.put(other, {"pets": ["大黄狗"]})).status_code == 403
    assert (await at_town.put("AY1", new_home(centre, area=theirs.area))).status_code == 422
    moved = await at_town.put(
        mine, {"area": theirs.area}, (await at_town.get(f"/households/{mine}"))["version"], confirm=True
    )
    assert (moved.status_code, words(moved)) == (422, {"area": "not_yours"})
    batch = await at_town.batch(
        {"key": other, "pets": ["大黄狗"]}, {"key": "AY2", **new_home(centre, area=theirs.area)}
    )
    assert [(it["number"], it["reason"]) for it in batch.json()["errors"]] == [(1, "not_yours"), (2, "not_yours")]
    assert homes[other] == theirs
    assert await centre.gateway.desk.openings(other) == []


async def _stir(centre: Centre, key: str) -> None:
    """Something changes in a home's case file, and it calls for help."""
    home = centre.gateway.directory.households[key]
    changed = msgspec.structs.replace(home, access=f"{home.access}。")
    assert (await centre.ask(SaveHousehold(household=changed, by="zhao"))).done
    await centre.ask(OpenManual(key=key, by="zuoxi1", text="来电"))


async def test_a_home_that_moves_to_another_town_leaves_the_news_of_the_first(centre: Centre) -> None:
    town, mine, other = towns(centre)
    homes = centre.gateway.directory.households
    before, after = (
        await connected(centre, area=town, id_="town"),
        await connected(centre, area=homes[other].area, id_="other"),
    )
    moved = msgspec.structs.replace(homes[mine], area=homes[other].area)
    await centre.ask(SaveHousehold(household=moved, by="zhao"))
    assert [(it["type"], it["data"]) for it in (await before.news(""))[0]] == [
        ("nuanhu.household.left", {"key": mine, "by": "desk"})
    ]
    assert [it["type"] for it in (await after.news(""))[0]] == ["nuanhu.household.registered"]


async def test_a_key_that_only_reads_or_is_revoked_opens_no_more(centre: Centre) -> None:
    reader = await connected(centre, writes=False, id_="reader")
    assert (await reader.put("AY1", new_home(centre))).status_code == 403
    assert (await reader.batch()).status_code == 403
    assert (await centre.ask(RevokePeer(peer="reader", by="root"))).done
    for path in (
        "/households",
        f"/households/{centre.home().household}",
        "/changes",
        "/areas",
        "/responders",
        "/incidents",
    ):
        assert (await reader.web.get(path)).status_code == 401, path
        assert (await OtherSystem(centre, "x", "").web.get(path)).status_code == 401, path
    assert (await OtherSystem(centre, "x", reader.key[:-1]).web.get("/areas")).status_code == 401


async def test_incidents_are_told_with_the_least(centre: Centre) -> None:
    city = await connected(centre)
    after = (await city.get("/changes", after="now"))["cursor"]
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    (event,), cursor = await city.news(after)
    area = centre.gateway.directory.households[home.household].area
    assert (event["type"], event["subject"]) == ("nuanhu.incident.opened", row.incident)
    assert event["data"] == {"incident": row.incident, "household": home.household, "area": area, "alarm": "panic"}
    (listed,) = (await city.get("/incidents"))["incidents"]
    assert (listed["incident"], listed["alarms"], listed["state"]) == (row.incident, ["panic"], "open")
    await centre.claim(row)
    await centre.spoke(row)
    assert (await centre.close(row)).done
    (event,), _ = await city.news(cursor)
    assert (event["type"], event["subject"]) == ("nuanhu.incident.closed", row.incident)
    assert event["data"]["outcome"] == "was_well"
