"""A step that would call nobody is skipped at once: the next one does not wait for it."""

from centre import Centre
from on_duty import in_force, plan, step

from alerting.duty.roster import Roster
from alerting.model import EntryKind


async def test_a_step_that_calls_nobody_is_skipped_at_once(centre: Centre) -> None:
    night_only = step(30, "supervisor")
    assert night_only.rings, "a supervisor's step goes to the consoles too, so this story needs a post of another role"
    await in_force(
        centre, plan(step(30, "key_holder"), step(60, "key_holder"), step(600, "duty_phones")), roster=Roster()
    )
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=29)
    assert centre.pages() == []
    await centre.pass_time(seconds=1)
    await centre.until(lambda: len(centre.pages()) == 1, "the duty telephone, ten minutes early")
    kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    assert kinds[:4] == [EntryKind.ALARM, EntryKind.ESCALATED, EntryKind.ESCALATED, EntryKind.ESCALATED]
