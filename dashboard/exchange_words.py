"""Words of the page of other systems. English here, Chinese in the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.words import mark
from gateway.exchange.events import News

if TYPE_CHECKING:
    from dashboard.speech import Speech

NEWS: dict[str, str] = {
    News.REGISTERED: mark("a home is registered"),
    News.CHANGED: mark("a case file is changed"),
    News.LEFT: mark("a home leaves the area"),
    News.OPENED: mark("an incident opens"),
    News.CLOSED: mark("an incident is closed"),
    News.REOPENED: mark("an incident is taken up again"),
    News.REFERRED: mark("a need is sent to an organisation"),
    News.ANSWERED: mark("a referral is answered"),
}
"""Kinds of news."""

WHY_NOT: dict[str, str] = {
    "no_connection": mark("nobody takes the connection"),
    "no_answer": mark("no answer in time"),
    "address": mark("its address must not be spoken to: it is not public, and not among push_networks"),
    "secret": mark("its secret cannot be opened on this machine"),
    "store": mark("the store cannot be read"),
    "failed": mark("a fault of ours: see the log"),
    "no_target": mark("there is no such target"),
    "platform_left": mark("its key was revoked"),
}
"""Why something was not pushed."""

REFUSALS: dict[str, str] = {
    "bad_peer": mark("This form was sent already: look at what is there."),
    "no_peer": mark("There is no such system."),
    "no_target": mark("There is no such target."),
    "bad_title": mark("Give a name, of at most 60 characters."),
    "bad_url": mark("An address as in https://host/path, without a password in it."),
    "open_url": mark("Only https, or a plain address inside the networks that push_networks names."),
    "too_many_targets": mark("There are 16 targets already: end one first."),
}


def why_not(say: Speech, word: str) -> str:
    """Why something was not pushed."""
    if word.isdigit():
        return say.gettext(mark("it answered HTTP %(status)s"), status=word)
    return say.gettext(WHY_NOT[word]) if word in WHY_NOT else word


def news(say: Speech, kind: str) -> str:
    """A kind of news; of the trial and of what is not known, its own name."""
    return say.gettext(NEWS[kind]) if kind in NEWS else kind
