"""Who cannot be reached, or says no, costs no time: the next channel, person or step comes at once."""

from __future__ import annotations

from datetime import timedelta

from centre import Centre
from on_both_stores import only_sqlite
from on_call import DUTY, NUMBER, OnCall, on_call
from on_duty import in_force, name, plan, step, town, village

from alerting.casefile import Role
from alerting.model import EntryKind
from gateway.desk.contract import QueueRow
from nuanhu.town.carrier import Manner
from tests.dashboard.visitor import arrived

VOICE = f"voice://main/{NUMBER}"
LATE = step(600, "duty_phones")
WAITS = plan(step(30, "village"), step(300, "town"), LATE)


def number_of(centre: Centre, person: str) -> str:
    return centre.gateway.directory.addresses.of(person, "voice")


def orders(story: OnCall) -> list[tuple[str, str]]:
    """(kind, number) of all that the provider has taken, in order."""
    return [(item.order.kind, item.order.number) for item in story.main.items]


def page_of(centre: Centre, reference: str) -> tuple[str, str, int, int]:
    """What names a page once and for ever."""
    asked = centre.gateway.outside.pages.asked(reference)
    assert asked is not None
    return asked.to, asked.channel, asked.round, asked.step


async def called(story: OnCall, manner: Manner) -> tuple[str, str, QueueRow]:
    """A press that nobody takes, until the village's responsible person is called, whose telephone does this."""
    centre = story.centre
    home = centre.home()
    await in_force(centre, WAITS)
    first, second = (number_of(centre, person) for person in (village(centre, home), town(centre, home)))
    story.main.phones[first] = manner
    await centre.press(home)
    await centre.pass_time(seconds=30)
    return first, second, await centre.row_of(home)


async def test_a_telephone_that_is_off_costs_no_time(centre: Centre) -> None:
    async with on_call(centre) as story:
        first, second, row = await called(story, "off")
        await centre.until(lambda: ("sms", second) in orders(story), "the message to the next person")
        assert orders(story)[:3] == [("sms", first), ("voice", first), ("sms", second)], "channel, channel, person"
        assert centre.clock.now() - row.rang_at == timedelta(seconds=30), "no time has passed"
        told = [entry.text for entry in await story.lines(row.incident, EntryKind.PULLED_FORWARD)]
        who = name(centre, village(centre, centre.home()))
        assert told == [f"{who}|voice", f"{who}||"]


async def test_who_presses_2_is_asked_no_more_and_the_next_is_called_at_once(centre: Centre) -> None:
    async with on_call(centre) as story:
        first, second, row = await called(story, "presses_2")
        await centre.pass_time(seconds=30)
        await story.line(row.incident, EntryKind.PAGE_DECLINED)
        await centre.until(lambda: ("sms", second) in orders(story), "the message to the next person")
        assert orders(story) == [("sms", first), ("voice", first), ("sms", second)]
        await centre.pass_time(seconds=200)
        assert orders(story).count(("voice", first)) == 1


async def test_nobody_is_called_twice_for_the_same_step(centre: Centre) -> None:
    async with on_call(centre) as story:
        _, _, row = await called(story, "off")
        await story.line(row.incident, EntryKind.PULLED_FORWARD, 2)
        for _ in range(12):
            await centre.pass_time(seconds=30)

        def asked() -> list[tuple[str, str, int, int]]:
            return [page_of(centre, item.order.reference) for item in story.main.items if item.order.number != NUMBER]

        await centre.until(lambda: len(asked()) >= 6, "both persons, by message and call, in both rounds")
        assert len(asked()) == len(set(asked()))


@only_sqlite
async def test_a_duty_telephone_that_does_not_answer_lets_the_chain_come_at_once(centre: Centre) -> None:
    async with on_call(centre, VOICE) as story:
        story.main.phones[NUMBER] = "ignores"
        row = await story.page()
        assert (await story.line(row.incident, EntryKind.PULLED_FORWARD)).text == f"{DUTY}||"
        assert (await centre.row_of(centre.home())).climbed == "chain"
        before = len([it for it in story.main.kept("voice") if it.order.number == NUMBER])
        assert before == 1, "called again at the time of the chain, not twice in a moment"
        await centre.pass_time(seconds=30)
        await centre.until(lambda: len(story.main.kept("voice")) > before, "the call of the chain's own time")


@only_sqlite
async def test_a_provider_that_refuses_lets_the_next_person_come_at_once(centre: Centre) -> None:
    async with on_call(centre) as story:
        story.main.mood = story.second.mood = "refuses"
        await in_force(centre, WAITS)
        await centre.press(centre.home())
        row = await centre.row_of(centre.home())
        await centre.pass_time(seconds=30)
        await story.line(row.incident, EntryKind.PULLED_FORWARD, 2)
        assert "provider" in centre.gateway.pulse.health().loud
        await centre.until(lambda: _level(centre) == "chain", "the next step")


@only_sqlite
async def test_the_timeline_says_it_in_words(centre: Centre) -> None:
    async with on_call(centre) as story:
        _, _, row = await called(story, "off")
        await story.line(row.incident, EntryKind.PULLED_FORWARD, 2)
        operator = arrived(centre, "zuoxi9", Role.OPERATOR)
        page = await operator.go(f"/incidents/{row.incident}")
        assert "未联系上，立即转下一步" in page
        assert f"{name(centre, village(centre, centre.home()))}：立即执行预案的下一步" in page


def _level(centre: Centre) -> str:
    rows = centre.gateway.changes.snapshot(centre.clock.now()).rows
    return rows[0].climbed
