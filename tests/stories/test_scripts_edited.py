"""Scripts are edited by supervisors: checked, numbered, put back; an incident keeps those with which it began."""

from collections.abc import Sequence

import msgspec
from centre import Centre

from alerting.commands import FollowScript, SaveScripts
from alerting.incidents.rehearsal import Act
from alerting.incidents.script import Script
from alerting.incidents.standard_scripts import PANIC, STANDARD
from alerting.model import AlarmKind, EntryKind
from gateway.desk.contract import Answer
from nuanhu.emergency import StandIn


def worded(text: str) -> tuple[Script, ...]:
    """The standard scripts, with another first step of the one for calls for help."""
    first = msgspec.structs.replace(PANIC.steps[0], zh=text)
    return (msgspec.structs.replace(PANIC, steps=(first, *PANIC.steps[1:])), *STANDARD[1:])


async def save(centre: Centre, scripts: Sequence[Script], note: str = "") -> Answer:
    based_on = centre.gateway.judge.policy.editions.scripts_number
    return await centre.ask(
        SaveScripts(key="", by="zhuguan", scripts=tuple(scripts), note=note, based_on=based_on), once=f"once {note}"
    )


async def test_an_incident_keeps_the_scripts_with_which_it_began(centre: Centre) -> None:
    await centre.press(centre.home())
    before = await centre.row_of(centre.home())
    assert (await save(centre, worded("先深呼吸，再拨打{resident}。"), "一")).done
    number = centre.gateway.judge.policy.editions.scripts_number
    await centre.press(centre.home(nth=1))
    after = await centre.row_of(centre.home(nth=1))
    assert (await save(centre, worded("拨打{resident}。"), "二")).done
    old, new = await centre.incident(before.incident), await centre.incident(after.incident)
    assert (old.scripts_number, old.scripts) == (0, STANDARD)
    assert (new.scripts_number, new.incident.scripts) == (number, number)
    assert new.scripts[0].steps[0].zh.startswith("先深呼吸")
    await centre.press(centre.home(nth=1))
    assert (await centre.incident(after.incident)).scripts_number == number


async def test_editions_of_scripts_have_who_and_why_and_outlive_a_restart(centre: Centre) -> None:
    assert (await save(centre, worded("一。"), "更简短")).done
    seen = await centre.gateway.desk.scripts()
    assert [(row.kind, row.by, row.note) for row in seen.history] == [("scripts", "zhuguan", "更简短")]
    await centre.close_gateway()
    await centre.open_gateway()
    assert (await centre.gateway.desk.scripts()).scripts == worded("一。")
    assert await centre.gateway.desk.scripts_numbered(seen.number) == worded("一。")
    assert await centre.gateway.desk.scripts_numbered(0) == STANDARD
    assert await centre.gateway.desk.scripts_numbered(99) is None


async def test_a_start_without_the_store_has_the_scripts_in_force(centre: Centre) -> None:
    assert (await save(centre, worded("断网也一样。"))).done
    snapshot, homes = centre.gateway._snapshot()
    registry = msgspec.structs.replace(snapshot.registry, households=tuple(homes))
    store = StandIn(msgspec.structs.replace(snapshot, registry=registry))
    try:
        kinds = {edition.kind: edition.body for edition in store.saved.latest()}
        assert "断网也一样。" in kinds["scripts"]
    finally:
        store.close()


async def test_flawed_scripts_are_refused_with_reasons_and_change_nothing(centre: Centre) -> None:
    short = msgspec.structs.replace(PANIC, steps=PANIC.steps[:1])
    answer = await save(centre, (short, *STANDARD[1:]))
    assert answer.refused == "bad_scripts"
    assert "sends_nobody_none|panic|" in answer.reasons
    assert (await centre.gateway.desk.scripts()).number == 0
    stale = SaveScripts(key="", by="zhuguan", scripts=worded("一。"), based_on=7)
    assert (await centre.ask(stale)).refused == "edited_meanwhile"


async def test_an_operator_follows_another_script_and_it_is_recorded(centre: Centre) -> None:
    await centre.press(centre.home())
    row = await centre.row_of(centre.home())
    follow = FollowScript(key=row.key, incident=row.incident, by="zuoxi1", script="wandering")
    assert (await centre.ask(follow)).refused == "not_claimed"
    await centre.claim(row)
    assert (await centre.ask(follow)).done
    entry = (await centre.incident(row.incident)).timeline[-1]
    assert (entry.kind, entry.text, entry.by) == (EntryKind.SCRIPT, "wandering", "zuoxi1")


async def test_a_rehearsal_records_nothing_and_calls_nobody(centre: Centre) -> None:
    seen = await centre.gateway.desk.scripts()
    journalled = centre.gateway.store.reads.last_sequences()
    home = centre.gateway.directory.households[centre.home().household]
    acts = [Act(do="claim"), Act(do="call", whom="x", result="no_answer"), Act(do="wait", wait_s=300)]
    done = await centre.gateway.desk.rehearsed(AlarmKind.PANIC, acts, home, centre.clock.now(), "zuoxi1")
    kinds = [entry.kind for entry in done.timeline]
    assert kinds[:3] == [EntryKind.ALARM, EntryKind.CLAIMED, EntryKind.CALLED]
    assert EntryKind.LAPSED in kinds
    assert centre.gateway.store.reads.last_sequences() == journalled
    assert await centre.queue() == []
    assert await centre.gateway.desk.scripts() == seen
    assert centre.pages() == []
