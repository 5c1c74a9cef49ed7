"""Incidents with their timelines, and whose consoles were here: what figures are counted from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Engine, select

from alerting.commands import DESK
from alerting.events import AnyEvent, ConsolesHeard
from alerting.model import Aggregate, Entry, Incident, partition_of
from gateway.store import schema
from gateway.store.keys import in_area
from gateway.store.state_rows import incident_in
from gateway.store.values import ms, when

LONGEST_AT_A_CONSOLE = timedelta(days=2)
"""Whoever sat down before that is not looked for."""

_entry = msgspec.json.Decoder(Entry)
_event = msgspec.json.Decoder(AnyEvent)


class CourseReads:
    """Questions about them to one store, from any thread."""

    _engine: Engine

    def with_timelines(self, area: str, since: datetime, until: datetime) -> list[tuple[Incident, str, list[Entry]]]:
        """Incidents of an area's homes that were opened between two moments, the first first, with area and timeline.

        For the whole city also those without a home, with an empty area.
        """
        i, h, t = schema.incident.c, schema.household, schema.timeline.c
        asked = select(i.body, h.c.area).select_from(schema.incident.outerjoin(h, h.c.key == i.key))
        asked = asked.where(i.opened_ms >= ms(since), i.opened_ms < ms(until)).order_by(i.opened_ms)
        if area:
            asked = asked.where(in_area(h.c.area, area))
        with self._engine.connect() as c:
            found = [(incident_in(body), its_area or "") for body, its_area in c.execute(asked)]
            mine = [(it, its_area) for it, its_area in found if it is not None]
            lines: dict[str, list[Entry]] = {it.id: [] for it, _ in mine}
            told = asked.with_only_columns(t.incident, t.body).join(schema.timeline, t.incident == i.id)
            for id_, body in c.execute(told.order_by(None).order_by(t.at_ms, t.seq, t.n)):
                if id_ in lines:
                    lines[id_].append(_entry.decode(body))
        return [(it, its_area, lines[it.id]) for it, its_area in mine]

    def consoles_heard(self, since: datetime, until: datetime) -> list[tuple[datetime, ConsolesHeard]]:
        """Whose consoles came and went, the first first, from two days before the first moment on."""
        j = schema.journal.c
        asked = select(j.at_ms, j.event).where(
            j.partition == partition_of(DESK),
            j.aggregate == Aggregate.DESK.value,
            j.at_ms >= ms(since - LONGEST_AT_A_CONSOLE),
            j.at_ms < ms(until),
        )
        with self._engine.connect() as c:
            rows = c.execute(asked.order_by(j.seq)).all()
        return list(_consoles(rows))


def _consoles(rows: Iterable[Any]) -> Iterator[tuple[datetime, ConsolesHeard]]:
    for at_ms, body in rows:
        event = _event.decode(body)
        if isinstance(event, ConsolesHeard):
            yield when(at_ms), event
