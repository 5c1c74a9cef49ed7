"""Joins the side stream to a time-series store."""

from __future__ import annotations

from concurrent.futures import Future

from gateway.clock import Clock
from gateway.settings import Settings
from gateway.store.tail import JournalTail
from gateway.telemetry.cursor import CursorMoved
from gateway.telemetry.influx import Influx
from gateway.telemetry.stream import SideStream
from gateway.writing.directory import Directory
from gateway.writing.writer import Writer


def side_stream(
    settings: Settings, tail: JournalTail, writer: Writer, directory: Directory, clock: Clock
) -> SideStream | None:
    """Carries what was heard to the time-series store of the settings; None when none is set up."""
    if not settings.influx_url:
        return None
    token = settings.influx_token.get_secret_value()
    target = Influx(settings.influx_url, settings.influx_org, settings.influx_bucket, token)

    def keep(name: str, upto: dict[int, int]) -> Future[None]:
        done: Future[None] = Future()
        writer.inbox.put(CursorMoved(name, upto, done))
        return done

    def room_of(device_id: str) -> str:
        device = directory.devices.get(device_id)
        return device.room if device is not None else ""

    return SideStream(tail, target, keep, clock, room_of, lambda: writer.order)
