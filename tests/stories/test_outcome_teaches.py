"""What a silence turned out to be is remembered of the home, and taken back when its incident is taken up again."""

from centre import Centre

from alerting.commands import Reopen
from alerting.model import AlarmKind, Outcome
from alerting.silence.labels import SilenceLabel
from tests.stories.test_quiet_homes import pass_hours


def learnt(centre: Centre) -> list[SilenceLabel]:
    """What the home's silences have said so far."""
    return [it.label for it in centre.gateway.judge.memory_of(centre.home().household).hot.labels.latest]


async def test_the_outcome_of_a_silence_teaches_and_a_corrected_one_teaches_otherwise(centre: Centre) -> None:
    home = centre.home()
    await centre.move(home)
    await pass_hours(centre, home, 11)
    row = await centre.row_of(home)
    assert [alarm.kind for alarm in row.alarms] == [AlarmKind.INACTIVITY]
    await centre.claim(row)
    assert (await centre.close(row, Outcome.NOT_AT_HOME)).done
    assert learnt(centre) == [SilenceLabel.FALSE]
    await centre.close_gateway()
    await centre.open_gateway()
    assert learnt(centre) == [SilenceLabel.FALSE]
    assert (await centre.ask(Reopen(key=row.key, incident=row.incident, by="zuoxi1"))).done
    assert learnt(centre) == [], "nobody has said yet what it was"
    assert (await centre.close(row, Outcome.REAL)).done
    assert learnt(centre) == [SilenceLabel.NEEDED_HELP], "no limit becomes longer over it"


async def test_a_press_says_nothing_of_a_silence(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    await centre.spoke(row)
    assert (await centre.close(row, Outcome.WAS_WELL)).done
    assert learnt(centre) == []
