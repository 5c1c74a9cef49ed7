"""The timer of a climb is one row of the store; an acceptance or a claim takes it along in its own transaction."""

from datetime import datetime

from centre import Centre
from on_duty import LAST, in_force, plan, step, village
from sqlalchemy import select

from alerting.events import PageAccepted, TimePassed
from alerting.incidents import lease
from alerting.model import EntryKind
from gateway.store import schema
from gateway.store.values import ms
from nuanhu.town.homes import Home


def timers(centre: Centre, key: str) -> list[int]:
    t = schema.due_timers.c
    with centre.gateway.store.engine.connect() as c:
        return list(c.scalars(select(t.due_ms).where(t.key == key)))


def journalled(centre: Centre, key: str, after: datetime) -> list[str]:
    """Kinds of the events of an aggregate."""
    j = schema.journal.c
    with centre.gateway.store.engine.connect() as c:
        statement = select(j.event).where(j.key == key, j.at_ms >= ms(after)).order_by(j.seq)
        bodies = [bytes(body).decode() for body in c.scalars(statement)]
    kinds = (TimePassed, PageAccepted)
    return [k.__name__ for body in bodies for k in kinds if f'"event":"{k.__struct_config__.tag}"' in body]


async def pressed(centre: Centre) -> Home:
    await in_force(centre, plan(step(30, "village"), LAST, accept_s=600))
    await centre.press(centre.home())
    return centre.home()


async def test_the_acceptance_moves_the_timer_and_the_old_one_never_fires(centre: Centre) -> None:
    home = await pressed(centre)
    row, began = await centre.row_of(home), centre.clock.now()
    assert timers(centre, row.key) == [ms(began) + 30_000], "one timer"
    await centre.gateway.desk.accept(row.incident, village(centre, home), "link")
    assert timers(centre, row.key) == [ms(began) + 600_000], "one timer: when the acceptance expires"
    await centre.pass_time(seconds=599)
    assert journalled(centre, row.key, began).count("TimePassed") == 0
    assert centre.paged_persons() == []


async def test_after_a_claim_no_timer_of_the_climb_is_left(centre: Centre) -> None:
    home = await pressed(centre)
    row, began = await centre.row_of(home), centre.clock.now()
    await centre.claim(row)
    claimed, values = (await centre.incident(row.incident)).incident, centre.gateway.policy.values
    assert timers(centre, row.key) == [lease.due_s(claimed, values) * 1000], "one timer: when the claim ends"
    await centre.pass_time(seconds=lease.step_s(claimed, values) - 1)
    assert journalled(centre, row.key, began) == []
    kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    assert kinds == [EntryKind.ALARM, EntryKind.CLAIMED]
