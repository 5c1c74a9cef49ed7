"""The page of other systems: a key and a secret are shown once, and nobody gives what is not theirs."""

from __future__ import annotations

import html
import re

from centre import Centre

from alerting.casefile import Role
from alerting.dispatch.platform_told import PlatformNews
from alerting.peers import Peer, Target
from dashboard.api import batch, homes, jobs, news, referrals, warnings
from tests.dashboard.visitor import Visitor, arrived
from tests.other_system import OtherSystem

SHOWN = re.compile(r'id="fresh".*?<code[^>]*>([^<]+)</code>', re.DOTALL)


def shown(visitor: Visitor) -> str:
    """The key or secret on the page; empty for none."""
    found = SHOWN.search(visitor.page)
    return html.unescape(found[1]) if found else ""


def parties(centre: Centre) -> list[Peer | Target]:
    """What is registered."""
    return list(centre.gateway.directory.parties.values())


async def test_a_key_is_shown_once_opens_the_api_and_is_kept_as_a_hash(centre: Centre) -> None:
    boss = arrived(centre, "boss", Role.ADMINISTRATOR)
    await boss.go("/exchange")
    await boss.send("/exchange/peers", title="智慧大救助平台", rights="write", area="")
    key = shown(boss)
    (peer,) = parties(centre)
    assert key.startswith(f"nh_{peer.id}_")
    assert key not in str(peer)
    system = OtherSystem(centre, peer.id, key)
    assert (await system.get("/households", limit=1))["households"]
    await boss.go("/exchange")
    assert key not in boss.page
    assert "智慧大救助平台" in boss.page
    history = await centre.gateway.desk.registrations("peer", peer.id)
    assert "key_hash" not in history[0].after
    await boss.send(f"/exchange/peers/{peer.id}/revoke")
    assert "已吊销" in boss.page
    await system.get("/households", 401)


async def test_the_same_form_twice_makes_one_key(centre: Centre) -> None:
    boss = arrived(centre, "boss", Role.ADMINISTRATOR)
    await boss.go("/exchange")
    form = boss.form("/exchange/peers") | {"title": "平台", "rights": "read"}
    first = await boss.post("/exchange/peers", **form)
    second = await boss.post("/exchange/peers", **form)
    assert (first.status_code, second.status_code) == (200, 409)
    assert "已提交过" in second.text
    assert len(parties(centre)) == 1


async def test_the_key_of_a_town_is_given_by_its_administrator_and_no_other(centre: Centre) -> None:
    home = next(iter(centre.gateway.directory.households.values()))
    town = home.area.rpartition(".")[0]
    boss, of_town = arrived(centre, "boss", Role.ADMINISTRATOR), arrived(centre, "zhen", Role.ADMINISTRATOR, area=town)
    await boss.go("/exchange")
    await boss.send("/exchange/peers", title="全市平台", rights="read", area="")
    (city,) = parties(centre)
    await of_town.go("/exchange")
    assert "全市平台" not in of_town.page
    assert (
        await of_town.post(f"/exchange/peers/{city.id}/revoke", **of_town.form("/exchange/peers"))
    ).status_code == 409
    for area in ("990100", "nowhere"):
        await of_town.go("/exchange")
        await of_town.send("/exchange/peers", title="越界", rights="write", area=area)
        assert shown(of_town) == ""
    await of_town.go("/exchange")
    await of_town.send("/exchange/peers", title="本镇", rights="write", area="")
    assert [it.area for it in parties(centre)] == ["", town], "the whole city is not theirs to give"


async def test_a_target_is_added_tried_and_ended_and_its_secret_is_sealed(centre: Centre) -> None:
    boss = arrived(centre, "boss", Role.ADMINISTRATOR)
    await boss.go("/exchange")
    await boss.send("/exchange/targets", title="平台", url="http://platform.example/news", area="")
    assert "只能用 https" in boss.page
    await boss.go("/exchange")
    fields = {"title": "平台", "url": "https://127.0.0.1:9/news", "area": "", "kinds": "nuanhu.household.changed"}
    await boss.send("/exchange/targets", **fields)
    secret = shown(boss)
    (target,) = parties(centre)
    assert isinstance(target, Target)
    assert (len(secret), target.kinds) == (64, ("nuanhu.household.changed",))
    assert secret not in str(target)
    assert await centre.gateway.desk.opened(target.sealed_secret) == secret
    await boss.go("/exchange")
    assert secret not in boss.page
    await boss.send(f"/exchange/targets/{target.id}/try")
    assert "试推未被接收" in boss.page
    await boss.go("/exchange")
    await boss.send(f"/exchange/targets/{target.id}/end")
    assert "尚未设置推送" in boss.page
    (ended,) = parties(centre)
    assert isinstance(ended, Target)
    assert (ended.ended, ended.sealed_secret) == (True, "")


async def test_a_grid_platform_is_given_a_key_and_a_secret_and_may_do_nothing_but_take_jobs(centre: Centre) -> None:
    boss = arrived(centre, "boss", Role.ADMINISTRATOR)
    await boss.go("/exchange")
    form = {"title": "城市网格平台", "rights": "jobs", "area": ""}
    await boss.send("/exchange/peers", **form, url="http://grid.example/jobs")
    assert "只能用 https" in boss.page
    await boss.go("/exchange")
    await boss.send("/exchange/peers", **form, url="")
    assert shown(boss) == "", "nowhere to tell it of a job"
    await boss.go("/exchange")
    await boss.send("/exchange/peers", **form, url="https://127.0.0.1:9/jobs")
    key, secret = re.findall(r"<code[^>]*>([^<]+)</code>", boss.page.partition('id="fresh"')[2])[:2]
    (peer,) = parties(centre)
    assert isinstance(peer, Peer)
    assert peer.takes_jobs
    assert await centre.gateway.desk.opened(peer.sealed_secret) == secret
    assert "sealed_secret" not in (await centre.gateway.desk.registrations("peer", peer.id))[0].after
    grid = OtherSystem(centre, peer.id, key)
    assert await grid.get("/jobs") == {"jobs": []}
    for path in ("/households", "/changes", "/incidents", "/warnings", "/areas"):
        await grid.get(path, 403)
    await boss.go("/exchange")
    assert "接派单（网格平台）" in boss.page
    await boss.send(f"/exchange/targets/{peer.id}/try")
    assert "试推未被接收" in boss.page
    await boss.go("/exchange")
    await boss.send(f"/exchange/peers/{peer.id}/revoke")
    await grid.get("/jobs", 401)


async def test_the_paper_is_there_for_everybody_and_says_every_call(centre: Centre) -> None:
    nobody = Visitor(centre)
    document = (await nobody.web.get("/api/v1/openapi.json")).json()
    page = (await nobody.web.get("/api/v1/docs")).text
    for path, methods in document["paths"].items():
        for method in methods:
            assert html.escape(f"{method.upper()} /api/v1{path}") in page
    served = {it.path for part in (batch, homes, jobs, news, referrals, warnings) for it in part.router.routes}  # type: ignore[attr-defined]
    assert {path.replace(":path}", "}") for path in served} == document["paths"].keys()
    assert document["webhooks"].keys() == {f"nuanhu.job.{it}" for it in PlatformNews}
    assert all(name in page for name in document["webhooks"]), "and what a grid platform is told"
    assert "http://" not in page.replace("https://host", "")
    assert "://cdn" not in page
