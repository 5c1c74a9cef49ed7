"""What an operator has learnt of a home is there for whoever comes next, and is struck out, never deleted."""

from centre import Centre

from alerting.commands import Close, KeepNote, StrikeNote
from alerting.model import Outcome

HARD_OF_HEARING = "按两次门铃，耳背"


async def closed_with_a_note(centre: Centre) -> str:
    """A press that is closed with a note; returns the incident."""
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    await centre.spoke(row)
    ask = Close(key=row.key, incident=row.incident, by="zuoxi1", outcome=Outcome.WAS_WELL, case_note=HARD_OF_HEARING)
    assert (await centre.ask(ask)).done
    return row.incident


async def test_the_next_incident_of_the_home_shows_it(centre: Centre) -> None:
    first = await closed_with_a_note(centre)
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.press(centre.home())
    view = await centre.incident((await centre.row_of(centre.home())).incident)
    assert view.home is not None
    (note,) = view.home.notes
    assert (note.text, note.by, note.incident) == (HARD_OF_HEARING, "zuoxi1", first)


async def test_struck_out_it_stays_with_who_and_when(centre: Centre) -> None:
    await closed_with_a_note(centre)
    key = centre.home().household
    assert (await centre.ask(KeepNote(key=key, by="zuoxi2", text="钥匙在邻居处"))).done
    assert (await centre.ask(StrikeNote(key=key, by="zuoxi2", number=1))).done
    struck_at = centre.clock.now()
    await centre.pass_time(minutes=5)
    assert (await centre.ask(StrikeNote(key=key, by="zuoxi1", number=1))).done
    later, first = await centre.gateway.desk.case_notes(key)
    assert (later.number, later.struck_at) == (2, None)
    assert (first.text, first.struck_by, first.struck_at) == (HARD_OF_HEARING, "zuoxi2", struck_at)
    assert (await centre.ask(StrikeNote(key=key, by="zuoxi1", number=9))).refused == "no_note"
