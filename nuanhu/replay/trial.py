"""The page's "what would this have done": the same windows through the same rules as ``nuanhu replay``, in a child."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from multiprocessing.connection import Connection
from signal import SIG_IGN, SIGINT
from signal import signal as on_signal

from alerting.casefile import Area, AreaLevel, Household, covers
from alerting.model import RiskTier
from gateway.budget.trying import Found, Job, Sum, TrialDay, TrialHome
from gateway.store.engine import reading_engine
from gateway.store.reads import Reads
from gateway.store.registry import load_registry
from gateway.writing.directory import Directory
from nuanhu.replay.what_if import Raised
from nuanhu.replay.windows import LEARNED_FROM, Both, both_over, mean_s

DAY = timedelta(days=1)
HOMES = 20
"""So many homes are named."""


def put_through(pipe: Connection, store_url: str, job: Job) -> None:
    """Try a job on a store, in a process of its own; see ``gateway.budget.trying.Work``."""
    on_signal(SIGINT, SIG_IGN)  # Ctrl-C reaches the whole group; the gateway ends this one
    engine = reading_engine(store_url)
    try:
        known = Directory(load_registry(engine), {})
        homes = [known.households[key] for key in sorted(known.households)]
        policies = (job.present, job.other)
        steps = max(1, len(homes))
        both = both_over(homes, Reads(engine), policies, job.since, job.until, lambda n: pipe.send(n / steps))
        pipe.send(found_of(both, job, homes, [*known.areas.values()]))
    except BrokenPipeError:
        return  # whoever asked is gone
    finally:
        engine.dispose()


def found_of(both: Both, job: Job, homes: Sequence[Household], areas: Sequence[Area]) -> Found:
    """What two policies came to, as the page shows it."""
    zone = timezone(timedelta(seconds=job.present.utc_offset_s))
    days = _days(both, job, zone)
    then, now = _by_day(both.then.alarms, zone), _by_day(both.now.alarms, zone)
    silences, seen = both.would.inactivity, [home for home in homes if home.key in both.then.waited]
    towns = sorted((it for it in areas if it.level is AreaLevel.TOWN), key=lambda it: it.key) or list(areas[:1])
    return Found(
        days=tuple(TrialDay(day, then[day], now[day]) for day in days),
        all=_sum(both, seen),
        tiers=tuple(_sum(both, [it for it in seen if it.tier is tier], tier.value) for tier in RiskTier),
        towns=tuple(
            _sum(both, [it for it in seen if covers(town.key, it.area)], town.key, town.name) for town in towns
        ),
        homes=_most_different(both),
        differ=len(both.would.homes),
        both=silences.both,
        only_then=silences.only_then,
        only_now=silences.only_now,
        mean_shift_s=silences.mean_shift_s,
        windows=both.read,
        learned_days=_learned_days(both, job),
        absent_then=both.then.absent,
        absent_now=both.now.absent,
    )


def _days(both: Both, job: Job, zone: timezone) -> list[date]:
    """The local days of which there are windows; not before the first of them."""
    first = job.since.astimezone(zone).date()
    days = [first + n * DAY for n in range((job.until - job.since) // DAY)]
    return [day for day in days if both.first is not None and day >= both.first.astimezone(zone).date()]


def _learned_days(both: Both, job: Job) -> int:
    if both.first is None:
        return 0
    return min(max(0, (job.since - both.first) // DAY), LEARNED_FROM // DAY)


def _sum(both: Both, homes: Sequence[Household], key: str = "", name: str = "") -> Sum:
    keys = {home.key for home in homes}
    return Sum(
        key=key,
        name=name,
        homes=len(keys),
        then=sum(it.key in keys for it in both.then.alarms),
        now=sum(it.key in keys for it in both.now.alarms),
        limit_then_s=mean_s([both.then.waited[home] for home in keys]),
        limit_now_s=mean_s([both.now.waited[home] for home in keys]),
    )


def _most_different(both: Both) -> tuple[TrialHome, ...]:
    """By how many alarms, then by how much longer or sooner a silence rings."""
    then, now = Counter(it.key for it in both.then.alarms), Counter(it.key for it in both.now.alarms)
    rows = [
        TrialHome(key, then[key], now[key], mean_s([both.then.waited[key]]), mean_s([both.now.waited[key]]))
        for key in both.then.waited
    ]
    rows = [it for it in rows if it.then != it.now or it.limit_then_s != it.limit_now_s]
    rows.sort(key=lambda it: (-abs(it.now - it.then), -abs(it.limit_now_s - it.limit_then_s), it.home))
    return tuple(rows[:HOMES])


def _by_day(alarms: Sequence[Raised], zone: timezone) -> Counter[date]:
    return Counter(local_day(it.at, zone) for it in alarms)


def local_day(at: datetime, zone: timezone) -> date:
    """The day of a moment on the clocks of the centre."""
    return at.astimezone(zone).date()
