"""The panel of an incident hands the job to a grid platform, and says how far the platform is with it."""

from __future__ import annotations

import html
import re

from centre import Centre
from on_the_way import claimed

from alerting.casefile import Role
from alerting.commands import AcceptJob
from alerting.dispatch.job import Stage, Worker
from tests.dashboard.visitor import arrived
from tests.grid_platform import PEER, RESPONDER, registered


async def test_it_is_chosen_beside_the_persons_and_its_worker_is_named(centre: Centre) -> None:
    it = await claimed(centre)
    desk = arrived(centre, "zuoxi1", Role.OPERATOR)
    page = f"/incidents/{it.row.incident}"
    await desk.go(page)
    assert "转派网格平台" not in desk.page, "none is registered"
    await registered(centre, "https://127.0.0.1:9/jobs")
    await desk.go(page)
    assert "或转派网格平台" in desk.page
    await desk.send(f"{page}/dispatch", responder=RESPONDER)
    assert await it.stage(RESPONDER) is Stage.OFFERED
    assert "已发往平台，对方尚未收到" in await desk.go(page)
    who = {"key": it.row.key, "incident": it.row.incident, "by": f"responder:{RESPONDER}"}
    await centre.ask(AcceptJob(**who, worker=Worker("WG1", "王建国", "19900000003"), eta_s=600))
    shown = html.unescape(await desk.go(page))
    assert "网格平台 · 王建国" in shown
    assert "王建国 19900000003" in shown, "the timeline says how to reach them"
    sent = re.search(r'class="line-dispatched">(.*?)</li>', shown, re.DOTALL)
    assert sent is not None
    assert "网格平台" in sent[1]
    assert "王建国" not in sent[1], "nobody knew then whom it would send"
    assert RESPONDER not in shown.replace(f'value="{RESPONDER}"', "").replace(f'"{RESPONDER}"', "")
    (row,) = await centre.queue()
    assert row.responder_name == "网格平台 · 王建国"
    chief = arrived(centre, "zhuguan", Role.SUPERVISOR)
    await chief.go("/figures")
    behind = re.search(r'href="(/figures/incidents[^"]*m=accepted[^"]*)"', chief.page)
    assert behind is not None
    assert "网格平台 · 王建国" in await chief.go(html.unescape(behind[1])), "and so do the figures"
    await desk.go(page)
    await desk.send(f"{page}/recall", responder=RESPONDER)
    assert await it.stage(RESPONDER) is Stage.RECALLED


async def test_why_it_cannot_be_reached_is_said_in_words(centre: Centre) -> None:
    await registered(centre, "https://127.0.0.1:9/jobs")
    it = await claimed(centre)
    await it.send(RESPONDER)
    running = centre.gateway.judge.states.running_as
    await centre.until(
        lambda: (found := running(it.row.incident)) is not None and any(job.undelivered for job in found.jobs),
        "the courier to try",
    )
    await centre.pass_time(seconds=21)
    desk = arrived(centre, "zuoxi1", Role.OPERATOR)
    shown = html.unescape(await desk.go(f"/incidents/{it.row.incident}"))
    assert "平台无法送达：再次响铃" in shown
    assert "网格平台 · 连接不上" in shown
    boss = arrived(centre, "boss", Role.ADMINISTRATOR)
    await boss.go("/exchange")
    assert PEER in boss.page
    assert "次未被接收" in boss.page
