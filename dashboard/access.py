"""Who may see and do what: one table, and the rule that nobody sees beyond their own area."""

from __future__ import annotations

from enum import StrEnum

from alerting.casefile import Account, Role, covers


class Do(StrEnum):
    """One thing a screen lets people do."""

    CONSOLE = "console"
    """Watch the live queue and be rung."""
    ACT = "act"
    """Claim, call, dispatch, resolve, close, and open an incident by hand."""
    SHIFT = "shift"
    """Hand one's open incidents over at the end of a shift, and accept such a list."""
    AGREE = "agree"
    """Be the second person: agree, or not, to the closing of a P1 without contact."""
    INCIDENTS = "incidents"
    """Read any incident of one's area, open or closed."""
    CASE_FILES = "case_files"
    """Read the case files of one's area."""
    KEEP_CASES = "keep_cases"
    """Register homes of one's area and change their case files; see who has changed and who has read them."""
    DEVICES = "devices"
    """See the homes of one's area with the health of their devices, without the people's case files."""
    INSTALL = "install"
    """Install devices at the homes of one's area, test them and hand the homes over; assign unregistered devices."""
    STRANGERS = "strangers"
    """See which devices of one's area speak and are registered nowhere."""
    OWN_JOBS = "own_jobs"
    """See and answer the incidents one was sent to."""
    OVERVIEW = "overview"
    FIGURES = "figures"
    """See how well the service does in one's area, and the incidents behind each figure."""
    BLIND = "blind"
    """See which homes of one's area are not confirmed after an outage, with whom to telephone."""
    FOLLOW_UPS = "follow_ups"
    """See which homes of one's area are owed a follow-up call."""
    ABSENCES = "absences"
    """See who is away, and say so: in one's area, or of the homes one is responsible for."""
    CARE = "care"
    """See which visits and calls of one's area are owed, and record one."""
    ROUNDS = "rounds"
    """See and record the visits and calls of the homes one answers for."""
    DUTY = "duty"
    """See who is on duty, plans of escalation and gaps in cover."""
    SCRIPTS = "scripts"
    """Read the scripts of what to do about an incident, and try them out."""
    PLAN = "plan"
    """Change plans, roster and scripts, with the whole city in view."""
    ACCEPT = "accept"
    """Take care of an incident that climbs, as somebody who was called."""
    CALLS = "calls"
    """See who has telephoned the desk."""
    FAULTS = "faults"
    TEST = "test"
    """Start and end test mode of a device."""
    QUARANTINE = "quarantine"
    HEALTH = "health"
    ACCOUNTS = "accounts"
    AREAS = "areas"
    """Keep the tree of areas and their boundaries."""
    CHANNELS = "channels"
    """See how people outside are reached, and send a test."""
    EXCHANGE = "exchange"
    """Give other systems keys to the case files of one's area, and have news pushed to them."""
    DRILL = "drill"
    """Call everybody of one's area in a drill, and see who has answered."""
    BUDGET = "budget"
    """See the budget of false inactivity alarms, what came of it, and which homes spend most."""
    VALUES = "values"
    """Read the table of values."""


ALLOWED: dict[Role, frozenset[Do]] = {
    Role.OPERATOR: frozenset(
        {
            Do.CONSOLE,
            Do.ACT,
            Do.SHIFT,
            Do.AGREE,
            Do.INCIDENTS,
            Do.CASE_FILES,
            Do.CALLS,
            Do.OVERVIEW,
            Do.BLIND,
            Do.FOLLOW_UPS,
            Do.ABSENCES,
            Do.CARE,
            Do.DUTY,
            Do.SCRIPTS,
            Do.FAULTS,
            Do.STRANGERS,
            Do.TEST,
        }
    ),
    Role.RESPONDER: frozenset({Do.OWN_JOBS, Do.ROUNDS, Do.ABSENCES, Do.ACCEPT}),
    Role.INSTALLER: frozenset({Do.INSTALL, Do.STRANGERS, Do.DEVICES, Do.FAULTS, Do.TEST}),
    Role.SUPERVISOR: frozenset(
        {
            Do.AGREE,
            Do.INSTALL,
            Do.INCIDENTS,
            Do.CASE_FILES,
            Do.KEEP_CASES,
            Do.CALLS,
            Do.OVERVIEW,
            Do.FIGURES,
            Do.BLIND,
            Do.FOLLOW_UPS,
            Do.ABSENCES,
            Do.CARE,
            Do.DUTY,
            Do.SCRIPTS,
            Do.PLAN,
            Do.DRILL,
            Do.BUDGET,
            Do.ACCEPT,
            Do.FAULTS,
            Do.STRANGERS,
            Do.TEST,
        }
    ),
    Role.ADMINISTRATOR: frozenset(Do),
}

FIRST_PAGE: dict[Role, str] = {
    Role.OPERATOR: "/",
    Role.RESPONDER: "/jobs",
    Role.INSTALLER: "/installs",
    Role.SUPERVISOR: "/overview",
    Role.ADMINISTRATOR: "/",
}


def may(account: Account, do: Do) -> bool:
    """Whether the account's role allows it."""
    return do in ALLOWED[account.role]


def sees(account: Account, key: str) -> bool:
    """Whether the account may see what happens at the area key ``key``.

    A call for help from a device without a home has no area. It names nobody, and it must not depend on a
    city-wide account being signed in: everybody who answers calls hears it.
    """
    if not key:
        return not account.area or may(account, Do.ACT)
    return covers(account.area, key)
