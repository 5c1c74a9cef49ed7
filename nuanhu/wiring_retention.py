"""What goes at night: what was kept long enough, and the people of households that have left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from alerting.policy import Policy
from gateway.clock import Clock
from gateway.erasures import Erasures
from gateway.retention import Piece, Retention
from gateway.settings import Settings
from gateway.store.checkpoints import daily_checkpoints
from gateway.store.erasing import PersonalRows
from gateway.store.expiry import old_records, old_signals
from gateway.store.home_photos import old_scenes
from gateway.store.values import ms
from gateway.store.visit_photos import old_photos
from gateway.telemetry.stream import SideStream
from gateway.writing.writer import Writer

if TYPE_CHECKING:
    from nuanhu.wiring import Store


def retention_of(
    settings: Settings,
    store: Store,
    clock: Clock,
    writer: Writer,
    side: SideStream | None,
    policy: Policy,
    today: Callable[[], date],
) -> Retention:
    """Deletes what has been kept long enough; never what the time-series store of the settings does not have."""
    engine = store.engine
    erasures = Erasures(PersonalRows(engine), writer, today)

    def find(signals_from: datetime, records_from: datetime) -> Iterator[Piece]:
        yield from daily_checkpoints(engine, ms(clock.now()), ms(signals_from))
        fed = side.safely_has() if side is not None else None
        yield from old_signals(engine, ms(signals_from), fed)
        yield from old_records(engine, ms(records_from), fed)
        photos_from_ms = ms(clock.now() - timedelta(days=settings.photo_days))
        yield from old_photos(engine, photos_from_ms)
        yield from old_scenes(engine, photos_from_ms)
        yield from erasures.pieces()

    return Retention(
        find,
        writer.inbox.put,
        lambda: len(writer.inbox) > 0,
        clock,
        hour=settings.expiry_hour,
        utc_offset_s=policy.utc_offset_s,
        signal_days=settings.signal_days,
        record_years=settings.record_years,
    )
