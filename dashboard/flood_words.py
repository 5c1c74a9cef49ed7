"""The English words of floods and area incidents; translated in the catalogues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alerting.model import Alarm, AlarmKind
from dashboard.words import mark

if TYPE_CHECKING:
    from dashboard.speech import Speech

AREA_SENTENCES: dict[AlarmKind, str] = {
    AlarmKind.AREA_OUTAGE: mark(
        "Many homes of this area fell silent at once: perhaps the power or the network of a street. "
        "It ends by itself when all are back."
    ),
    AlarmKind.AREA_BRIDGE: mark(
        "A bridge through which all these homes speak is out of reach: calls for help from them may not come through. "
        "It ends by itself when it is back."
    ),
    AlarmKind.AREA_CALLS: mark(
        "Many homes of this area call for help at once: perhaps a flood, gas or an earthquake. "
        "Each home's own call stands in the queue by itself."
    ),
}

HOME_CHECKED = mark("To be looked after: %(kind)s in %(area)s")
"""What the incident of a home is about that was opened to send somebody there."""

SENT_TO_HOME = mark("%(who)s was sent to %(home)s (incident %(incident)s)")
"""The line in the area incident's timeline."""


def area_detail(alarm: Alarm, say: Speech) -> str:
    """How many homes it began with, of how many, within how long; empty for an alarm that is only tried."""
    if not alarm.detail:
        return ""
    told, _, rest = alarm.detail.partition("|")
    of, _, within_s = rest.partition("|")
    if of == "0":
        return say.gettext(mark("It began with %(n)s homes."), n=told)
    text = mark("It began with %(n)s of the %(all)s homes of this area, within %(time)s.")
    return say.gettext(text, n=told, all=of, time=say.exact(int(within_s)))
