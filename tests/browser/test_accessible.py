"""Pages for everybody, as axe judges them: WCAG 2.2 A and AA and its best practices, by day and by night.

The console in each of its states, and a page of each kind.
"""

from itertools import product

from every_page import LANGUAGES, Stop
from looks import faults
from screens import Screens, link_of

from alerting.casefile import Role
from alerting.commands import Dispatch, OpenManual
from alerting.model import Priority
from tests.referred import organised, sent


async def _something_of_everything(screens: Screens) -> str:
    """Incidents of three priorities, one of them claimed; returns the claimed one's id."""
    centre = screens.centre
    for nth, priority in ((2, Priority.P2), (3, Priority.P3)):
        home = centre.home(nth=nth)
        await centre.ask(OpenManual(key=home.household, by="zuoxi2", text="来电", priority=priority))
    await centre.press(centre.home(nth=1))
    row = await screens.pressed(centre.home(nth=0))
    await centre.claim(row)
    return row.incident


async def test_the_console_is_accessible(screens: Screens) -> None:
    incident = await _something_of_everything(screens)
    page = await screens.sign_in("zuoxi1")
    await page.wait_for_selector("#towns button", state="attached")
    found = await faults(page, "console")
    await page.goto(f"/?incident={incident}")
    await page.wait_for_selector("#towns button", state="attached")
    found += await faults(page, "console with an incident")
    await page.keyboard.press("x")
    await page.keyboard.press("1")
    found += await faults(page, "console with the closing form")
    await page.locator(".menu summary").click()
    await page.click("#show-keys")
    found += await faults(page, "console with its keys")
    assert not found, "\n" + "\n".join(found)


CORE = ("/overview", "/households/{home}", "/households/{home}/edit", "/health", "/figures", "/wall")
"""Each kind of page once: numbers and a map, a case file, a form, tables, plots. All: ``test_every_page.py``."""


async def test_pages_of_each_kind_are_accessible(screens: Screens) -> None:
    await _something_of_everything(screens)
    home = screens.centre.home().household
    await sent(screens.centre, screens.centre.home(), await organised(screens.centre), "admin")
    sign_in, page = await screens.visit("/sign-in"), await screens.sign_in("admin")
    stops = [Stop(sign_in, "/sign-in"), *(Stop(page, path.format(home=home)) for path in CORE)]
    found = []
    for language, stop in product(LANGUAGES, stops):
        await stop.open(language)
        found += await faults(stop.page, stop.path, language)
    assert not found, "\n" + "\n".join(found)


async def test_the_responder_s_phone_page_is_accessible(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    account = next(item for item in screens.centre.plan.registry.accounts if item.role is Role.RESPONDER)
    await screens.centre.claim(row)
    await screens.centre.ask(Dispatch(key=row.key, incident=row.incident, by="zuoxi1", responder=account.responder))
    found = await faults(await screens.sign_in("chuzhi", phone=True), "/jobs")
    assert not found, "\n" + "\n".join(found)


async def test_the_page_behind_the_link_of_a_page_is_accessible(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    path = await link_of(screens, row)
    found = await faults(await screens.visit(path, phone=True), "/p/…")
    assert not found, "\n" + "\n".join(found)
