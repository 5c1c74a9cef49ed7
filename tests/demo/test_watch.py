"""What the demo's own console counts as shown: each press that rang, also in a home that rings already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from nuanhu.demo.watch import Watch
from nuanhu.town.ledger import Ledger, Press

BEFORE = datetime(2026, 3, 2, 1, tzinfo=UTC)
NOW = BEFORE + timedelta(hours=2)


def row(since: datetime, again: datetime | None = None) -> dict[str, Any]:
    ms = {"since_ms": since.timestamp() * 1000, "again_ms": again.timestamp() * 1000 if again else 0}
    return {"key": "H1", "kind": "panic", "state": "open", **ms}


def test_a_press_in_a_home_that_rings_already_is_shown_by_its_ringing_again() -> None:
    watch, ledger = Watch(cast("Any", None)), Ledger()
    ledger.presses.append(
        Press(
            household="H1",
            device="d",
            inner="d",
            bridge="b",
            make="nuanhu",
            kind="panic",
            cause="fell",
            at=NOW,
            monotonic_s=0,
        )
    )
    watch._see({"rows": [row(BEFORE)]})
    assert watch.shown(ledger) == 0, "that was the press before"
    watch._see({"row": row(BEFORE, NOW + timedelta(seconds=1))})
    assert watch.shown(ledger) == 1
