"""Everybody sees and does what their role and their area allow, and nothing else."""

from urllib.parse import urlsplit

from centre import done
from playwright.async_api import Page, expect
from screens import Screens, row_in

from alerting.casefile import Account, Role
from alerting.commands import Dispatch
from alerting.model import EntryKind, IncidentState
from dashboard.sign_in import hash_password
from gateway.desk.contract import QueueRow
from nuanhu.demo.people import PASSWORD


async def _dispatched(screens: Screens, row: QueueRow, responder: str) -> None:
    await screens.centre.claim(row)
    done = await screens.centre.ask(Dispatch(key=row.key, incident=row.incident, by="zuoxi1", responder=responder))
    assert done.done


async def _status(page: Page, path: str) -> int:
    return (await page.request.get(path, headers={"Accept": "application/json"})).status


async def test_a_responder_sees_only_their_own_jobs_and_reports_from_the_door(screens: Screens) -> None:
    centre = screens.centre
    mine, other = await screens.pressed(centre.home(nth=0)), await screens.pressed(centre.home(nth=1))
    account = next(item for item in centre.plan.registry.accounts if item.role is Role.RESPONDER)
    await _dispatched(screens, mine, account.responder)
    await _dispatched(screens, other, screens.household(centre.home(nth=1)).village_responder)

    page = await screens.sign_in("chuzhi", phone=True)
    assert page.url == f"{screens.address}/jobs"
    await expect(page.locator("article.job")).to_have_count(1)
    await expect(page.locator("article.job")).to_contain_text(mine.address)
    assert other.resident not in await page.locator("body").inner_text()
    for path in ("/overview", "/households", f"/incidents/{mine.incident}", "/api/snapshot"):
        assert await _status(page, path) == 403, path

    await page.get_by_role("button", name="我已到门口").click()
    await expect(page.get_by_text("已记录您到达门口。")).to_be_visible()
    await page.get_by_label("被守护人情况如何？做了哪些处置？").fill("人在家，安好")
    await page.get_by_role("button", name="本人平安").click()
    await expect(page.get_by_text("已上报，由坐席结案。")).to_be_visible()
    incident, timeline = await screens.stored(mine)
    assert incident.state is IncidentState.RESOLVED
    assert [(entry.kind, entry.by) for entry in done(timeline)[-2:]] == [
        (EntryKind.ARRIVED, f"responder:{account.responder}"),
        (EntryKind.RESOLVED, f"responder:{account.responder}"),
    ]


async def test_a_supervisor_reads_incidents_but_cannot_claim(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    page = await screens.sign_in("zhuguan")
    assert page.url == f"{screens.address}/overview"
    await page.locator(".open-now a").click()
    await expect(page.locator("#panel-title")).to_contain_text(row.resident)
    await expect(page.locator("#panel form")).to_have_count(1)
    await expect(page.locator("#panel form #do-take-care")).to_be_visible()
    token = await page.locator("input[name=csrf]").first.get_attribute("value") or ""
    answer = await page.request.post(f"/incidents/{row.incident}/claim", form={"csrf": token})
    assert answer.status == 403
    assert (await screens.stored(row))[0].state is IncidentState.OPEN


async def test_an_installer_cannot_open_the_console(screens: Screens) -> None:
    screens.expects("403.*/incidents/")
    row = await screens.pressed(screens.centre.home())
    page = await screens.sign_in("anzhuang")
    assert page.url == f"{screens.address}/installs"
    await page.goto("/")
    assert page.url == f"{screens.address}/installs"
    await page.goto(f"/incidents/{row.incident}")
    await expect(page.get_by_role("heading", name="您的账号没有此权限")).to_be_visible()
    closed_with = await page.evaluate(
        """() => new Promise(done => {
            const socket = new WebSocket(`ws://${location.host}/ws`);
            socket.addEventListener("message", () => done("it spoke"));
            socket.addEventListener("close", ({code}) => done(code));
        })"""
    )
    assert closed_with == 4401


async def _employ(screens: Screens, login: str, area: str) -> None:
    """An operator whose area is one town."""
    await screens.centre.stop_serving()
    account = Account(login=login, name="镇坐席", role=Role.OPERATOR, password_hash=hash_password(PASSWORD), area=area)
    await screens.centre.employ(account)
    await screens.centre.serve(port=urlsplit(screens.address).port or 0)


async def test_an_account_of_one_town_never_hears_of_another(screens: Screens) -> None:
    centre = screens.centre
    own, other = centre.home(nth=0), centre.home(nth=1)
    town = screens.household(own).area.rpartition(".")[0]
    await _employ(screens, "zhen", town)
    frames: list[str] = []
    page = await screens.visit("/sign-in")
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    await screens.sign_in_by_form("zhen", page)
    await screens.connected(page)
    away, here = await screens.pressed(other), await screens.pressed(own)

    await expect(row_in(page, "unclaimed", here)).to_be_visible()
    await expect(page.locator("#queue a.row")).to_have_count(1)
    await expect(page.locator(".counters [data-counter=unclaimed]")).to_have_text("1")
    case = screens.household(other)
    secret = (case.key, case.title, case.address, away.incident)
    assert any(here.incident in frame for frame in frames)
    assert not [text for frame in frames for text in secret if text in frame]
    for path in ("/", "/overview", "/households", f"/households?q={case.title}", "/faults", "/api/snapshot"):
        body = await (await page.request.get(path)).text()
        assert not [text for text in secret if text in body.replace(f'value="{case.title}"', "")], path
    towns = await (await page.request.get("/api/areas.geojson")).json()
    assert all(item["id"] == town or item["id"].startswith(f"{town}.") for item in towns["features"])
    for path in (f"/households/{case.key}", f"/incidents/{away.incident}", f"/incidents/{away.incident}/panel"):
        assert await _status(page, path) == 404, path
    token = await page.locator("input[name=csrf]").first.get_attribute("value") or ""
    answer = await page.request.post(f"/incidents/{away.incident}/claim", form={"csrf": token})
    assert answer.status == 404
