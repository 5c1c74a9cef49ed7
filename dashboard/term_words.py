"""Words for the lines of the centre's terms, by group: what each is about, its unit, and what is wrong with it."""

from __future__ import annotations

from alerting.care.duty import WEEKLY
from alerting.equipment_terms import BOUNDS as OF_EQUIPMENT
from alerting.equipment_terms import MINUTE
from alerting.incidents.afterwards import BOUNDS as OF_FOLLOW_UP
from alerting.model import EscalationLevel, Outcome, Priority, RiskTier
from alerting.term_groups import GROUPS
from dashboard.care_words import KINDS_OF_WEEK
from dashboard.speech import Speech
from dashboard.value_words import THRESHOLDS
from dashboard.words import mark

TITLES: dict[str, str] = {
    "ladder": mark("When nobody takes it"),
    "floods": mark("Floods and chatter"),
    "equipment": mark("Equipment"),
    "follow_up": mark("Follow-up calls"),
    "care": mark("Visits and calls that are owed"),
    "goals": mark("Test presses and protected homes"),
}

ABOUT: dict[str, str] = {
    "ladder": mark(
        "The built-in plans of P1 and P2, for homes without a plan of their own. A change counts at once, also for "
        "incidents that climb: what is due by the new steps is due now. Whether neighbours are rung counts for alarms "
        "from then on."
    ),
    "floods": mark(
        "When many incidents are one cause, too much for the desk, or one device's fault. A person's call is never "
        "counted, folded or put off, whatever is set here. A change counts from the next event."
    ),
    "equipment": mark(
        "How often a class of device says something, after how long without a word it is silent, and what else is a "
        "fault. Check-ins count within moments, home by home, the other numbers when a home is next looked at; a "
        "device's own value stands in the registry."
    ),
    "follow_up": mark(
        "In how many days a home is telephoned after an incident, by outcome and priority; 0 is not at all. A change "
        "counts for what is closed from now on; when a call that is owed already is late, or an incident, at once."
    ),
    "care": mark(
        "How often visits and calls are owed by tier, 0 is not at all, and who hears when nobody makes them. "
        "A change counts within moments, home by home."
    ),
    "goals": mark("How often a home owes a test press, and how many homes should be protected."),
}
"""What a group is about, and from when a change of it counts."""

LEVELS = (EscalationLevel.RING, EscalationLevel.SUPERVISOR, EscalationLevel.DUTY, EscalationLevel.CHAIN)

LADDER: dict[str, str] = {
    "again_s": mark("Once at the top, everybody is called again after"),
    "accept_s": mark("An acceptance holds for"),
}

CHECK_INS: dict[str, str] = {"interval": mark("Late after"), "silent": mark("Silent after")}
ONCE_IN = mark("once in so many days")

CARE: dict[str, str] = {
    "due_hour": mark("On its last day a duty is due at this local hour"),
    "remind_days": mark("So many days before, the responsible person is reminded"),
    "deputy_days": mark("So many working days after it was due the deputy is asked"),
    "town_days": mark("So many working days after it was due the town is asked"),
    "supervisor_days": mark("So many working days after it was due it stands first with the supervisor"),
    "from_hour": mark("People are reminded from this local hour on"),
    "warning_days": mark("An early warning is to be answered within so many working days"),
    "accept_days": mark("A referral is to be accepted within so many working days"),
}

GOALS: dict[str, str] = {
    "test_every_days": mark("A home owes a test press every so many days"),
    "protected_goal": mark("Share of homes that should be protected"),
}

UNITS: dict[str, str] = {
    "s": mark("seconds"),
    "min": mark("minutes"),
    "h": mark("hours"),
    "days": mark("days"),
    "share": mark("as a part of 1"),
    "": "",
}
"""In what a number is typed."""


def unit_of(group: str, name: str) -> str:
    """In what a line is typed: a key of ``UNITS``."""
    first, _, which = name.partition(".")
    if group == "equipment" and which:
        return "min"
    if group in {"care", "follow_up"} and which:
        return "days"
    if first.endswith("_share") or first == "protected_goal":
        return "share"
    ends = first.rpartition("_")[2]
    return ends if ends in {"s", "h", "days"} and "_" in first else ""


def said_of(say: Speech, group: str, name: str) -> str:
    """What a line is about."""
    first, _, which = name.partition(".")
    if group == "ladder":
        return _of_ladder(say, first, which)
    if group == "floods":
        return say.gettext(THRESHOLDS[name])
    if group == "equipment":
        if first in OF_EQUIPMENT:
            return say.equipment_word(first)
        role = say.gettext(mark("every other device")) if first == "other" else say.device_role(first)
        return f"{role} · {say.gettext(CHECK_INS[which])}"
    if group == "follow_up":
        return (
            say.follow_up_term(first) if first in OF_FOLLOW_UP else f"{say.outcome(Outcome(first))} · {which.upper()}"
        )
    if group == "care" and first in set(WEEKLY):
        return f"{say.gettext(KINDS_OF_WEEK[first])} · {say.tier(RiskTier(which))} · {say.gettext(ONCE_IN)}"
    return say.gettext((CARE | GOALS)[name])


def _of_ladder(say: Speech, first: str, which: str) -> str:
    if first == "neighbours_from":
        return say.gettext(mark("Neighbours with a key are rung at once for P1 alone (1), or for P2 too (2)"))
    priority, what = Priority[first[:2].upper()], first[3:]
    if what == "steps_s":
        return f"{priority.name} · {say.escalation_level(LEVELS[int(which) - 1].value)}"
    return f"{priority.name} · {say.gettext(LADDER[what])}"


def measure(say: Speech, group: str, name: str, number: float) -> str:
    """A number as people say it."""
    unit = unit_of(group, name)
    if unit in {"s", "min"}:
        return say.exact(int(number) * (MINUTE if unit == "min" else 1))
    return f"{number * 100:g} %" if unit == "share" else f"{number:g}"


def flaw_of(say: Speech, group: str, flaw: str) -> tuple[str, str]:
    """The line that is wrong, and what is wrong with it."""
    word, name, *rest = flaw.split("|")
    if name not in {line.name for line in GROUPS[group].lines}:
        return name, name
    if word == "out_of_bounds":
        least, most = (measure(say, group, name, float(it)) for it in rest)
        return name, say.gettext(mark("between %(least)s and %(most)s"), least=least, most=most)
    if word == "must_be_more":
        return name, say.gettext(mark("must be more than “%(other)s”"), other=said_of(say, group, rest[0]))
    if word == "must_not_be_less":
        return name, say.gettext(mark("must not be less than “%(other)s”"), other=said_of(say, group, rest[0]))
    return name, say.gettext(mark("this is no number that can be set here"))
