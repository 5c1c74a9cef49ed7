"""The whole case file on the pages: identity cards sealed, care plan, consent and its withdrawal, what is missing."""

from __future__ import annotations

import html

import msgspec
import sqlalchemy
from centre import Centre

from alerting.casefile import Household, Role
from alerting.keeping.consent import Consent, ConsentFor
from alerting.keeping.id_number import check_of
from dashboard.case_table import table_of
from dashboard.sheet import as_csv
from gateway.store import schema
from tests.dashboard.test_case_file import typed
from tests.dashboard.visitor import Visitor, arrived
from tests.list_of_homes import counts, give_in


def number_of(year: int) -> str:
    """An invented number of somebody born in that year; no region has its code."""
    first = f"990100{year}0302001"
    return first + check_of(first)


def file_of(centre: Centre, key: str) -> Household:
    return centre.gateway.directory.households[key]


def stored(centre: Centre) -> bytes:
    """Everything the store holds, in one."""
    found = b""
    with centre.gateway.store.engine.connect() as c:
        for table in schema.metadata.sorted_tables:
            for row in c.execute(sqlalchemy.select(table)).all():
                found += b"\0".join(it if isinstance(it, bytes) else str(it).encode() for it in row)
    return found


async def filled_in(centre: Centre, browser: Visitor, **fields: str) -> str:
    key = centre.home().household
    path = f"/households/{key}/edit"
    await browser.go(path)
    await browser.send(path, **typed(browser.page) | fields | {"button": "save"})
    return key


async def test_an_identity_card_number_is_sealed_wherever_it_is_kept(centre: Centre) -> None:
    browser = arrived(centre, "zhao", Role.SUPERVISOR)
    year = file_of(centre, centre.home().household).residents[0].birth_year
    number = number_of(year)
    key = await filled_in(centre, browser, **{"residents.1.id_number": number})
    assert browser.status == 303
    assert number in browser.page, "whoever keeps the case file sees it"
    assert file_of(centre, key).residents[0].sealed_id
    assert number.encode() not in stored(centre), "neither registry nor history nor journal has it"
    await browser.go(f"/households/{key}/history")
    assert number not in browser.page
    assert "*" * 14 + number[-4:] in browser.page
    other = arrived(centre, "wang", Role.OPERATOR)
    await other.go(f"/households/{key}")
    assert number not in other.page
    await other.go(f"/households?q={number}")
    assert f"/households/{key}" in other.page, "who has the whole number finds the home"
    await other.go(f"/households?q={number_of(year - 1)}")
    assert f"/households/{key}" not in other.page


async def test_a_wrong_number_is_refused_and_one_that_nobody_touched_stays(centre: Centre) -> None:
    browser = arrived(centre, "zhao", Role.SUPERVISOR)
    year = file_of(centre, centre.home().household).residents[0].birth_year
    key = await filled_in(centre, browser, **{"residents.1.id_number": number_of(year)[:-1] + "Z"})
    assert "不是有效的身份证号" in browser.page
    key = await filled_in(centre, browser, **{"residents.1.id_number": number_of(year + 1)})
    assert "与出生年份不符" in browser.page
    assert not file_of(centre, key).residents[0].sealed_id
    await filled_in(centre, browser, **{"residents.1.id_number": number_of(year)})
    before = file_of(centre, key)
    await filled_in(centre, browser, pets="猫")
    assert file_of(centre, key) == msgspec.structs.replace(before, pets=("猫",))
    await filled_in(centre, browser, **{"residents.1.id_number": ""})
    assert file_of(centre, key).residents[0].sealed_id == ""


async def test_a_consent_that_is_withdrawn_is_seen_and_keeps_the_home_masked_in_lists(centre: Centre) -> None:
    browser = arrived(centre, "zhao", Role.SUPERVISOR)
    key = centre.home().household
    path = f"/households/{key}/edit"
    await browser.go(path)
    await browser.send(path, **typed(browser.page) | {"button": "add.consents"})
    paper = {"consents.1.who": "周桂英", "consents.1.on": "2026-01-02"}
    both = paper | {"consents.1.monitoring": "1", "consents.1.sharing": "1"}
    await browser.send(path, **typed(browser.page) | paper | {"button": "save"})
    assert 'id="flaw-consents-1-purposes"' in browser.page, "a paper is for something"
    await browser.send(path, **typed(browser.page) | both | {"button": "save"})
    assert "已同意" in browser.page
    assert 'id="consent-withdrawn"' not in browser.page
    taken_back = {"consents.1.withdrawn_on": "2026-01-05", "consents.1.withdrawn_why": "家属不同意"}
    await filled_in(centre, browser, **taken_back)
    assert 'id="consent-withdrawn"' in browser.page
    await browser.go("/households")
    assert "同意已撤回" in browser.page
    await browser.go("/upkeep?what=consent")
    assert "同意已撤回" in browser.page
    await browser.go("/export")
    sent = {**browser.form("/export"), "kind": "csv", "full": "1", "note": "移交"}
    listed = (await browser.web.post("/export", data=sent)).content.decode("utf-8-sig")
    home = file_of(centre, key)
    assert home.residents[0].phone not in listed
    assert home.key in listed
    others = next(it for it in centre.gateway.directory.households.values() if it.key != key)
    assert others.residents[0].phone in listed


async def test_the_case_page_and_the_list_say_how_complete_a_case_file_is(centre: Centre) -> None:
    browser = arrived(centre, "zhao", Role.SUPERVISOR)
    plan = {"care_plan": "每周上门一次\n代取药品", "care_plan_review": "2027-06-30"}
    key = await filled_in(centre, browser, **plan)
    for told in ("代取药品", "应于 2027-06-30 复核", "完整度", "缺少：", "电话待复核："):
        assert told in browser.page, told
    other = arrived(centre, "wang", Role.OPERATOR)
    await other.go(f"/households/{key}")
    assert "代取药品" not in other.page
    await other.go("/households")
    assert "完整度" in other.page
    town = file_of(centre, key).area.rpartition(".")[0]
    mine = arrived(centre, "qian", Role.SUPERVISOR, area=town)
    theirs = [k for k, it in centre.gateway.directory.households.items() if not it.area.startswith(f"{town}.")]
    for what in ("contacts", "plan", "consent", "incomplete"):
        await mine.go(f"/upkeep?what={what}")
        assert (f'data-household="{key}"' in mine.page) is (what != "plan"), what
        assert not any(f'data-household="{k}"' in mine.page for k in theirs), what
    assert (await other.web.get("/upkeep")).status_code == 403


async def test_what_is_given_out_in_full_can_be_given_in_and_changes_nothing(centre: Centre) -> None:
    browser = arrived(centre, "zhao", Role.SUPERVISOR)
    key = centre.home().household
    year = file_of(centre, key).residents[0].birth_year
    fields = {"residents.1.id_number": number_of(year), "care_plan": "每周上门", "care_plan_review": "2027-06-30"}
    await filled_in(centre, browser, **fields)
    home = file_of(centre, key)
    paper = Consent(who="周桂英", on=home.care_plan_review or centre.clock.now().date(), purposes=tuple(ConsentFor))
    home = msgspec.structs.replace(home, consents=(paper,))
    centre.gateway.directory.households[key] = home
    table = table_of([home], centre.gateway.directory.areas, {}, centre.gateway.desk.opened_id)
    assert number_of(year) in table[1]
    page = await give_in(browser, as_csv(table), "全.csv")
    assert counts(page) == [0, 0, 1, 0], html.unescape(page)[:2000]
