"""A device that cannot stop is one incident with a count and a fault, on either store."""

from centre import Centre

from alerting.model import AlarmKind, EntryKind, FaultKind
from alerting.policy import Policy

BURST = Policy().floods.chatter_burst
REPORTS = 60


async def test_a_runaway_smoke_detector_is_one_incident_with_a_count(centre: Centre) -> None:
    home = centre.home()
    for _ in range(REPORTS):
        await centre.event(home, "panic", "smoke", state="active", settle=False)
    await centre.settled()
    row = await centre.row_of(home)
    assert row.alarm_count == REPORTS
    view = await centre.incident(row.incident)
    (counted,) = view.incident.folded
    assert (counted.kind, counted.count) == (AlarmKind.SMOKE, REPORTS - BURST)
    assert [entry.kind for entry in view.timeline].count(EntryKind.CHATTERS) == 1
    assert len(view.timeline) == BURST + 1, "hundreds of reports are no hundreds of lines"
    assert [fault.kind for fault in await centre.gateway.desk.faults()] == [FaultKind.CHATTERS]


async def test_it_still_rings_for_whoever_presses(centre: Centre) -> None:
    home = centre.home()
    for _ in range(BURST + 10):
        await centre.event(home, "panic", "smoke", state="active")
    row = await centre.row_of(home)
    await centre.claim(row)
    centre.rang.clear()
    await centre.event(home, "panic", "smoke", state="active")
    assert centre.rang == [], "counted"
    await centre.press(home)
    assert centre.rang == [row.incident]


async def test_after_a_restart_it_is_counted_on(centre: Centre) -> None:
    home = centre.home()
    for _ in range(BURST + 3):
        await centre.event(home, "panic", "smoke", state="active")
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.event(home, "panic", "smoke", state="active")
    view = await centre.incident((await centre.row_of(home)).incident)
    assert [it.count for it in view.incident.folded] == [4]


async def test_a_device_of_nobody_that_cannot_stop_is_counted_too(centre: Centre) -> None:
    home = centre.home()
    prefix = home.bridge.prefix
    for n in range(20):
        said = {"id": f"s{n}", "boot": "b", "seq": n, "kind": "smoke", "state": "active"}
        await centre.say(home.bridge.id, f"{prefix}/up/UNKNOWN/event", said, settle=False)
    await centre.settled()
    (row,) = await centre.queue()
    assert row.alarm_count == 20
    assert [it.count for it in (await centre.incident(row.incident)).incident.folded] == [20 - BURST]
