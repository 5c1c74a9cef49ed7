"""Referrals, as rows and as questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, Engine, Select, and_, case, func, or_, select
from sqlalchemy import Row as Found

from alerting.care.decided import ReferralNoted
from alerting.care.duty import CareKind, CareStage, home_of
from alerting.care.referral import OPEN, OVER, Rating, ReferralAct, ReferralResult, ReferralState
from gateway.care.referrals_asked import ReferralCount, ReferralRow, ReferralStep
from gateway.store import schema
from gateway.store.bulk import Row, insert_rows, upsert_rows
from gateway.store.care_tables import care_duty, referral, referral_step
from gateway.store.keys import in_area
from gateway.store.values import ms, when

if TYPE_CHECKING:
    from gateway.store.batch import Batch
    from gateway.store.decision_rows import Place

CHANGES = (
    *("org", "person", "owner", "offered", "state", "due_ms", "days", "accepted_ms", "answered_ms", "result"),
    *("rating", "returned", "closed_ms"),
)
AT_ONCE = 200


def note(batch: Batch, place: Place, it: ReferralNoted) -> None:
    """A referral as it stands now, and a line of its history."""
    home, of = home_of(place.key), it.referral
    row: Row = {"household": home, "number": of.number, "org": of.org, "person": of.person, "owner": of.owner}
    row |= {"offered": of.offered, "state": of.state.value, "source": of.source, "days": of.days}
    row |= {"sent_ms": of.sent_s * 1000, "due_ms": of.due_s * 1000, "returned": of.returned}
    row |= {"accepted_ms": of.accepted_s * 1000 or None, "answered_ms": of.answered_s * 1000 or None}
    row |= {"result": of.result.value if of.result else "", "rating": of.rating.value if of.rating else ""}
    batch.referrals[home, of.number] = row | {"closed_ms": place.at_ms if of.state in OVER else None}
    said = {ReferralAct.RATED: of.rating, ReferralAct.RETURNED: of.rating}.get(it.act, of.result)
    step: Row = {**place.row, "household": home, "number": of.number, "at_ms": place.at_ms, "act": it.act.value}
    step |= {"login": it.by, "person": it.person, "org": of.org, "how": it.how, "note": it.text}
    batch.referral_steps.append(step | {"result": said.value if said else ""})


def write(c: Connection, batch: Batch) -> None:
    """Write what a batch has of them."""
    upsert_rows(c, referral, list(batch.referrals.values()), CHANGES)
    insert_rows(c, referral_step, batch.referral_steps)


class ReferralReads:
    """Questions about them to one store, from any thread."""

    _engine: Engine

    def referrals_open(self, area: str, limit: int) -> list[ReferralRow]:
        """Those that are not over: what is owed first, by how far it has climbed and when it is due."""
        r, d = referral.c, care_duty.c
        order = (func.coalesce(d.stage, 0).desc(), func.coalesce(d.due_ms, r.due_ms), r.household, r.number)
        return self._referrals(_in(_with_duty().where(r.closed_ms.is_(None)).order_by(*order), area).limit(limit))

    def referrals_over(self, area: str, since: datetime, limit: int) -> list[ReferralRow]:
        """Those that were over since then, the latest first."""
        r = referral.c
        statement = _with_duty().where(r.closed_ms >= ms(since)).order_by(r.closed_ms.desc(), r.household, r.number)
        return self._referrals(_in(statement, area).limit(limit))

    def referrals_of(self, homes: Collection[str], *, all_of_them: bool) -> list[ReferralRow]:
        """Of these homes, the latest first; those that are not over, or all."""
        r = referral.c
        statement = _with_duty().where(r.household.in_(homes)).order_by(r.sent_ms.desc(), r.number.desc())
        if not all_of_them:
            statement = statement.where(r.closed_ms.is_(None))
        return self._referrals(statement) if homes else []

    def referrals_with(self, persons: Collection[str], orgs: Collection[str], limit: int) -> list[ReferralRow]:
        """Those not over that concern one of these persons, or were sent to one of these organisations."""
        r = referral.c
        theirs = or_(*(column.in_(persons) for column in (r.owner, r.offered, r.person)), r.org.in_(orgs))
        statement = _with_duty().where(r.closed_ms.is_(None), theirs).order_by(r.due_ms, r.household, r.number)
        return self._referrals(statement.limit(limit)) if persons or orgs else []

    def referral(self, home: str, number: int) -> ReferralRow | None:
        """One of them."""
        r = referral.c
        found = self._referrals(_with_duty().where(r.household == home, r.number == number))
        return found[0] if found else None

    def referral_counts(self, area: str, since: datetime, until: datetime, now: datetime) -> list[ReferralCount]:
        """By village and organisation, those that were sent between two moments and not taken back."""
        r, h = referral.c, schema.household.c

        def counted(*conditions: Any) -> Any:
            return func.sum(case((and_(*conditions), 1), else_=0))

        is_open = r.state.in_([it.value for it in OPEN])
        sums = (
            func.count(),
            counted(is_open),
            counted(is_open, r.due_ms < ms(now)),
            counted(r.answered_ms.is_not(None)),
            counted(r.answered_ms <= r.due_ms),
            func.sum(r.returned),
            counted(r.rating != ""),
            counted(r.rating == Rating.CONTENT.value),
            counted(r.rating == Rating.FAIRLY.value),
        )
        statement = (
            select(h.area, r.org, *sums)
            .select_from(referral.join(schema.household, h.key == r.household))
            .where(r.sent_ms >= ms(since), r.sent_ms < ms(until), r.state != ReferralState.TAKEN_BACK.value)
            .group_by(h.area, r.org)
        )
        if area:
            statement = statement.where(in_area(h.area, area))
        with self._engine.connect() as c:
            rows = c.execute(statement).all()
        names = ReferralCount.__struct_fields__[2:]
        return [
            ReferralCount(area=village, org=org, **dict(zip(names, map(int, numbers), strict=True)))
            for village, org, *numbers in rows
        ]

    def _referrals(self, statement: Select[Any]) -> list[ReferralRow]:
        with self._engine.connect() as c:
            found = [_row(it) for it in c.execute(statement).all()]
            steps: dict[tuple[str, int], list[ReferralStep]] = defaultdict(list)
            homes = sorted({it.home for it in found})
            for first in range(0, len(homes), AT_ONCE):
                s = referral_step.c
                some = select(referral_step).where(s.household.in_(homes[first : first + AT_ONCE]))
                for row in c.execute(some.order_by(s.seq, s.n)).all():
                    steps[row.household, row.number].append(_step(row))
        return [msgspec.structs.replace(it, steps=tuple(steps[it.home, it.number])) for it in found]


def _with_duty() -> Select[Any]:
    r, d, h = referral.c, care_duty.c, schema.household
    same = and_(d.household == r.household, d.number == r.number, d.kind == CareKind.REFERRAL.value)
    joined = referral.outerjoin(care_duty, and_(same, d.ended_ms.is_(None))).join(h, h.c.key == r.household)
    return select(referral, d.stage.label("stage"), d.due_ms.label("next_ms")).select_from(joined)


def _in(statement: Select[Any], area: str) -> Select[Any]:
    return statement.where(in_area(schema.household.c.area, area)) if area else statement


def _row(it: Found[Any]) -> ReferralRow:
    return ReferralRow(
        home=it.household,
        number=it.number,
        org=it.org,
        state=ReferralState(it.state),
        sent_at=when(it.sent_ms),
        due_at=when(it.due_ms),
        days=it.days,
        person=it.person,
        owner=it.owner,
        offered=it.offered,
        source=it.source,
        accepted_at=when(it.accepted_ms) if it.accepted_ms else None,
        answered_at=when(it.answered_ms) if it.answered_ms else None,
        result=ReferralResult(it.result) if it.result else None,
        rating=Rating(it.rating) if it.rating else None,
        returned=it.returned,
        closed_at=when(it.closed_ms) if it.closed_ms else None,
        stage=CareStage(it.stage) if it.stage else None,
        next_due_at=when(it.next_ms) if it.next_ms else None,
    )


def _step(it: Found[Any]) -> ReferralStep:
    return ReferralStep(
        home=it.household,
        number=it.number,
        at=when(it.at_ms),
        act=ReferralAct(it.act),
        by=it.login,
        person=it.person,
        org=it.org,
        how=it.how,
        result=it.result,
        text=it.note,
    )
