"""A button is never silenced: however often it is pressed, every press rings and stands in the timeline."""

from centre import Centre

from alerting.model import EntryKind, FaultKind

PRESSES = 60


async def test_a_runaway_button_is_never_silenced(centre: Centre) -> None:
    home = centre.home()
    for _ in range(PRESSES):
        await centre.press(home, settle=False)
    await centre.settled()
    row = await centre.row_of(home)
    view = await centre.incident(row.incident)
    presses = [e for e in view.timeline if e.kind in {EntryKind.ALARM, EntryKind.PRESSED_AGAIN}]
    assert len(presses) == row.alarm_count == PRESSES
    assert view.incident.folded == ()
    assert FaultKind.CHATTERS not in [fault.kind for fault in await centre.gateway.desk.faults()]


async def test_each_press_rings_the_consoles_again(centre: Centre) -> None:
    home = centre.home()
    for nth in range(20):
        await centre.press(home)
        assert len(centre.rang) == nth + 1
