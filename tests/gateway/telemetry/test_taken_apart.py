"""A batch that the store refuses is taken apart, and later rows of a partition may be seen first: none is passed by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from followed import Followed
from recorded import Recorded

from alerting.model import Aggregate, partition_of
from device_adapters.signals import Motion
from gateway.store.batch import Batch
from gateway.telemetry.influx import Influx

HOME = "a-001"


@pytest.fixture
def recorded() -> Iterator[Recorded]:
    server = Recorded()
    yield server
    server.close()


def test_a_row_that_becomes_visible_behind_a_later_one_is_carried_too(followed: Followed, recorded: Recorded) -> None:
    stream = followed.stream(Influx(recorded.url, "centre", "nuanhu", "secret-token"))
    followed.until_carried(stream)
    parts = [row_of(followed, number) for number in (1, 2)]
    followed.order = 1
    followed.store.write(parts[1])
    followed.until_carried(stream)
    followed.store.write(parts[0])
    followed.order = 2
    followed.until(lambda: len(recorded.points) == 2, "both movements")


def row_of(followed: Followed, number: int) -> Batch:
    """A batch with one movement, with a sequence number of its own."""
    followed.hear(HOME, f"d{number}", Motion(state="detected", bridge="b1", arrived_at=followed.clock.now()))
    batch, followed._batch = followed._batch, Batch()
    assert [(it["partition"], it["seq"], it["aggregate"]) for it in batch.journal] == [
        (partition_of(HOME), number, Aggregate.HOUSEHOLD.value)
    ]
    return batch
