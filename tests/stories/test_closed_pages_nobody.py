"""A closed incident pages nobody: not with a step, not with a later channel, not with a page that waits."""

from centre import Centre
from on_duty import LAST, in_force, persons, plan, pushed_to, step, village

from alerting.model import EntryKind


async def test_after_closing_nobody_is_paged(centre: Centre) -> None:
    home = centre.home()
    away = centre.folder / "away"
    await centre.replace_registry(
        pushed_to(centre.plan.registry, village(centre, home), f"record://{away}/pushed.jsonl")
    )
    await in_force(centre, plan(step(30, "village", "town"), LAST))
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    await centre.told_of(row.incident, EntryKind.PAGE_FAILED)
    await centre.until(lambda: len(centre.paged_persons()) == 1, "the text message to the town")
    await centre.claim(row)
    await centre.spoke(row)
    assert (await centre.close(row)).done
    away.mkdir()
    for _ in range(4):
        await centre.pass_time(seconds=900)
    await persons(centre, 1)
    assert centre.pages() == []
    assert not (away / "pushed.jsonl").exists()
    answer = await centre.gateway.desk.accept(row.incident, village(centre, home), "link")
    assert answer.refused == "no_incident", "and whoever accepts now is told"
