"""Whether all is well, people included: each thing that must be so for a press to be answered, and how it stands."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from alerting.duty.chain import CoverGap
from dashboard.speech import Speech
from dashboard.words import mark
from gateway.desk.vitals import Health

GOOD, MIND, BAD = "good", "mind", "bad"
SAID_HERE = frozenset({"no_cover", "heartbeat", "continuity_off", "continuity_failed"})
"""Words of the gateway that have a line of their own here."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at.

    Attributes:
        name: What.
        how: ``good``, ``mind`` (somebody should know) or ``bad`` (an alarm may not be answered).
        text: How it stands.
        link: Where there is more; may be empty.
    """

    name: str
    how: str
    text: str
    link: str = ""


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
    found.append(_equipment(seen, say))
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
        return Finding(name, BAD, say.gettext(text, n=seen.here))
    return Finding(name, BAD, say.gettext(mark("Nobody is at a console")))


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
    first: CoverGap = min(health.gaps, key=lambda gap: gap.since)
    if first.since <= health.now:
        return Finding(name, BAD, say.gettext(mark("There are posts for which nobody can be called now")), "/duty")
    when = say.times.brief(first.since, health.now, seconds=False)
    return Finding(name, MIND, f"{say.warning('no_cover')} ({when})", "/duty")


def _outside(health: Health, say: Speech) -> Iterator[Finding]:
    name = say.gettext(mark("Heartbeat to the outside"))
    if not health.canary.heartbeat:
        yield Finding(name, MIND, say.gettext(mark("Not set up: nobody outside would notice if this system stopped")))
    elif "heartbeat" in health.warnings:
        yield Finding(name, MIND, say.warning("heartbeat"))
    else:
        yield Finding(name, GOOD, say.gettext(mark("Taken outside")))
    name = say.gettext(mark("Continuity pack"))
    word = next((it for it in ("continuity_off", "continuity_failed") if it in health.warnings), "")
    yield Finding(name, MIND if word else GOOD, say.warning(word) if word else say.gettext(mark("Written")))
    text = mark("This system makes none by itself: see to it that the store is backed up")
    yield Finding(say.gettext(mark("Back-up")), MIND, say.gettext(text))


def _equipment(seen: Seen, say: Speech) -> Finding:
    name = say.gettext(mark("Equipment in the homes"))
    if seen.faults:
        return Finding(name, MIND, say.ngettext("%(num)s open fault", "%(num)s open faults", seen.faults), "/faults")
    return Finding(name, GOOD, say.gettext(mark("No open fault")), "/faults")
