"""Whom the incident's panel offers to send: the candidates with their reasons, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from alerting.casefile import Responder
from alerting.duty.candidates import AGAINST, Candidate, Why
from alerting.incidents.expected import aim
from dashboard.candidate_words import SKILLS, WHYS
from dashboard.job_lines import AtDesk, jobs_of, neighbours_of
from dashboard.job_words import STAGES
from dashboard.last_fix import last_fix
from dashboard.path_part import cannot_go, gave_back
from dashboard.platform_part import platforms_for
from dashboard.platform_words import stage_word
from dashboard.site import Site
from dashboard.speech import Speech
from dashboard.words import mark
from gateway.desk.contract import IncidentView

AT_FIRST = 5
"""So many are shown at once; the others unfold."""


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who could be sent, as the panel shows them.

    Attributes:
        person: Who.
        why: The reasons in words, and when they would be inside.
        against: What speaks against it, in words; empty: nothing.
    """

    person: Responder
    why: str = ""
    against: tuple[str, ...] = ()


async def whom_to_send(site: Site, view: IncidentView, names: Mapping[str, str], say: Speech) -> dict[str, Any]:
    """Who was sent, with their photos, who can be, and where; whoever cannot go just now comes last, and it is said.

    Args:
        site: For asking.
        view: The incident.
        names: What people are called, by id.
        say: Language.
    """
    refused = cannot_go(view.timeline)
    silent = {job.responder for job in view.incident.jobs if job.has_vanished}
    if view.home is not None:
        kinds = {alarm.kind for alarm in view.incident.alarms}
        found = await site.desk.candidates(view.incident.key, view.incident.id, kinds, refused, silent)
        offered = [_offered(it, say) for it in found]
    else:
        offered = [Offered(person=it) for it in sorted(view.responders, key=lambda it: it.id in refused)]
    known = [*view.people.values(), *(it.person for it in offered)]
    names = {it.id: it.name for it in known} | dict(names)
    if view.row.responder_name:
        names = names | {view.incident.responder: view.row.responder_name}
    phones = {it.id: it.phone for it in known}
    desk = AtDesk(phones, aim(view.incident, await site.desk.values()), site.desk.now())
    often = Counter(it.person.name for it in offered)
    places = {area.key: area.name for area in view.home.areas} if view.home else {}
    return {
        "namesakes": {
            it.person.id: places.get(it.person.area, it.person.id) for it in offered if often[it.person.name] > 1
        },
        "to_send": offered if view.home is None else offered[:AT_FIRST],
        "others_to_send": [] if view.home is None else offered[AT_FIRST:],
        "scenes": await site.desk.scene_photos(view.incident.key, view.incident.id) if view.home else [],
        "fix": last_fix(view.home, site.desk.now(), say),
        "gave_back": gave_back(view.timeline, names),
        "jobs": jobs_of(view.incident, names, say, desk),
        "silent": silent,
        "neighbours": neighbours_of(view.incident, view.home.household.contacts if view.home else (), say),
        "job_stages": STAGES,
        "platforms": await platforms_for(site, view),
        "platform_stage": lambda job: stage_word(job, say.gettext(STAGES[job.stage]), say),
    }


def _offered(it: Candidate, say: Speech) -> Offered:
    against = tuple(say.gettext(WHYS[why]) for why in it.reasons if why in AGAINST)
    words = [_word(why, it, say) for why in it.reasons if why not in AGAINST]
    words += [say.distance(it.distance_m)] if it.distance_m is not None else []
    words.append(say.gettext(mark("inside in about %(n)s min"), n=it.minutes))
    return Offered(person=it.responder, why=" · ".join(words), against=against)


def _word(why: Why, it: Candidate, say: Speech) -> str:
    if why is Why.SKILLED:
        return " · ".join(say.gettext(SKILLS[skill]) for skill in it.responder.skills)
    return say.gettext(WHYS[why])
