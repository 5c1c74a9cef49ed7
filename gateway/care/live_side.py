"""The whole of care on the Desk's side, of a running gateway: what is owed, referrals, photos."""

from __future__ import annotations

from gateway.care.live import LiveCare
from gateway.care.live_photos import LivePhotos
from gateway.care.live_referrals import LiveReferrals
from gateway.clock import Clock
from gateway.store.reads import Reads
from gateway.writing.writer import Writer


class LiveCareSide(LiveCare, LiveReferrals, LivePhotos):
    """See ``gateway.care.asked.Care`` for what each question means.

    Args:
        writer: Its judge knows what is in force; it writes photos.
        reads: Questions to the store.
        clock: Service time.
    """

    def __init__(self, writer: Writer, reads: Reads, clock: Clock) -> None:
        """Answer from these parts."""
        LiveCare.__init__(self, writer, reads, clock)
        LiveReferrals.__init__(self, writer, reads, clock)
        LivePhotos.__init__(self, writer, reads, clock)
