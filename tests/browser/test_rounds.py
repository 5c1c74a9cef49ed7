"""A responsible person records a visit on the telephone with one tap, also where there is no signal."""

from playwright.async_api import Locator, Page, expect
from screens import Screens

from alerting.care.duty import WEEKLY, CareKind
from alerting.casefile import Household
from tests.dashboard.test_visit_photo import taken


def theirs(screens: Screens) -> Household:
    """A home of the responder whose account the demo has."""
    directory = screens.centre.gateway.directory
    me = directory.accounts["chuzhi"].responder
    return next(it for it in directory.households.values() if it.village_responder == me)


async def owed(screens: Screens, home: Household) -> set[CareKind]:
    return {row.kind for row in await screens.centre.gateway.desk.care_of([home.key])}


async def test_with_one_tap_and_taken_back(screens: Screens) -> None:
    home = theirs(screens)
    page = await screens.sign_in("chuzhi", "/rounds", phone=True)
    card = page.locator(f'article[data-household="{home.key}"]')
    await card.get_by_role("button", name="见到本人，平安").first.click()
    await expect(card.get_by_role("button", name="撤回")).to_be_visible()
    assert await owed(screens, home) == {CareKind.CALL}
    await card.get_by_role("button", name="撤回").click()
    await expect(card.get_by_role("button", name="撤回")).to_have_count(0)
    assert await owed(screens, home) == set(WEEKLY)
    await page.wait_for_load_state()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_without_a_signal_the_tap_is_kept_and_sent_once(screens: Screens) -> None:
    home = theirs(screens)
    page = await screens.sign_in("chuzhi", "/rounds", phone=True)
    screens.expects("ERR_INTERNET_DISCONNECTED")
    card = page.locator(f'article[data-household="{home.key}"]')
    await page.context.set_offline(True)
    await card.get_by_role("button", name="已通话，平安").first.click()
    await expect(page.locator("#queued")).to_contain_text(home.title)
    assert await owed(screens, home) == set(WEEKLY)
    await page.context.set_offline(False)
    await expect(page.locator("#queued")).to_be_hidden(timeout=20_000)
    await screens.centre.barrier()
    assert await owed(screens, home) == {CareKind.VISIT}
    assert len(await screens.centre.gateway.desk.care_given(home.key)) == 1


async def test_a_visit_with_a_note_and_where_it_was(screens: Screens) -> None:
    home = theirs(screens)
    page = await screens.sign_in("chuzhi", "/rounds", phone=True)
    await page.context.grant_permissions(["geolocation"])
    await page.context.set_geolocation({"latitude": 31.5, "longitude": 120.25, "accuracy": 9})
    card = page.locator(f'article[data-household="{home.key}"]')
    await card.get_by_text("其他情况，或加备注").click()
    form = card.locator("form.care-form").first
    await form.get_by_text("见到本人，有需求").click()
    await form.locator("textarea").fill("要换药")
    await form.get_by_text("记录我的位置").click()
    await expect(form.locator('input[name="lat"]')).to_have_value("31.5")
    await form.get_by_role("button", name="记录", exact=True).click()
    await expect(card.get_by_role("button", name="撤回")).to_be_visible()
    (given,) = await screens.centre.gateway.desk.care_given(home.key)
    assert (given.lat, given.lon, given.accuracy_m, given.text) == (31.5, 120.25, 9, "要换药")
    desk = await screens.sign_in("zhuguan", "/care")
    await expect(desk.locator("#care-needs")).to_contain_text("要换药")


async def _visit_with_photo(screens: Screens, home: Household) -> tuple[Page, Locator]:
    """The page of whoever is about to record a visit there, and its form with a photo in it."""
    page = await screens.sign_in("chuzhi", "/rounds", phone=True)
    screens.expects("ERR_INTERNET_DISCONNECTED")
    card = page.locator(f'article[data-household="{home.key}"]')
    await card.get_by_text("其他情况，或加备注").click()
    form = card.locator("form.care-form").first
    await form.get_by_text("见到本人，平安").click()
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": taken()}
    await form.locator('input[type="file"]').set_input_files(files=[photo])
    return page, form


async def test_a_photo_is_made_small_and_waits_with_the_tap(screens: Screens) -> None:
    home = theirs(screens)
    page, form = await _visit_with_photo(screens, home)
    await page.context.set_offline(True)
    await form.get_by_role("button", name="记录", exact=True).click()
    await expect(page.locator("#queued")).to_contain_text(home.title)
    kept = await page.evaluate('localStorage.getItem("nuanhu-queue").length')
    assert kept < len(taken()), "smaller than what the camera gave"
    await page.context.set_offline(False)
    await expect(page.locator("#queued")).to_be_hidden(timeout=20_000)
    await screens.centre.barrier()
    desk = screens.centre.gateway.desk
    assert list(await desk.visits_with_photo(home.key)) == [1]
    assert (await desk.visit_photo(home.key, 1))[:2] == b"\xff\xd8"


async def test_where_the_telephone_has_no_room_the_tap_waits_without_its_photo(screens: Screens) -> None:
    home = theirs(screens)
    page, form = await _visit_with_photo(screens, home)
    await page.evaluate('localStorage.setItem("filled", "x".repeat(5_200_000))')
    await page.context.set_offline(True)
    await form.get_by_role("button", name="记录", exact=True).click()
    await expect(page.locator("#queued")).to_contain_text("未含照片")
    await page.context.set_offline(False)
    await expect(page.locator("#queued")).to_be_hidden(timeout=20_000)
    await screens.centre.barrier()
    assert len(await screens.centre.gateway.desk.care_given(home.key)) == 1
    assert list(await screens.centre.gateway.desk.visits_with_photo(home.key)) == []
