"""The event loop on which everything runs: libuv's where it is to be had."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run to its end, as ``asyncio.run``."""
    if sys.platform == "win32":
        return asyncio.run(main)
    import uvloop  # noqa: PLC0415 - not on every system

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def spare_what_stays() -> None:
    """After a start: what is in memory now stays. The collector of garbage walks through it this last time.

    Later it would do so again and again, with everybody else standing still: a third of a second in a large city.
    """
    gc.collect()
    gc.freeze()
