"""A person who was removed gets nothing more: no call to come, and no page that waits in the outbox."""

import msgspec
from at_the_door import at_the_door
from centre import Centre
from on_duty import LAST, in_force, name, persons, plan, pushed_to, save_roster, step, town, village, without

from alerting.duty.roster import Roster
from alerting.model import EntryKind


async def test_who_is_removed_gets_no_later_call(centre: Centre) -> None:
    await in_force(centre, plan(step(30, "village", "town"), LAST))
    home = centre.home()
    gone, stays = village(centre, home), name(centre, town(centre, home))
    await centre.press(home)
    await centre.pass_time(seconds=30)
    await persons(centre, 2)
    assert (await save_roster(centre, Roster(left=(gone,)))).done
    await centre.pass_time(seconds=60)
    assert (await persons(centre, 3))[2] == (stays, "voice")
    await centre.pass_time(seconds=3600)
    assert all(who == stays for who, _ in centre.paged_persons()[2:])


async def test_a_page_that_waits_in_the_outbox_is_not_sent_to_who_was_removed(centre: Centre) -> None:
    home = centre.home()
    gone = village(centre, home)
    away = centre.folder / "away"
    registry = pushed_to(centre.plan.registry, gone, f"record://{away}/pushed.jsonl")
    await centre.replace_registry(registry)
    await in_force(centre, plan(step(30, "village"), LAST))
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    await centre.told_of(row.incident, EntryKind.PAGE_FAILED)
    assert centre.gateway.store.outgoing.unsent(), "it waits to be tried again"
    await centre.replace_registry(without(registry, gone))
    away.mkdir()
    await centre.pass_time(seconds=60)
    await centre.told_of(row.incident, EntryKind.PAGE_LOST)
    assert gone not in {page.recipient for page in centre.gateway.store.outgoing.unsent()}
    assert not (away / "pushed.jsonl").exists()


async def test_who_was_removed_cannot_accept(centre: Centre) -> None:
    home = centre.home()
    gone = village(centre, home)
    await in_force(centre, plan(step(30, "village"), LAST), roster=Roster(left=(gone,)))
    await centre.press(home)
    row = await centre.row_of(home)
    answer = await centre.gateway.desk.accept(row.incident, gone, "link")
    assert answer.refused == "unknown_person"
    assert msgspec.structs.asdict(answer)["held_by"] == ""


async def test_who_was_removed_and_is_sent_all_the_same_gets_no_message(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        assert (await save_roster(centre, Roster(left=(f"responder:{door.who.id}",)))).done
        assert (await door.it.send(door.who.id)).done
        await centre.pass_time(seconds=60)
        outgoing = centre.gateway.store.outgoing
        await centre.until(lambda: not outgoing.unsent(), "whatever was to leave to be given up")
        assert not door.story.main.texts(door.who.phone)
