"""What the auditor finds, in plain sentences: what is wrong, about which incident, and what to do."""

from __future__ import annotations

from alerting.audit import Check
from dashboard.speech import Speech
from dashboard.words import mark

TITLES: dict[str, str] = {
    Check.NEXT_STEP: mark("An incident has no next step"),
    Check.TURN: mark("A timer does not get its turn"),
    Check.SENDER: mark("A page has no sender"),
    Check.CONSOLE: mark("A console is not to be relied on"),
    Check.SHOWN: mark("An incident is not on the consoles"),
    Check.MEMORY: mark("Memory and store differ"),
}

WRONG: dict[str, str] = {
    "no_timer": mark("No timer is set for %(it)s: nobody would have been called when it was due."),
    "timer_too_late": mark("The timer of %(it)s is later than its next step."),
    "nothing_due": mark("Nobody has %(it)s, and nothing is due for it."),
    "overdue": mark("The timer of %(it)s is overdue and was not taken."),
    "not_queued": mark("The writer did not have the timer of %(it)s in its list."),
    "not_stored": mark("The timer of %(it)s was in memory alone: a restart would have lost it."),
    "no_sender": mark("The page to %(about)s about %(it)s was waiting and nobody was sending it."),
    "sender_dead": mark("The program that sends pages had ended: nobody would have been called."),
    "no_sound": mark("The console of %(about)s was attended and its sound does not run any more."),
    "no_socket": mark("The console of %(about)s counts as here, but it is not connected."),
    "not_shown": mark("%(it)s is open, but it was not among what the consoles are shown."),
    "not_ringing": mark("%(it)s rings, but the consoles were not shown that it does."),
    "not_in_memory": mark("%(it)s is open in the store, but not in memory."),
    "not_in_store": mark("%(it)s is open in memory, but not in the store."),
    "differs": mark("%(it)s stands otherwise in memory than in the store."),
    "unreadable": mark("The row of %(it)s in the store cannot be read."),
}
"""How each proof fails."""

TO_DO: dict[str, str] = {
    Check.NEXT_STEP: mark(
        "It was set again by itself. Open that incident now and take it; tell the engineer if this comes again."
    ),
    Check.TURN: mark("It was set again by itself. Look whether an incident there waits; tell the engineer."),
    Check.SENDER: mark(
        "It was handed over again. Telephone whoever was to be called; tell the engineer if this comes again."
    ),
    Check.CONSOLE: mark("Go there or telephone: click into the page so that it sounds, or sign in at another console."),
    Check.SHOWN: mark("It was shown again. Open it now; reload the page of every console."),
    Check.MEMORY: mark("Open that incident and take it by hand. The gateway must be restarted: tell the engineer now."),
}


def parts(detail: str) -> tuple[str, str, str, str]:
    """Check, word, what it is about, and whom, of an alarm's detail."""
    check, word, it, about = (*detail.split("|"), "", "", "", "")[:4]
    return check, word, it, about


def title(check: str, say: Speech) -> str:
    """The check that failed."""
    return say.gettext(TITLES[check]) if check in TITLES else check


def said(detail: str, say: Speech) -> str:
    """What is wrong, in one sentence."""
    _, word, it, about = parts(detail)
    return say.gettext(WRONG[word], it=it, about=about) if word in WRONG else detail


def to_do(detail: str, say: Speech) -> str:
    """What to do about it."""
    check = parts(detail)[0]
    return say.gettext(TO_DO[check]) if check in TO_DO else ""
