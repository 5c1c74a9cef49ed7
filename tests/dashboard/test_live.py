"""The live side: everything open in the first frame, each change at once, nobody delayed by anybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from centre import Centre
from on_duty import save_roster, shift
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from alerting.casefile import Account, Role
from alerting.duty.roster import Post, Roster, Times
from alerting.model import Outcome
from dashboard import live
from dashboard.i18n import load_languages
from dashboard.live import Console, Hub, scope_of
from dashboard.speech import Speech
from dashboard.times import LocalTime
from tests.dashboard.visitor import arrived, enrol

BEAT_S = 0.05
SPEECHES = {code: Speech(language, LocalTime(8)) for code, language in load_languages().items()}


@asynccontextmanager
async def hub_of(centre: Centre, beat_s: float = BEAT_S) -> AsyncIterator[Hub]:
    hub = Hub(centre.gateway.desk, SPEECHES, beat_s, 1.0)
    running = asyncio.create_task(hub.run())
    try:
        yield hub
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def joined(centre: Centre, hub: Hub, account: Account, language: str = "zh_CN", after: str = "") -> Console:
    console = Console(scope_of(account, language), account, centre.clock.now() + timedelta(hours=12))
    await hub.join(console, after)
    return console


async def frame(console: Console, kind: str) -> dict[str, Any]:
    """The next frame of this type."""
    async with asyncio.timeout(5):
        while True:
            text = await console.next()
            assert text is not None, f"ended: {console.ended}"
            told = msgspec.json.decode(text, type=dict[str, Any])
            if told["type"] == kind:
                return told


async def news(console: Console) -> dict[str, Any]:
    """The next change of an incident; the totals of an area may come by themselves in between."""
    while (told := await frame(console, "change"))["row"] is None:
        pass
    return told


async def test_the_first_frame_is_everything_open_and_each_change_follows(centre: Centre) -> None:
    home, other = centre.home(), centre.home(nth=1)
    await centre.press(home)
    async with hub_of(centre) as hub:
        console = await joined(centre, hub, enrol(centre, "wang", Role.OPERATOR))
        first = await frame(console, "snapshot")
        assert [row["key"] for row in first["rows"]] == [home.household]
        assert first["counters"] | {"faults": 0} == {
            "unclaimed": 1,
            "in_progress": 0,
            "faults": 0,
            "households": 12,
            "quarantined": 0,
            "blind": 0,
            "follow_ups": 0,
            "late_follow_ups": 0,
            "absences": 0,
        }
        await centre.press(other)
        change = await frame(console, "change")
        assert change["rings"] is True
        assert change["cursor"] != first["cursor"]
        row = change["row"]
        assert (row["key"], row["group"], row["priority"], row["shape"]) == (
            other.household,
            "unclaimed",
            1,
            "triangle",
        )
        assert (row["kind_word"], row["state_word"], row["priority_word"]) == ("紧急按钮", "待受理", "P1 紧急")
        assert row["since_ms"] == round(centre.clock.now().timestamp() * 1000)
        assert change["counters"]["unclaimed"] == 2
        await centre.claim(await centre.row_of(other))
        change = await frame(console, "change")
        assert (change["row"]["group"], change["row"]["ringing"], change["rings"]) == ("progress", False, False)
        await centre.spoke(await centre.row_of(other))
        await frame(console, "change")
        await centre.close(await centre.row_of(other), Outcome.TEST)
        change = await frame(console, "change")
        assert change["row"]["group"] == "closed"
        assert change["counters"] | {"unclaimed": 1, "in_progress": 0} == change["counters"]


async def test_consoles_are_told_when_the_last_trial_press_came_through(centre: Centre) -> None:
    canary = centre.gateway.pulse.canary
    async with hub_of(centre) as hub:
        account = enrol(centre, "wang", Role.OPERATOR)
        console, english = await joined(centre, hub, account), await joined(centre, hub, account, "en")
        assert (await frame(console, "beat"))["canary"] == ""
        canary.begin(heartbeat=False)
        while not (told := (await frame(console, "beat"))["canary"]):
            pass
        assert told == "自检：暂无"
        canary.arrived(0.01, 0.02)
        centre.clock.advance(timedelta(seconds=75))
        while (told := (await frame(console, "beat"))["canary"]) == "自检：暂无":
            pass
        assert told == "自检 1 分钟前"
        centre.clock.advance(timedelta(minutes=3))
        while not (wrong := (await frame(english, "beat"))["wrong"]):
            pass
        assert "trial press" in wrong[0]


async def test_a_trial_press_is_a_frame_of_its_own(centre: Centre) -> None:
    async with hub_of(centre) as hub:
        console = await joined(centre, hub, enrol(centre, "wang", Role.OPERATOR))
        centre.gateway.changes.note(centre.clock.now(), canary="c-1")
        told = await frame(console, "canary")
        assert (told["id"], told.get("row")) == ("c-1", None)


async def test_consoles_of_another_language_get_the_same_in_theirs(centre: Centre) -> None:
    account = enrol(centre, "wang", Role.OPERATOR)
    async with hub_of(centre) as hub:
        consoles = [await joined(centre, hub, account, language) for language in ("zh_CN", "en")]
        await centre.press(centre.home())
        shown = [(await frame(console, "change"))["row"]["kind_word"] for console in consoles]
        assert shown == ["紧急按钮", "Emergency button"]


async def test_one_frame_is_made_for_all_consoles_of_a_language_and_area(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    real = live.console_row
    monkeypatch.setattr(live, "console_row", lambda row, say: made.append(say.language.code) or real(row, say))
    account = enrol(centre, "wang", Role.OPERATOR)
    async with hub_of(centre) as hub:
        consoles = [await joined(centre, hub, account, language) for language in ("zh_CN", "en") for _ in range(50)]
        await centre.press(centre.home())
        for console in consoles:
            assert (await frame(console, "change"))["row"]["incident"]
    assert sorted(made) == ["en", "zh_CN"]


async def test_a_console_of_one_town_hears_its_own_town_and_strays_alone(centre: Centre) -> None:
    homes = centre.gateway.directory.households
    mine = centre.home()
    town = homes[mine.household].area.rpartition(".")[0]
    other = next(h for h in centre.plan.homes if h.make == mine.make and not homes[h.household].area.startswith(town))
    async with hub_of(centre) as hub:
        operator = await joined(centre, hub, enrol(centre, "town", Role.OPERATOR, area=town))
        supervisor = await joined(centre, hub, enrol(centre, "sup", Role.SUPERVISOR, area=town))
        for console in (operator, supervisor):
            assert (await frame(console, "snapshot"))["rows"] == []
        await centre.press(other)
        for console in (operator, supervisor):
            change = await frame(console, "change")
            assert (change["row"], change["rings"], change["counters"]["unclaimed"]) == (None, False, 0)
        await centre.press(mine)
        for console in (operator, supervisor):
            change = await news(console)
            assert (change["row"]["key"], change["counters"]["unclaimed"]) == (mine.household, 1)
        await centre.say("stranger", "zigbee2mqtt/0x00000000deadbeef", {"action": "emergency"})
        assert (await news(operator))["row"]["who"] == "未登记设备"
        assert (await frame(supervisor, "change"))["row"] is None


async def test_a_console_that_comes_back_gets_what_it_missed(centre: Centre) -> None:
    account = enrol(centre, "wang", Role.OPERATOR)
    async with hub_of(centre) as hub:
        console = await joined(centre, hub, account)
        cursor = (await frame(console, "snapshot"))["cursor"]
        hub.leave(console)
        await centre.press(centre.home())
        await centre.press(centre.home(nth=1))
        await centre.until(lambda: len(hub._board.rows) == 2, "the hub to hear of both")
        again = await joined(centre, hub, account, after=cursor)
        missed = [await frame(again, "change") for _ in range(2)]
        assert [change["row"]["key"] for change in missed] == [
            centre.home().household,
            centre.home(nth=1).household,
        ]
        assert all(change["rings"] for change in missed)
        latest = await joined(centre, hub, account, after=missed[-1]["cursor"])
        assert msgspec.json.decode(str(await latest.next()))["type"] == "beat"


async def test_a_console_from_before_a_restart_gets_a_snapshot(centre: Centre) -> None:
    account = enrol(centre, "wang", Role.OPERATOR)
    await centre.press(centre.home())
    async with hub_of(centre) as hub:
        console = await joined(centre, hub, account, after="another-start.7")
        assert len((await frame(console, "snapshot"))["rows"]) == 1


async def test_a_slow_console_delays_nobody_and_is_let_go(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_WAITING", 3)
    account = enrol(centre, "wang", Role.OPERATOR)
    async with hub_of(centre, beat_s=60) as hub:
        slow, quick = await joined(centre, hub, account), await joined(centre, hub, account)
        await frame(quick, "snapshot")
        for nth in range(3):
            await centre.press(centre.home(nth=nth))
            assert (await frame(quick, "change"))["row"]["key"] == centre.home(nth=nth).household
        assert slow.ended == "slow"
        assert await slow.next() is None
        assert quick.ended == ""


async def test_beats_say_that_the_stream_is_alive_and_what_is_wrong(centre: Centre) -> None:
    async with hub_of(centre) as hub:
        console = await joined(centre, hub, enrol(centre, "wang", Role.OPERATOR))
        beat = await frame(console, "beat")
        assert (beat["at"], beat["wrong"]) == (round(centre.clock.now().timestamp() * 1000), [])
        centre.gateway.writer.trouble = "store"
        await centre.until(lambda: hub._wrong, "the hub to look around")
        while not (beat := await frame(console, "beat"))["wrong"]:
            pass
        assert beat["wrong"] == ["存储无法写入：报警照常响铃，并标明“尚未记录”"]


async def test_a_warning_that_people_must_see_to_is_in_the_banner_too(centre: Centre) -> None:
    await centre.set_up(duty_phones={})
    assert (await centre.gateway.desk.health()).faults == ()
    async with hub_of(centre) as hub:
        console = await joined(centre, hub, enrol(centre, "wang", Role.OPERATOR))
        await centre.until(lambda: hub._wrong, "the hub to look around")
        while not (beat := await frame(console, "beat"))["wrong"]:
            pass
        assert [words for words in beat["wrong"] if "电话" in words or "手机" in words] == beat["wrong"]


async def test_a_broken_stream_is_taken_up_again_and_does_not_beat_meanwhile(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "RETRY_S", 0.3)
    real, broken = centre.gateway.desk.changes, asyncio.Event()

    async def breaking(after: str) -> AsyncIterator[Any]:
        async for change in real(after):
            if broken.is_set():
                broken.clear()
                raise RuntimeError("the stream broke")
            yield change

    monkeypatch.setattr(centre.gateway.desk, "changes", breaking)
    async with hub_of(centre) as hub:
        console = await joined(centre, hub, enrol(centre, "wang", Role.OPERATOR))
        await frame(console, "snapshot")
        broken.set()
        await centre.press(centre.home())
        assert len((await frame(console, "snapshot"))["rows"]) == 1
        await centre.press(centre.home(nth=1))
        assert (await frame(console, "change"))["row"]["key"] == centre.home(nth=1).household


async def test_a_console_ends_with_its_sign_in_or_its_account(centre: Centre) -> None:
    async with hub_of(centre) as hub:
        wang = await joined(centre, hub, enrol(centre, "wang", Role.OPERATOR))
        li = await joined(centre, hub, enrol(centre, "li", Role.OPERATOR))
        del centre.gateway.directory.accounts["wang"]
        await centre.until(lambda: wang.ended, "the console without an account to end")
        assert (wang.ended, li.ended) == ("signed_out", "")
        centre.clock.advance(timedelta(hours=12))
        await centre.until(lambda: li.ended, "the console of an old sign-in to end")


def socket_of(base: str, cookie: str, *, origin: str = "", after: str = "") -> connect:
    address = base.replace("http", "ws") + f"/ws?after={after}"
    return connect(address, additional_headers={"Cookie": cookie} if cookie else {}, origin=origin or base)  # type: ignore[arg-type]


async def first_frame(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(5):
        return msgspec.json.decode(await socket.recv(), type=dict[str, Any])


async def test_the_socket_is_for_those_signed_in_on_our_own_pages(centre: Centre) -> None:
    base = await centre.serve()
    cookies = {}
    for role in (Role.OPERATOR, Role.INSTALLER):
        jar = arrived(centre, f"r-{role}", role).web.cookies
        cookies[role] = "; ".join(f"{name}={value}" for name, value in jar.items())
    async with socket_of(base, cookies[Role.OPERATOR]) as socket:
        assert (await first_frame(socket))["type"] == "snapshot"
        await socket.send('{"audio": true, "queue": true}')
        await socket.send("nonsense")
        hub = centre.gateway.app.state.site.hub
        await centre.until(lambda: hub.attended == 1, "the console to be attended")
        async with httpx.AsyncClient() as web:
            assert (await web.get(f"{base}/healthz")).json()["attended"] == 1
    await centre.until(lambda: hub.consoles == 0, "the console to be gone")
    for cookie, origin in [
        ("", ""),
        ("nuanhu_sign_in=forged", ""),
        (cookies[Role.INSTALLER], ""),
        (cookies[Role.OPERATOR], "https://evil.example"),
    ]:
        async with socket_of(base, cookie, origin=origin) as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await first_frame(socket)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401


async def test_hours_without_anybody_on_duty_are_on_the_consoles_four_hours_before(centre: Centre) -> None:
    until_two = Times(from_min=8 * 60, to_min=14 * 60)
    roster = Roster(shifts=(shift("supervisor", "zhuguan", times=until_two),), posts=(Post(role="supervisor"),))
    assert (await save_roster(centre, roster)).done
    async with hub_of(centre) as hub:
        console = await joined(centre, hub, enrol(centre, "wang", Role.OPERATOR))
        for _ in range(3):
            assert not [word for word in (await frame(console, "beat"))["wrong"] if "值守" in word], "six hours ahead"
        await centre.pass_time(hours=2, seconds=1)
        async with asyncio.timeout(10):
            while not [word for word in (await frame(console, "beat"))["wrong"] if "值守" in word]:
                pass
