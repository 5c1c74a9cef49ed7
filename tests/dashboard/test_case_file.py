"""A case file: masked until somebody says why, changed by a form that keeps what was typed, with its whole history."""

import re

import msgspec
import pytest
from centre import Centre

from alerting.casefile import Contact, Household, Place, Resident, Role
from alerting.enrolment.commands import SaveHousehold
from alerting.model import RiskTier
from dashboard.case_form import Typed, fields_of
from tests.dashboard.visitor import arrived


def typed(html: str) -> dict[str, str]:
    """The fields of the case file's form as they would be posted."""
    form = html.partition('id="case-form"')[2]
    found = dict(re.findall(r'<input name="([^"]+)"[^>]* value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea name="([^"]+)"[^>]*>([^<]*)</textarea>', form))
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, flags=re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected|<option selected>([^<]*)<', options)
        found[name] = (chosen[1] or chosen[2] or "") if chosen else ""
    found |= dict.fromkeys(re.findall(r'<input type="checkbox" name="([^"]+)" value="1" checked', form), "1")
    return found | dict(re.findall(r'<input type="hidden" name="(based_on)" value="([^"]*)"', html))


async def test_names_and_numbers_are_masked_until_somebody_says_why(centre: Centre) -> None:
    key = centre.home().household
    home = centre.gateway.directory.households[key]
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go(f"/households/{key}")
    first = home.residents[0]
    for secret in (first.name, first.phone, home.contacts[0].phone, home.access):
        assert secret not in browser.page
    assert f"{first.name[0]}*" in browser.page
    await browser.send(f"/households/{key}/open", reason="asked", note=" ")
    assert "请说明查看该档案的事由" in browser.page
    assert first.phone not in browser.page
    await browser.send(f"/households/{key}/open", reason="asked", note="街道来电核对")
    for shown in (first.name, first.phone, home.access):
        assert shown in browser.page
    other = arrived(centre, "li", Role.OPERATOR)
    await other.go(f"/households/{key}")
    assert first.phone not in other.page, "another person's reason"
    await centre.pass_time(minutes=16)
    browser = arrived(centre, "wang", Role.OPERATOR)
    await browser.go(f"/households/{key}")
    assert first.phone not in browser.page
    keeper = arrived(centre, "zhao", Role.SUPERVISOR)
    await keeper.go(f"/households/{key}/history")
    assert "街道来电核对" in keeper.page


async def test_whoever_works_on_an_incident_of_the_home_sees_it_and_that_is_written_down(centre: Centre) -> None:
    home = centre.home()
    phone = centre.gateway.directory.households[home.household].residents[0].phone
    await centre.press(home)
    browser = arrived(centre, "wang", Role.OPERATOR)
    for _ in range(2):
        await browser.go(f"/households/{home.household}")
        assert phone in browser.page
    openings = await centre.gateway.desk.openings(home.household)
    assert [(it.by, it.reason) for it in openings] == [("wang", "incident")]
    row = await centre.row_of(home)
    assert (await centre.claim(row)).done
    assert (await centre.spoke(row)).done
    assert (await centre.close(row)).done
    other = arrived(centre, "li", Role.OPERATOR)
    await other.go(f"/households/{home.household}")
    assert phone not in other.page, "what is closed is no reason"


async def test_a_case_file_is_changed_by_a_form_and_its_history_says_what_was_before(centre: Centre) -> None:
    key = centre.home().household
    before = centre.gateway.directory.households[key]
    keeper = arrived(centre, "zhao", Role.SUPERVISOR)
    await keeper.go(f"/households/{key}/edit")
    form = typed(keeper.page)
    path = f"/households/{key}/edit"
    await keeper.send(path, **form | {"button": "save"})
    assert centre.gateway.directory.households[key] == before, "saved as it was shown, nothing is lost"
    await keeper.go(path)
    await keeper.send(path, **form | {"button": "add.contacts"})
    more = typed(keeper.page)
    n = len(before.contacts) + 1
    assert more[f"contacts.{n}.name"] == ""
    changed = {"pets": "大黄狗、猫", "residents.1.birth_year": "十九", f"contacts.{n}.name": "周小妹"}
    await keeper.send(path, **more | changed | {"button": "save"})
    assert "应为出生年份" in keeper.page
    assert "周小妹" in keeper.page, "what was typed stays"
    good = {
        "residents.1.birth_year": "1941",
        f"contacts.{n}.phone": "19900123456",
        f"contacts.{n}.hours": "08:00-20:00",
    }
    await keeper.send(path, **typed(keeper.page) | good | {"button": "save", "note": "家属来电"})
    after = centre.gateway.directory.households[key]
    assert after.pets == ("大黄狗", "猫")
    assert (after.contacts[-1].name, after.contacts[-1].hours) == ("周小妹", "08:00-20:00")
    assert after.contacts[:-1] == before.contacts
    await keeper.go(f"/households/{key}/history")
    for told in ("家属来电", "大黄狗、猫", "联系人", "19900123456"):
        assert told in keeper.page
    await keeper.go(path)
    await keeper.send(path, **form | {"button": "save", "address": "别处"})
    assert "别处" in keeper.page
    assert keeper.status == 409
    assert centre.gateway.directory.households[key] == after, "somebody else's change is not overwritten"


async def test_a_home_is_registered_by_the_form_within_one_s_own_area_only(centre: Centre) -> None:
    first = centre.gateway.directory.households[centre.home().household]
    town = first.area.rpartition(".")[0]
    keeper = arrived(centre, "zhao", Role.SUPERVISOR, area=town)
    await keeper.go("/new-household")
    elsewhere = next(
        it.key for it in centre.gateway.directory.areas.values() if it.key.count(".") == 3 and town not in it.key
    )
    form = typed(keeper.page) | {
        "key": "CZ2026001",
        "area": elsewhere,
        "address": "青禾路 9 号",
        "place": "31.77812, 119.95430",
        "datum": "WGS-84",
        "residents.1.name": "周桂英",
        "residents.1.birth_year": "1941",
        "contacts.1.name": "周小妹",
        "contacts.1.phone": "19900123456",
        "button": "save",
    }
    await keeper.send("/new-household", **form)
    assert "没有这个区域" in keeper.page
    await keeper.send("/new-household", **form | {"area": first.area})
    assert centre.gateway.directory.households["CZ2026001"].title == "周桂英"
    theirs = next(h for h in centre.gateway.directory.households.values() if not h.area.startswith(town))
    await keeper.go("/new-household")
    await keeper.send("/new-household", **form | {"area": first.area, "key": theirs.key})
    assert centre.gateway.directory.households[theirs.key] == theirs, "a case number of another town is taken"
    other = next(k for k, h in centre.gateway.directory.households.items() if not h.area.startswith(town))
    for path in ("edit", "history"):
        assert (await keeper.web.get(f"/households/{other}/{path}")).status_code == 404


async def test_flaws_come_from_the_rules_whoever_asks(centre: Centre) -> None:
    home = centre.gateway.directory.households[centre.home().household]
    bad = msgspec.structs.replace(home, residents=(), area="9999")
    answer = await centre.ask(SaveHousehold(household=bad, by="zhao"))
    assert answer.refused == "bad_case_file"
    assert set(answer.reasons) == {"residents|missing", "area|unknown_area"}


def test_a_number_that_was_changed_is_not_called_tried_and_no_row_is_dropped() -> None:
    contact = Contact(name="周小妹", relation="女儿", phone="19900123456", verified=True, key_holder=True)
    home = Household(key="H1", area="32.01", address="a", place=Place(lat=31, lon=119), tier=RiskTier.CARE)
    home = msgspec.structs.replace(home, contacts=(contact,) * 14)
    form = fields_of(home)
    assert Typed(form, home).home.contacts == home.contacts
    changed = form | {"contacts.1.phone": "19900123457"}
    assert not Typed(changed, home).home.contacts[0].verified
    assert Typed(changed | {"contacts.1.verified_on": "2026-11-29"}, home).home.contacts[0].verified


def test_a_number_is_called_tried_with_the_day_and_else_it_is_asked_for() -> None:
    contact = Contact(name="周小妹", relation="女儿", phone="19900123456")
    home = Household(key="H1", area="32.01", address="a", place=Place(lat=31, lon=119), tier=RiskTier.CARE)
    home = msgspec.structs.replace(home, contacts=(contact,))
    ticked = fields_of(home) | {"contacts.1.verified": "1"}
    assert Typed(ticked, home).flaws == {"contacts.1.verified_on": "needs_day"}
    told = Typed(ticked | {"contacts.1.verified_on": "2026-11-29"}, home)
    assert (told.flaws, told.home.contacts[0].verified) == ({}, True)


def test_what_nobody_touched_is_saved_as_it_was_however_it_is_written() -> None:
    risks = ("家中有制氧机，禁明火", "有、顿号")
    resident = Resident(name="周桂英", birth_year=1941, health=("高血压，糖尿病",))
    home = Household(key="H1", area="32.01", address="a", place=Place(lat=31, lon=119), tier=RiskTier.CARE, risks=risks)
    home = msgspec.structs.replace(home, residents=(resident,))
    form = fields_of(home)
    assert Typed(form | {"address": "b"}, home).home == msgspec.structs.replace(home, address="b")
    assert Typed(form | {"risks": "狗、禁明火，有制氧机"}, home).home.risks == ("狗", "禁明火，有制氧机")


async def test_a_position_from_a_chinese_map_is_converted_and_once_only(centre: Centre) -> None:
    key = centre.home().household
    path = f"/households/{key}/edit"
    keeper = arrived(centre, "zhao", Role.SUPERVISOR)
    await keeper.go(path)
    copied = {"place": "31.175304, 121.531542", "datum": "GCJ-02", "button": "save"}
    await keeper.send(path, **typed(keeper.page) | copied)
    place = centre.gateway.directory.households[key].place
    assert (place.lat, place.lon) == pytest.approx((31.1774276, 121.5272106), abs=2e-6)
    assert place.datum == "GCJ-02"
    await keeper.go(path)
    shown = typed(keeper.page)
    assert shown["datum"] == "WGS-84", "it has been converted already"
    await keeper.send(path, **shown | {"pets": "猫", "button": "save"})
    assert centre.gateway.directory.households[key].place == place


async def test_a_new_home_says_from_which_map_its_position_is(centre: Centre) -> None:
    keeper = arrived(centre, "zhao", Role.SUPERVISOR)
    await keeper.go("/new-household")
    form = typed(keeper.page) | {
        "key": "CZ2026002",
        "area": centre.gateway.directory.households[centre.home().household].area,
        "address": "青禾路 10 号",
        "residents.1.name": "周桂英",
        "residents.1.birth_year": "1941",
        "contacts.1.name": "周小妹",
        "contacts.1.phone": "19900123456",
        "button": "save",
    }
    assert form["datum"] == ""
    await keeper.send("/new-household", **form)
    assert "必填" in keeper.page, "a home without a position"
    await keeper.send("/new-household", **form | {"place": "31.18, 121.53"})
    assert "请选择坐标取自哪种地图" in keeper.page
    assert "CZ2026002" not in centre.gateway.directory.households
    await keeper.send("/new-household", **form | {"place": "31.18, 121.53", "datum": "BD-09"})
    assert centre.gateway.directory.households["CZ2026002"].place.datum == "BD-09"
