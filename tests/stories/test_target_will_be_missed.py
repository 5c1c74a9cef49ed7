"""Whoever says that they will come too late makes the desk ring at once, and not only when the 45 minutes are over."""

from __future__ import annotations

import html

from centre import Centre
from on_the_way import claimed, near

from alerting.casefile import Role
from alerting.model import EntryKind
from tests.dashboard.visitor import arrived

MINUTE = 60


async def test_told_55_minutes_the_desk_rings_now_and_reads_what_to_do(centre: Centre) -> None:
    it, (who, other) = await claimed(centre), (await near(centre))[:2]
    await it.send(who)
    rang = it.rang()
    assert (await it.accepts(who, eta_s=55 * MINUTE)).done
    assert it.rang() == rang + 1
    assert await it.lines(EntryKind.EXPECTED_LATE) == [f"{who}|55|45"]
    page = html.unescape(await arrived(centre, "zuoxi9", Role.OPERATOR).go(f"/incidents/{it.row.incident}"))
    assert "预计报警后 55 分钟到达；要求 45 分钟内。 请再派一位更近的人。" in page
    assert "（报警后 55 分钟，要求 45 分钟内）" in page
    assert (await centre.close(it.row)).refused == "unacknowledged"
    await centre.claim(await it.now())
    await it.send(other)
    await it.accepts(other, eta_s=58 * MINUTE)
    assert it.rang() == rang + 1, "it is known already"
    assert (await it.now()).missed == EntryKind.EXPECTED_LATE


async def test_whoever_only_says_yes_is_asked_for_while_there_is_time(centre: Centre) -> None:
    await centre.set_up(values={"job_silent_s": 7200})
    it, who = await claimed(centre), (await near(centre))[0]
    await it.send(who)
    await it.accepts(who)
    rang = it.rang()
    await it.works(26)
    assert it.rang() == rang
    await it.works(1)
    assert it.rang() == rang + 1
    assert await it.lines(EntryKind.EXPECTED_LATE) == [f"{who}||45"]
