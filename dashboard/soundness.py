"""Whether all is well, people included: each thing that must be so for a press to be answered, and how it stands."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from alerting.duty.chain import CoverGap
from dashboard import remedy_words
from dashboard.speech import Speech
from dashboard.words import mark
from gateway.desk.vitals import Health, Kept, Machine

GOOD, MIND, BAD = "good", "mind", "bad"
LITTLE, LEAST = 0.1, 0.02
LITTLE_BYTES, LEAST_BYTES = 2_000_000_000, 300_000_000
"""A disk with less is soon full, or as good as full: then nothing is recorded."""
BACKUP_OLD_S = 26 * 3600
"""One is written each night."""
OLD_S = 2 * 3600 + 600
"""The snapshot is written each hour: one so old was missed twice."""
THOUSAND = 1000
SAID_HERE = frozenset({"no_cover", "heartbeat", "continuity_off", "continuity_failed", "backup_off", "backup_failed"})
"""Words of the gateway that have a line of their own here."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at.

    Attributes:
        name: What.
        how: ``good``, ``mind`` (somebody should know) or ``bad`` (an alarm may not be answered).
        text: How it stands.
        link: Where there is more; may be empty.
        remedy: What to do about it; empty where there is nothing to do.
    """

    name: str
    how: str
    text: str
    link: str = ""
    remedy: str = ""


class Seen(msgspec.Struct, frozen=True):
    """What the screens know beside the gateway.

    Attributes:
        attending: Operators whose console reports its sound running and its queue shown.
        here: Operators with a console connected.
        faults: Open faults of equipment.
    """

    attending: int
    here: int
    faults: int


def findings(health: Health, seen: Seen, say: Speech) -> list[Finding]:
    """Everything looked at, the worst first, else in the order in which an alarm passes."""
    found = [_attendance(seen, say), *_gateway(health, say), _cover(health, say), *_outside(health, say)]
    found += [_equipment(seen, say), *(_machine(health.machine, say) if health.machine is not None else ())]
    found = [_with_remedy(it, say) for it in found]
    return sorted(found, key=lambda it: (BAD, MIND, GOOD).index(it.how))


def headline(found: list[Finding], say: Speech) -> str:
    """What the page says above all: that all is well only when it is."""
    worst = found[0].how
    if worst == BAD:
        return say.gettext(mark("Not in order: an alarm may not be answered"))
    if worst == MIND:
        return say.gettext(mark("Alarms come through and are answered; some things need somebody"))
    return say.gettext(mark("All that was looked at is in order"))


def _attendance(seen: Seen, say: Speech) -> Finding:
    name = say.gettext(mark("Operators at their consoles"))
    if seen.attending:
        text = mark("%(n)s attending: sound running, queue shown")
        return Finding(name, GOOD, say.gettext(text, n=seen.attending))
    if seen.here:
        text = mark("%(n)s connected, none attending: nobody would hear an alarm")
        return Finding(name, BAD, say.gettext(text, n=seen.here), remedy=say.gettext(remedy_words.ATTEND))
    return Finding(name, BAD, say.gettext(mark("Nobody is at a console")), remedy=say.gettext(remedy_words.ATTEND))


def _gateway(health: Health, say: Speech) -> Iterator[Finding]:
    name = say.gettext(mark("Gateway"))
    loud = [word for word in health.loud if word not in SAID_HERE]
    for word in loud:
        yield Finding(name, BAD, say.wrong(word))
    for word in health.warnings:
        if word not in {*loud, *SAID_HERE}:
            yield Finding(name, MIND, say.warning(word))
    if not loud:
        yield Finding(name, GOOD, say.gettext(mark("Broker, store and writer work")))


def _cover(health: Health, say: Speech) -> Finding:
    name = say.gettext(mark("Who can be called now"))
    if not health.gaps:
        return Finding(name, GOOD, say.gettext(mark("Somebody at every hour of the next 24")), "/duty")
    fill = say.gettext(remedy_words.FILL)
    first: CoverGap = min(health.gaps, key=lambda gap: gap.since)
    if first.since <= health.now:
        text = say.gettext(mark("There are posts for which nobody can be called now"))
        return Finding(name, BAD, text, "/duty", remedy=fill)
    when = say.times.brief(first.since, health.now, seconds=False)
    return Finding(name, MIND, f"{say.warning('no_cover')} ({when})", "/duty", remedy=fill)


def _outside(health: Health, say: Speech) -> Iterator[Finding]:
    name = say.gettext(mark("Heartbeat to the outside"))
    if not health.canary.heartbeat:
        text = mark("Not set up: nobody outside would notice if this system stopped")
        yield Finding(name, MIND, say.gettext(text), remedy=say.gettext(remedy_words.HEARTBEAT))
    elif "heartbeat" in health.warnings:
        yield Finding(name, MIND, say.warning("heartbeat"))
    else:
        yield Finding(name, GOOD, say.gettext(mark("Taken outside")))
    name = say.gettext(mark("Continuity pack"))
    word = next((it for it in ("continuity_off", "continuity_failed") if it in health.warnings), "")
    yield Finding(name, MIND if word else GOOD, say.warning(word) if word else say.gettext(mark("Written")))
    yield _backup(health, say)


def _backup(health: Health, say: Speech) -> Finding:
    """The store's own copy of last night, as it lies there now."""
    name = say.gettext(mark("Back-up"))
    word = next((it for it in ("backup_off", "backup_failed") if it in health.warnings), "")
    newest = health.backup
    age = _age(newest, say) if newest is not None else say.gettext(mark("There is none yet"))
    if word:
        text = say.warning(word) if newest is None else f"{say.warning(word)} ({age})"
        return Finding(name, MIND, text, remedy=say.gettext(remedy_words.REMEDIES[word]))
    if newest is None or newest.age_s > BACKUP_OLD_S:
        return Finding(name, MIND, age, remedy=say.gettext(remedy_words.BACK_UP))
    return Finding(name, GOOD, age)


def _machine(machine: Machine, say: Speech) -> Iterator[Finding]:
    """Room on the disk, and how old what is kept outside of the store is."""
    share = machine.free_bytes / max(1, machine.total_bytes)
    text = say.gettext(
        mark("%(free)s free of %(total)s"), free=size(machine.free_bytes), total=size(machine.total_bytes)
    )
    how = GOOD
    if share < LITTLE or machine.free_bytes < LITTLE_BYTES:
        how = BAD if share < LEAST or machine.free_bytes < LEAST_BYTES else MIND
    yield Finding(
        say.gettext(mark("Room on the disk")), how, text, remedy="" if how == GOOD else say.gettext(remedy_words.DISK)
    )
    name = say.gettext(mark("Registry outside of the store"))
    kept = next((it for it in machine.kept if it.name == "snapshot"), None)
    if kept is None:
        yield Finding(name, MIND, say.gettext(mark("There is none yet")), remedy=say.gettext(remedy_words.SNAPSHOT))
        return
    age = _age(kept, say)
    old = kept.age_s > OLD_S
    yield Finding(name, MIND if old else GOOD, age, remedy=say.gettext(remedy_words.SNAPSHOT) if old else "")


def _age(kept: Kept, say: Speech) -> str:
    return say.gettext(
        mark("%(duration)s old, %(size)s"), duration=say.duration(kept.age_s), size=size(kept.size_bytes)
    )


def size(n_bytes: int) -> str:
    """Bytes in the unit that fits."""
    n = float(n_bytes)
    for unit in ("B", "KB", "MB", "GB"):
        if n < THOUSAND:
            return f"{n:.0f} {unit}" if unit in {"B", "KB"} else f"{n:.1f} {unit}"
        n /= THOUSAND
    return f"{n:.1f} TB"


def _with_remedy(it: Finding, say: Speech) -> Finding:
    """What to do about a word of the gateway, where the finding does not say it itself."""
    if it.how == GOOD or it.remedy:
        return it
    said = (text for word, text in remedy_words.REMEDIES.items() if it.text in {say.wrong(word), say.warning(word)})
    text = next(said, "")
    return msgspec.structs.replace(it, remedy=say.gettext(text) if text else "")


def _equipment(seen: Seen, say: Speech) -> Finding:
    name = say.gettext(mark("Equipment in the homes"))
    if seen.faults:
        return Finding(name, MIND, say.ngettext("%(num)s open fault", "%(num)s open faults", seen.faults), "/faults")
    return Finding(name, GOOD, say.gettext(mark("No open fault")), "/faults")
