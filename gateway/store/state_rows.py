"""The states of all aggregates as they are stored: read at the start, and what of them cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Engine, select

from alerting import flood_mode
from alerting.areas.area import AreaState
from alerting.budget.city import CITY, City
from alerting.care.duty import CareState
from alerting.commands import DESK
from alerting.desk_session import DeskState
from alerting.homes.state import HouseholdState, Memory
from alerting.incidents.incident import number_of
from alerting.model import Aggregate, Incident, IncidentState
from alerting.silence.rhythm import Rhythm
from alerting.stray import StrayState
from gateway.cabinet import Cabinet
from gateway.caring import KINDS, Caring, Kept, kind_of
from gateway.memories import Memories
from gateway.store import schema

S = TypeVar("S")

_incident = msgspec.json.Decoder(Incident)
_household = msgspec.json.Decoder(HouseholdState)
_area = msgspec.json.Decoder(AreaState)
_stray = msgspec.json.Decoder(StrayState)
_desk = msgspec.json.Decoder(DeskState)
_kept: dict[type[Kept], msgspec.json.Decoder[Any]] = {it: msgspec.json.Decoder(it) for it in KINDS}
_city = msgspec.json.Decoder(City)
_rhythm = msgspec.json.Decoder(Rhythm)
_CLOSED = IncidentState.CLOSED.value


class Unreadable(msgspec.Struct, frozen=True):
    """A state that could not be read: why, and its bytes."""

    reason: str
    body: bytes


def incident_in(body: bytes) -> Incident | None:
    """The incident of a row; None when it cannot be read."""
    try:
        return _incident.decode(body)
    except msgspec.MsgspecError:
        return None


class StateReads:
    """Questions about states to one store.

    A state that cannot be read keeps nobody from starting: it begins anew with what can be made of the rest, and is
    kept in ``unreadable``, by aggregate and key, until the next start.
    """

    _engine: Engine

    def __init__(self, engine: Engine) -> None:
        """Ask through this engine."""
        super().__init__(engine)  # type: ignore[call-arg]
        self.unreadable: dict[tuple[str, str], Unreadable] = {}

    def memory(self, key: str) -> Memory | None:
        """Hot and learned state of a household, as committed."""
        h, le = schema.hot_state.c, schema.learned_state.c
        mine = Aggregate.HOUSEHOLD.value
        with self._engine.connect() as c:
            hot = c.execute(select(h.body).where(h.aggregate == mine, h.key == key)).scalar()
            rhythm = c.execute(select(le.body).where(le.aggregate == mine, le.key == key)).scalar()
        if hot is None:
            return None
        return Memory(_household.decode(hot), _rhythm.decode(rhythm) if rhythm else Rhythm())

    def memories(self) -> tuple[Memories, dict[str, StrayState], dict[str, AreaState]]:
        """All current states, for start-up: households, devices without a home, areas.

        One that cannot be read begins anew with its open incident.
        """
        self.unreadable.clear()
        h, le = schema.hot_state.c, schema.learned_state.c
        with self._engine.connect() as c:
            learned = {
                k: it for k, b in c.execute(select(le.key, le.body)) if (it := self._readable("", k, b, _rhythm))
            }
            homes = Memories()
            strays: dict[str, StrayState] = {}
            areas: dict[str, AreaState] = {}
            for aggregate, key, body in c.execute(select(h.aggregate, h.key, h.body)):
                if aggregate == Aggregate.HOUSEHOLD.value:
                    hot = self._readable(aggregate, key, body, _household)
                    hot = hot or HouseholdState(key=key, **self._left(key))
                    homes[hot.key] = Memory(hot, learned.get(key, Rhythm()))
                elif aggregate == Aggregate.DEVICE.value:
                    stray = self._readable(aggregate, key, body, _stray)
                    strays[key] = stray or StrayState(key=key, **self._left(key))
                elif aggregate == Aggregate.AREA.value:
                    area = self._readable(aggregate, key, body, _area)
                    areas[key] = area or AreaState(key=key, **self._left(key))
        return homes, strays, areas

    def caring(self) -> Caring:
        """What is owed to households, whose it is to do, who has which job, and drills. Unreadable, it begins anew."""
        h, kept = schema.hot_state.c, Caring(owed=Cabinet(CareState))
        mine = (Aggregate.CARE.value, Aggregate.RESPONDER.value, Aggregate.DRILL.value)
        with self._engine.connect() as c:
            for aggregate, key, body in c.execute(select(h.aggregate, h.key, h.body).where(h.aggregate.in_(mine))):
                if (it := self._readable(aggregate, key, body, _kept[kind_of(key)])) is not None:
                    kept.put(key, it)
        return kept

    def state_of(self, aggregate: Aggregate, key: str) -> Memory | StrayState | AreaState | None:
        """The state of a household, a device without a home or an area, as committed; None when it cannot be had."""
        h = schema.hot_state.c
        try:
            if aggregate is Aggregate.HOUSEHOLD:
                return self.memory(key)
            with self._engine.connect() as c:
                body = c.execute(select(h.body).where(h.aggregate == aggregate.value, h.key == key)).scalar()
            if body is None:
                return None
            return _area.decode(body) if aggregate is Aggregate.AREA else _stray.decode(body)
        except msgspec.MsgspecError:
            return None

    def desk(self) -> DeskState:
        """The desk session, for start-up. Anew it knows what has begun lately; who is here is heard soon."""
        body = self._one_of(Aggregate.DESK)
        if not body:
            return DeskState()
        known = self._readable(Aggregate.DESK.value, DESK, body, _desk)
        return known or DeskState(inflow=flood_mode.rebuilt(self._opened_s()))

    def city(self) -> City:
        """The city, for start-up. Anew its prices are found in the count of the homes that follows."""
        body = self._one_of(Aggregate.CITY)
        return (self._readable(Aggregate.CITY.value, CITY, body, _city) if body else None) or City()

    def _readable(self, aggregate: str, key: str, body: bytes, decoder: msgspec.json.Decoder[S]) -> S | None:
        try:
            return decoder.decode(body)
        except msgspec.MsgspecError as why:
            reason = f"{type(why).__name__}: {why}"
            self.unreadable[aggregate or Aggregate.HOUSEHOLD.value, key] = Unreadable(reason, bytes(body))
            return None

    def _left(self, key: str) -> dict[str, Any]:
        """What the table of incidents still has of an aggregate: the open one, and the highest number."""
        t = schema.incident.c
        with self._engine.connect() as c:
            rows = c.execute(select(t.id, t.state, t.body).where(t.key == key)).all()
        running = [it for _, state, body in rows if state != _CLOSED and (it := incident_in(body)) is not None]
        return {
            "open": running[-1] if running else None,
            "incidents": max((number_of(id_) for id_, _, _ in rows), default=0),
        }

    def _opened_s(self) -> Sequence[int]:
        """When the incidents of the table were opened, the latest few, UTC epoch seconds."""
        t = schema.incident.c
        latest = select(t.opened_ms).order_by(t.opened_ms.desc()).limit(MOST_COUNTED)
        with self._engine.connect() as c:
            return [int(opened_ms) // 1000 for opened_ms in c.scalars(latest)]

    def _one_of(self, aggregate: Aggregate) -> bytes | None:
        h = schema.hot_state.c
        with self._engine.connect() as c:
            body: bytes | None = c.execute(select(h.body).where(h.aggregate == aggregate.value)).scalar()
        return body


MOST_COUNTED = 2000
"""More new incidents than this make no flood worse."""
