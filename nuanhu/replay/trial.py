"""The page's "what would this have done": the same windows through the same rules as ``nuanhu replay``, in a child."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date, timedelta, timezone
from multiprocessing.connection import Connection
from signal import SIG_IGN, SIGINT
from signal import signal as on_signal

from gateway.budget.trying import Found, Job, TrialDay, TrialHome
from gateway.store.engine import open_engine
from gateway.store.reads import Reads
from gateway.store.registry import load_registry
from gateway.writing.directory import Directory
from nuanhu.replay.what_if import Raised
from nuanhu.replay.windows import Both, both_over

NICE = 19
DAY = timedelta(days=1)


def put_through(pipe: Connection, store_url: str, job: Job) -> None:
    """Try a job on a store, in a process of its own; see ``gateway.budget.trying.Work``."""
    on_signal(SIGINT, SIG_IGN)  # Ctrl-C reaches the whole group; the gateway ends this one
    os.nice(NICE)
    engine = open_engine(store_url)
    try:
        known = Directory(load_registry(engine), {}).households
        homes = [known[key] for key in sorted(known)]
        steps = max(1, 2 * len(homes))
        policies = (job.present, job.other)
        both = both_over(homes, Reads(engine), policies, job.since, job.until, lambda n: pipe.send(n / steps))
        pipe.send(found_of(both, job))
    except BrokenPipeError:
        return  # whoever asked is gone
    finally:
        engine.dispose()


def found_of(both: Both, job: Job) -> Found:
    """What two policies came to, as the page shows it."""
    zone = timezone(timedelta(seconds=job.present.utc_offset_s))
    then, now = _by_day(both.then.alarms, zone), _by_day(both.now.alarms, zone)
    first = job.since.astimezone(zone).date()
    days = [first + n * DAY for n in range((job.until - job.since) // DAY)]
    silences = both.would.inactivity
    return Found(
        days=tuple(TrialDay(day, then[day], now[day]) for day in days),
        homes=tuple(TrialHome(it.home, it.then, it.now) for it in both.would.homes),
        both=silences.both,
        only_then=silences.only_then,
        only_now=silences.only_now,
        mean_shift_s=silences.mean_shift_s,
        limit_then_s=both.then.mean_limit_s,
        limit_now_s=both.now.mean_limit_s,
        windows=both.read,
    )


def _by_day(alarms: list[Raised], zone: timezone) -> Counter[date]:
    return Counter(it.at.astimezone(zone).date() for it in alarms)
