"""News is pushed to another system signed, in order, each at least once: broken, slow, away, or the gateway killed."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from centre import Centre

from alerting.enrolment.commands import EndTarget, SaveTarget, SkipEvent
from alerting.peers import Target
from gateway.exchange import courier
from gateway.exchange.courier import FAULT_FROM, PushState
from tests.listening_system import ListeningSystem
from tests.other_system import OtherSystem, connected, new_home

SECRET = "5ec7e7" * 10


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[ListeningSystem]:
    """It is there; what it does not take is tried again soon, so that a test is short."""
    monkeypatch.setattr(courier, "RETRY_S", (0.02, 0.05))
    monkeypatch.setattr(courier, "POLL_S", 0.05)
    listening = ListeningSystem()
    listening.come()
    yield listening
    listening.go()


async def told(centre: Centre, system: ListeningSystem, **more: Any) -> Target:
    """News is pushed to it from now on."""
    if "push_networks" not in centre.settings:
        await centre.set_up(push_networks=["127.0.0.0/8"])
    desk = centre.gateway.desk
    after = await desk.news_head()
    assert after is not None
    sealed = await desk.sealed(SECRET)
    target = Target(
        id=more.pop("id", "target1"), title="平台", url=system.url, sealed_secret=sealed, after=after, **more
    )
    answer = await desk.submit(SaveTarget(target=target, by="root"))
    assert answer.done, answer.refused
    return target


async def give(city: OtherSystem, centre: Centre, *keys: str) -> None:
    """These homes are registered."""
    for key in keys:
        assert (await city.put(key, new_home(centre))).status_code == 201


def state(centre: Centre, target: str = "target1") -> PushState:
    """How far it has got."""
    found = centre.gateway.exchange.pushing.states().get(target)
    return found or PushState(target=target)


async def test_each_event_is_signed_and_the_same_as_in_the_feed(centre: Centre, system: ListeningSystem) -> None:
    target = await told(centre, system)
    city = await connected(centre)
    await give(city, centre, "AY1", "AY2")
    await centre.press(centre.home())
    await centre.until(lambda: len(system.heard) == 3, "three events")
    assert system.events == (await city.news(target.after))[0]
    for headers, body in system.heard:
        assert headers["content-type"].startswith("application/cloudevents+json")
        signed = headers["x-timestamp"].encode() + b"\n" + body
        assert headers["x-signature"] == hmac.digest(SECRET.encode(), signed, "sha256").hex()
    assert b"\xe5" not in b"".join(body for _, body in system.heard), "nothing about the people"


async def test_a_system_that_breaks_gets_everything_once_it_is_well_and_people_are_told(
    centre: Centre, system: ListeningSystem
) -> None:
    await told(centre, system)
    city = await connected(centre)
    system.status = 500
    await give(city, centre, "AY1", "AY2", "AY3")
    await centre.until(lambda: state(centre).attempts >= FAULT_FROM, "attempts in vain")
    assert "push_failing" in (await centre.gateway.desk.health()).warnings
    assert (state(centre).error, system.heard) == ("500", [])
    system.status = 200
    await centre.until(lambda: len(system.heard) == 3, "all of it")
    assert [it["subject"] for it in system.events] == ["AY1", "AY2", "AY3"]
    await centre.until(lambda: state(centre).taken == 3, "the last to be noted")
    assert "push_failing" not in (await centre.gateway.desk.health()).warnings


async def test_a_redirection_is_not_followed(centre: Centre, system: ListeningSystem) -> None:
    await told(centre, system)
    system.status = 302
    await give(await connected(centre), centre, "AY1")
    await centre.until(lambda: state(centre).attempts >= 2, "attempts in vain")
    assert state(centre).error == "302"


async def test_a_system_that_was_away_gets_everything_when_it_is_back(centre: Centre, system: ListeningSystem) -> None:
    await told(centre, system)
    system.go()
    await give(await connected(centre), centre, "AY1", "AY2")
    await centre.until(lambda: state(centre).error == "no_connection", "an attempt in vain")
    system.come()
    await centre.until(lambda: len(system.heard) == 2, "all of it")
    assert [it["subject"] for it in system.events] == ["AY1", "AY2"]


async def test_a_slow_system_delays_neither_another_one_nor_a_press(centre: Centre, system: ListeningSystem) -> None:
    fast = ListeningSystem()
    fast.come()
    try:
        await told(centre, system)
        await told(centre, fast, id="target2")
        system.waits_s = 3.0
        await give(await connected(centre), centre, "AY1", "AY2", "AY3")
        await centre.press(centre.home())
        await centre.until(lambda: len(fast.heard) == 4, "the fast one to have all")
        assert len(system.heard) == 0
        assert len(centre.rang) == 1
    finally:
        fast.go()
        system.waits_s = 0.0


async def test_a_gateway_that_is_killed_between_commit_and_delivery_loses_nothing(
    centre: Centre, system: ListeningSystem
) -> None:
    """Also not what was committed before it had looked for the first time."""
    await told(centre, system)
    city = await connected(centre)
    system.status = 503
    keys = [f"AY{n}" for n in range(1, 8)]
    await give(city, centre, *keys[:4])
    await centre.close_gateway()
    system.status = 200
    await centre.open_gateway()
    await centre.until(lambda: len(set(system.ids)) == 4, "what was committed before")
    await centre.close_gateway()
    await centre.open_gateway()
    await give(OtherSystem(centre, city.id, city.key), centre, *keys[4:])
    await centre.until(lambda: len(set(system.ids)) == 7, "what came after")
    first_of_each = list(dict.fromkeys(it["subject"] for it in system.events))
    assert first_of_each == keys
    assert len({(it["id"], it["subject"]) for it in system.events}) == 7, "an event said twice has the same id"


async def test_what_was_taken_is_not_said_again_after_an_orderly_restart(
    centre: Centre, system: ListeningSystem
) -> None:
    await told(centre, system)
    await give(await connected(centre), centre, "AY1", "AY2")
    await centre.until(lambda: len(system.heard) == 2, "both")
    upto = (await centre.gateway.desk.news_head()) or ""
    reads = centre.gateway.exchange.reads
    await centre.until(lambda: reads.pushed("target1") == upto, "the cursor to be kept")
    await centre.close_gateway()
    await centre.open_gateway()
    await asyncio.sleep(1.5)
    assert len(system.heard) == 2


async def test_only_the_kinds_and_the_area_that_were_asked_for_are_pushed(
    centre: Centre, system: ListeningSystem
) -> None:
    homes = list(centre.gateway.directory.households.values())
    town = homes[0].area.rpartition(".")[0]
    away = next(it for it in homes if not it.area.startswith(town))
    await told(centre, system, area=town, kinds=("nuanhu.household.registered",))
    city = await connected(centre)
    assert (await city.put("AY1", new_home(centre, area=away.area))).status_code == 201
    assert (await city.put("AY2", new_home(centre, area=homes[0].area))).status_code == 201
    await centre.press(centre.home())
    await centre.until(lambda: len(system.heard) == 1, "the one")
    upto = (await centre.gateway.desk.news_head()) or ""
    await centre.until(lambda: centre.gateway.exchange.reads.pushed("target1") == upto, "the rest to be passed over")
    assert [it["subject"] for it in system.events] == ["AY2"]


async def test_an_event_that_is_never_taken_waits_until_somebody_skips_it(
    centre: Centre, system: ListeningSystem
) -> None:
    await told(centre, system)
    system.refuses = b'"AY1"'
    await give(await connected(centre), centre, "AY1", "AY2")
    await centre.until(lambda: state(centre).attempts >= FAULT_FROM, "attempts in vain")
    assert (state(centre).error, system.heard) == ("422", [])
    event = state(centre).event
    assert (await centre.ask(SkipEvent(target="target1", event=event, by="root"))).done
    await centre.until(lambda: len(system.heard) == 1, "the one behind it")
    assert [it["subject"] for it in system.events] == ["AY2"]
    await centre.until(lambda: (state(centre).taken, state(centre).skipped) == (1, 1), "both to be noted")
    assert (await centre.ask(EndTarget(target="target1", by="root"))).done
    await centre.until(lambda: "target1" not in centre.gateway.exchange.pushing.states(), "its end")


async def test_nothing_is_pushed_to_an_address_of_this_machine_or_its_network_unless_that_is_named(
    centre: Centre, system: ListeningSystem
) -> None:
    desk = centre.gateway.desk
    assert not desk.may_push(system.url)
    assert desk.may_push("https://platform.example/news")
    sealed = await desk.sealed(SECRET)
    after = await desk.news_head() or ""
    for n, host in enumerate(("127.0.0.1", "localhost")):
        url = f"https://{host}:{system.port}/"
        target = Target(id=f"inside{n}", title="平台", url=url, sealed_secret=sealed, after=after)
        assert (await desk.submit(SaveTarget(target=target, by="root"))).done
        why = await desk.try_target(target.id)
        assert why in {"address", "no_connection"}
    assert system.heard == []


def test_a_kept_state_of_pushing_is_told_with_its_words() -> None:
    assert msgspec.json.encode(PushState(target="x", attempts=FAULT_FROM))
    assert PushState(target="x", attempts=FAULT_FROM).is_fault
    assert not PushState(target="x", attempts=FAULT_FROM - 1).is_fault
