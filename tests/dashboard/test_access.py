"""Who may see and do what; nobody sees beyond their own area."""

from __future__ import annotations

import pytest
from centre import Centre

from alerting.casefile import Account, Role, covers
from alerting.commands import OpenManual
from dashboard.access import ALLOWED, FIRST_PAGE, Do, may, sees
from tests.dashboard.visitor import Visitor, arrived

OPEN_PAGES = {
    Role.OPERATOR: {
        *(
            "/",
            "/overview",
            "/households",
            "/incidents",
            "/blind",
            "/absences",
            "/faults",
            "/my-faults",
            "/new-incident",
            "/api/snapshot",
            "/scripts",
            "/strangers",
        ),
    },
    Role.RESPONDER: {"/jobs", "/absences"},
    Role.INSTALLER: {"/installs", "/strangers", "/homes", "/faults", "/my-faults"},
    Role.SUPERVISOR: {
        *("/installs", "/strangers", "/overview", "/households", "/incidents", "/blind", "/faults", "/api/snapshot"),
        "/my-faults",
        *("/scripts", "/absences"),
    },
    Role.ADMINISTRATOR: {
        *("/", "/jobs", "/overview", "/households", "/homes", "/incidents", "/faults", "/my-faults", "/new-incident"),
        *(
            "/installs",
            "/strangers",
            "/blind",
            "/quarantine",
            "/health",
            "/accounts",
            "/areas",
            "/channels",
            "/api/snapshot",
            "/scripts",
        ),
        *("/absences", "/exchange"),
    },
}
EVERY_PAGE = OPEN_PAGES[Role.ADMINISTRATOR]


def test_every_role_is_in_the_table() -> None:
    assert set(ALLOWED) == set(FIRST_PAGE) == set(Role)
    assert set().union(*ALLOWED.values()) == set(Do)


@pytest.mark.parametrize(
    ("area", "key", "inside"),
    [
        ("", "320400.01", True),
        ("320400.01", "320400.01", True),
        ("320400.01", "320400.01.03", True),
        ("320400.01", "320400.011", False),
        ("320400.01.03", "320400.01", False),
        ("320400.01", "", False),
    ],
)
def test_an_area_covers_its_subtree_and_no_other(area: str, key: str, *, inside: bool) -> None:
    assert covers(area, key) is inside


def test_a_call_for_help_without_a_place_is_heard_by_everybody_who_answers_calls() -> None:
    def account(role: Role, area: str) -> Account:
        return Account(login="x", name="x", role=role, password_hash="", area=area)

    assert sees(account(Role.OPERATOR, "320400.01"), "")
    assert not sees(account(Role.SUPERVISOR, "320400.01"), "")
    assert sees(account(Role.SUPERVISOR, ""), "")
    assert not may(account(Role.SUPERVISOR, ""), Do.ACT)


async def test_each_role_opens_its_own_pages_and_no_other(centre: Centre) -> None:
    for role, allowed in OPEN_PAGES.items():
        browser = arrived(centre, f"r-{role}", role)
        for page in EVERY_PAGE:
            answer = await browser.web.get(page)
            expected = {200} if page in allowed else {403} if page != "/" else {303}
            assert answer.status_code in expected, (role, page, answer.status_code)
        await browser.go("/")
        assert browser.path == FIRST_PAGE[role]


async def test_nobody_is_let_in_without_signing_in(centre: Centre) -> None:
    nobody = Visitor(centre)
    for page in EVERY_PAGE:
        answer = await nobody.web.get(page)
        assert answer.status_code == (401 if page.startswith("/api/") else 303), page
    assert (await nobody.web.get("/incidents/x-1/panel")).status_code == 401
    assert (await nobody.web.get("/api/areas.geojson")).status_code == 401


async def test_only_who_answers_calls_can_act(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    for role in (Role.RESPONDER, Role.INSTALLER, Role.SUPERVISOR):
        browser = arrived(centre, f"r-{role}", role)
        assert (await browser.post(f"/incidents/{row.incident}/claim")).status_code == 403
        assert (await browser.post("/new-incident")).status_code == 403
    assert (await centre.row_of(home)).state == "open"


async def test_an_installer_sees_devices_but_no_case_file(centre: Centre) -> None:
    browser = arrived(centre, "zhao", Role.INSTALLER)
    resident = centre.gateway.directory.households[centre.home().household].residents[0]
    await browser.go(f"/homes/{centre.home().household}")
    assert browser.status == 200
    assert "红外感应" in browser.page
    assert resident.phone not in browser.page
    assert not any(illness in browser.page for illness in resident.health)
    assert (await browser.web.get(f"/households/{centre.home().household}")).status_code == 403


async def test_an_account_of_one_town_sees_that_town_alone(centre: Centre) -> None:
    homes = centre.gateway.directory.households
    mine = next(iter(homes.values()))
    town = mine.area.rpartition(".")[0]
    other = next(home for home in homes.values() if not covers(town, home.area))
    for home in centre.plan.homes:
        if home.household in {mine.key, other.key}:
            await centre.ask(OpenManual(key=home.household, by="zuoxi1", text="来电"))
    mine_row, other_row = [next(r for r in await centre.queue() if r.key == home.key) for home in (mine, other)]
    browser = arrived(centre, "town", Role.OPERATOR, area=town)
    for page in ("/", "/overview", "/api/snapshot"):
        await browser.go(page)
        assert mine.residents[0].name in browser.page, page
        assert other.residents[0].name not in browser.page, page
    await browser.go("/households?area=990100")
    assert mine.key in browser.page
    assert other.key not in browser.page
    for page in (
        f"/households/{other.key}",
        f"/incidents/{other_row.incident}",
        f"/incidents/{other_row.incident}/panel",
    ):
        assert (await browser.web.get(page)).status_code == 404, page
    await browser.go(f"/incidents/{mine_row.incident}")
    token = browser.form(f"/incidents/{mine_row.incident}/claim")
    assert (await browser.post(f"/incidents/{other_row.incident}/claim", **token)).status_code == 404
    await browser.go("/api/areas.geojson")
    assert f'"{town}"' in browser.page
    assert f'"{other.area}"' not in browser.page
