"""Whoever the desk sends and who does not answer the message is called: woken, they accept by a key, or cannot go."""

from __future__ import annotations

from at_the_door import AtTheDoor, at_the_door
from centre import Centre
from on_call import OnCall

from alerting.casefile import Role
from alerting.dispatch.job import Stage
from alerting.model import EntryKind, Outcome
from tests.dashboard.visitor import arrived
from tests.stories.test_replayed import replayed

AFTER_S = 30


async def asleep(door: AtTheDoor, manner: str) -> None:
    """They are sent, hear no message, and are called; this is what they do then."""
    door.story.main.phones[door.who.phone] = manner  # type: ignore[assignment]
    await door.sent()
    await door.centre.pass_time(seconds=AFTER_S - 1)
    assert door.story.main.kept("voice") == [], "they have their time"
    await door.centre.pass_time(seconds=1)
    await rings(door.story, 1)


async def rings(story: OnCall, calls: int) -> str:
    """So many calls have been made; what was spoken in the last one."""
    await story.centre.until(lambda: len(story.main.kept("voice")) == calls, f"call {calls}")
    return story.main.kept("voice")[-1].order.text


async def told(door: AtTheDoor, *kinds: EntryKind) -> list[str]:
    """Lines of these kinds, once the last of them is there."""
    await door.centre.told_of(door.it.row.incident, kinds[-1])
    timeline = (await door.centre.incident(door.it.row.incident)).timeline
    return [it.kind.value for it in timeline if it.kind in kinds]


async def test_woken_they_accept_by_key_1_as_if_they_had_tapped_it(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await asleep(door, "presses_1")
        spoken = await rings(door.story, 1)
        assert "已派您前往" in spoken
        assert "请按 1" in spoken
        for word in (door.file.title, door.file.address, "http"):
            assert word not in spoken
        kinds = (EntryKind.JOB_CALLED, EntryKind.JOB_CALL_ANSWERED, EntryKind.JOB_ACCEPTED)
        assert await told(door, *kinds) == list(kinds)
        assert await door.it.lines(EntryKind.JOB_ACCEPTED) == [f"{door.who.id}||key"]
        assert await door.it.stage(door.who.id) is Stage.ACCEPTED
        desk = await arrived(centre, "zuoxi9", Role.OPERATOR).go(f"/incidents/{door.it.row.incident}")
        for word in ("未回应消息，改打电话", "已接听", f"{door.who.name} · 电话按键"):
            assert word in desk
        await centre.pass_time(minutes=3)
        assert len(door.story.main.kept("voice")) == 1, "nobody is called who has answered"
        assert await door.it.lines(EntryKind.NOT_ACCEPTED) == []
        page = await door.look()
        assert "PIN" in page, "and the link of their message opens the job as ever"
        replayed(centre)


async def test_the_carrier_says_it_twice_and_it_counts_once(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await asleep(door, "presses_1")
        await told(door, EntryKind.JOB_ACCEPTED)
        await door.story.say_again(door.story.main, door.story.main.kept("voice")[0])
        assert len(await door.it.lines(EntryKind.JOB_ACCEPTED)) == 1
        assert len(await door.it.lines(EntryKind.JOB_CALL_ANSWERED)) == 1


async def test_key_2_says_that_they_cannot_go_and_it_rings_at_once(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        rang = door.it.rang()
        await asleep(door, "presses_2")
        await told(door, EntryKind.JOB_DECLINED)
        assert await door.it.stage(door.who.id) is Stage.CANNOT_GO
        assert door.it.rang() == rang + 1


async def test_a_preview_puts_the_call_off_once_and_does_not_spare_it(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        door.story.main.phones[door.who.phone] = "ignores"
        await door.sent()
        await centre.pass_time(seconds=20)
        await door.look()
        await centre.pass_time(seconds=AFTER_S - 1)
        assert door.story.main.kept("voice") == []
        await door.look()
        await centre.pass_time(seconds=1)
        await rings(door.story, 1)


async def test_who_answers_the_message_is_not_called(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.opened()
        await centre.pass_time(minutes=3)
        assert door.story.main.kept("voice") == []
        assert await door.it.lines(EntryKind.JOB_CALLED) == []


async def test_called_back_while_it_rings_key_1_accepts_nothing_and_they_are_told_so(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await asleep(door, "by_hand")
        assert (await door.it.recall(door.who.id)).done
        (call,) = door.story.main.kept("voice")
        door.story.main.press(call.id, "1")
        spoken = await rings(door.story, 2)
        assert "撤回派单" in spoken
        assert "无需前往" in spoken
        assert "按 1" not in spoken
        assert await door.it.lines(EntryKind.ACCEPTED_LATE) == [f"key|{door.who.name}"]
        assert await door.it.stage(door.who.id) is Stage.RECALLED
        replayed(centre)


async def test_closed_while_it_rings_key_1_opens_nothing_and_they_are_told_so(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await asleep(door, "by_hand")
        await centre.spoke(door.it.row)
        assert (await centre.close(door.it.row, Outcome.ACCIDENTAL)).done
        (call,) = door.story.main.kept("voice")
        door.story.main.press(call.id, "1")
        assert "已处置" in await rings(door.story, 2)
        assert await centre.queue() == []
