"""The times of the work are one table with bounds: a setting within them counts, one beyond them stops the start."""

import pytest
from centre import Centre, done
from on_both_stores import only_sqlite
from pydantic import ValidationError

from alerting.commands import AcceptJob, Dispatch
from alerting.incidents.values import TABLE, Value, usual, with_changes
from alerting.model import EntryKind
from gateway.settings import Settings


@only_sqlite
async def test_a_centre_s_own_time_without_a_step_counts(centre: Centre) -> None:
    await centre.set_up(values={"p1_step_s": 45})
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    await centre.pass_time(seconds=44)
    assert (await centre.row_of(home)).claimed_by
    await centre.pass_time(seconds=1)
    assert (await centre.incident(row.incident)).timeline[-1].kind is EntryKind.LAPSED


@only_sqlite
async def test_whoever_is_not_there_in_time_makes_it_ring_again(centre: Centre) -> None:
    await centre.set_up(values={"p1_on_scene_s": 300, "p1_sent_step_s": 1800, "p1_no_console_s": 3600})
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    responder = centre.plan.registry.responders[0].id
    await centre.ask(Dispatch(key=row.key, incident=row.incident, by="zuoxi1", responder=responder))
    await centre.ask(AcceptJob(key=row.key, incident=row.incident, by=f"responder:{responder}", eta_s=240))
    await centre.pass_time(seconds=299)
    assert not (await centre.row_of(home)).unacknowledged
    await centre.pass_time(seconds=1)
    assert (await centre.row_of(home)).unacknowledged
    assert done((await centre.incident(row.incident)).timeline)[-1].kind is EntryKind.OVERDUE


@pytest.mark.parametrize("changes", [{"p1_step_s": 29}, {"p1_step_s": 301}, {"p5_step_s": 60}, {"reopen_s": -1}])
def test_beyond_the_bounds_there_is_no_start(changes: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Settings(values=changes)


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.setting)
def test_every_line_lies_within_its_bounds_and_can_be_changed(line: Value) -> None:
    assert line.least_s <= line.of(usual()) <= line.most_s
    for seconds in (line.least_s, line.most_s):
        assert line.of(with_changes({line.setting: seconds})) == seconds
    changed = with_changes({line.setting: line.most_s})
    others = [other for other in TABLE if other.setting != line.setting]
    assert [other.of(changed) for other in others] == [other.of(usual()) for other in others]
