"""Nobody takes a P1: the person's text message, the call, key 1; the climb pauses, says for whom, and goes on."""

from __future__ import annotations

from datetime import timedelta

from centre import Centre
from on_call import PIN, OnCall, on_call
from on_duty import LAST, case, in_force, name, plan, step, town, village

from alerting.casefile import Role
from alerting.model import EntryKind
from gateway.desk.contract import QueueRow
from tests.dashboard.visitor import Visitor, arrived

KINDS = (
    EntryKind.PAGE_ACCEPTED,
    EntryKind.ACCEPTED_LATE,
    EntryKind.ACCEPTANCE_EXPIRED,
    EntryKind.PAGE_DECLINED,
    EntryKind.GIVEN_BACK,
)


def number_of(centre: Centre, person: str) -> str:
    return centre.gateway.directory.addresses.of(person, "voice")


async def called(story: OnCall, after_s: int) -> tuple[str, str, QueueRow]:
    """A press that nobody takes, until the message to the responsible person of the village is there."""
    centre = story.centre
    home = centre.home()
    await in_force(centre, plan(step(30, "village"), step(200, "town"), LAST, accept_s=180))
    person = village(centre, home)
    number = number_of(centre, person)
    await centre.press(home)
    await centre.pass_time(seconds=30)
    await centre.until(lambda: story.main.texts(number), "the text message")
    assert story.main.kept("voice") == [], "the call comes later"
    await centre.pass_time(seconds=after_s)
    return person, number, await centre.row_of(home)


async def answers(story: OnCall, incident: str) -> list[tuple[EntryKind, str]]:
    """What people have answered, and what became of it."""
    timeline = (await story.centre.incident(incident)).timeline
    return [(entry.kind, entry.text) for entry in timeline if entry.kind in KINDS]


async def test_message_then_call_then_key_1_pauses_the_climb_until_it_expires(centre: Centre) -> None:
    async with on_call(centre) as story:
        story.main.phones[number_of(centre, village(centre, centre.home()))] = "presses_1"
        person, number, row = await called(story, after_s=30)
        who = name(centre, person)
        assert (await story.line(row.incident, EntryKind.PAGE_ACCEPTED)).text == f"key|{who}"
        (call,) = story.main.kept("voice")
        assert call.order.number == number
        accepted_at = centre.clock.now()

        view = await centre.incident(row.incident)
        assert view.climb is not None
        assert (view.climb.accepted_by, view.climb.accepted_until) == (who, accepted_at + timedelta(seconds=180))
        operator = arrived(centre, "zuoxi9", Role.OPERATOR)
        page = await operator.go(f"/incidents/{row.incident}")
        assert 'id="climb-accepted"' in page
        assert who in page
        assert "08:04:00" in page, "until when"

        orders, rang = story.main.orders, len(centre.rang)
        await centre.pass_time(seconds=179)
        assert (story.main.orders, len(centre.rang)) == (orders, rang), "the town is not called: it pauses"
        assert (await centre.row_of(centre.home())).unacknowledged
        story.main.phones[number] = "ignores"
        await centre.pass_time(seconds=1)
        assert await answers(story, row.incident) == [
            (EntryKind.PAGE_ACCEPTED, f"key|{who}"),
            (EntryKind.ACCEPTANCE_EXPIRED, who),
        ]
        assert len(centre.rang) > rang
        await centre.pass_time(seconds=30)
        await centre.until(lambda: len(story.main.texts(number)) == 2, "the message of the second round")
        await centre.pass_time(seconds=30)
        await centre.until(lambda: len(story.main.kept("voice")) == 2, "the call of the second round")
        await centre.pass_time(seconds=140)
        other = number_of(centre, town(centre, centre.home()))
        await centre.until(lambda: story.main.texts(other), "the message to the town")


async def test_the_link_of_a_person_s_message_and_their_pin_pause_it_and_taking_that_back_lets_it_climb(
    centre: Centre,
) -> None:
    person = village(centre, centre.home())
    async with on_call(centre, page_pins={person: PIN}) as story:
        _, number, row = await called(story, after_s=0)
        who = name(centre, person)
        path = await story.link(number)
        visitor = Visitor(centre)
        await visitor.go(path)
        said = await visitor.post(path, **visitor.form(path), pin=PIN, answer="accepted")
        assert said.status_code == 303
        assert case(centre, centre.home()).address in await visitor.go(path)
        assert await answers(story, row.incident) == [(EntryKind.PAGE_ACCEPTED, f"link|{who}")], "one line, not two"
        view = await centre.incident(row.incident)
        assert view.climb is not None
        assert view.climb.accepted_by == who

        rang = len(centre.rang)
        await visitor.send(f"{path}/cannot_go")
        assert (await answers(story, row.incident))[1:] == [(EntryKind.GIVEN_BACK, f"link|{who}")]
        assert len(centre.rang) == rang + 1
        view = await centre.incident(row.incident)
        assert view.climb is not None
        assert view.climb.accepted_by == ""
        other = number_of(centre, town(centre, centre.home()))
        await centre.until(lambda: story.main.texts(other), "the message to the next one, at once")


async def test_who_presses_1_after_another_is_late_and_told_so(centre: Centre) -> None:
    person = village(centre, centre.home())
    async with on_call(centre, page_pins={person: PIN}) as story:
        _, number, row = await called(story, after_s=0)
        path = await story.link(number)
        visitor = Visitor(centre)
        await visitor.go(path)
        fields = visitor.form(path)
        other = town(centre, centre.home())
        assert (await centre.gateway.desk.accept(row.incident, other, "console")).done
        said = await visitor.post(path, **fields, pin=PIN, answer="accepted")
        assert said.status_code == 409
        assert name(centre, other) in said.text
        assert [kind for kind, _ in await answers(story, row.incident)] == [
            EntryKind.PAGE_ACCEPTED,
            EntryKind.ACCEPTED_LATE,
        ]
