"""What can happen to an aggregate: the inputs of ``step``. Journalled as they are, so that replay is exact."""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.budget.count import Count
from alerting.budget.spending import Price
from alerting.care.told import CareAsked, CareOver, CareReceived, CareTakenBack, ReferralNews
from alerting.commands import AnyCommand
from alerting.dispatch.platform_told import ToIncident
from alerting.dispatch.told import JobOffered, JobOver, JobTaken
from alerting.event import Event as Event  # noqa: PLC0414 - of this vocabulary
from alerting.model import AlarmKind, BlindCause, Incident, RiskTier
from alerting.silence.inactivity import Quiet
from alerting.silence.rhythm import Rhythm
from device_adapters.signals import AnySignal


class DeviceFacts(msgspec.Struct, frozen=True, array_like=True):
    """What the rules need to know of a device.

    ``check_in_s`` is set for this device: its longest time without a word; 0: as its model or class. ``armed``: its
    installation is finished. ``interval_s``: so often its model says something, as its maker has it; 0: not known.
    ``hub``: registry id of the hub of the home through which alone it is heard; empty: it has a way of its own, or it
    is not known.
    """

    id: str
    role: str
    room: str
    check_in_s: int
    armed: bool = True
    interval_s: int = 0
    hub: str = ""


class Enrolled(Event, frozen=True, kw_only=True, omit_defaults=True, tag="enrolled"):
    """The registry's facts of a household are these from now on."""

    tier: RiskTier
    devices: tuple[DeviceFacts, ...]


class SignalHeard(Event, frozen=True, kw_only=True, omit_defaults=True, tag="signal"):
    """A device of the household said something in one message. ``device_id`` is its registry id.

    ``more`` holds what else the same message said: one event a message is one step and one journal row.
    ``last_home`` names the household a moved or retired device last belonged to.
    """

    device_id: str
    signal: AnySignal
    more: tuple[AnySignal, ...] = ()
    last_home: str = ""


class Commanded(Event, frozen=True, kw_only=True, omit_defaults=True, tag="command"):
    """Somebody asked for something.

    Attributes:
        command: What.
        at_console: Who asks sits at a console that reports itself.
        theirs: (key, incident) of what they have, where the command is about all of it.
        elsewhere: The incident where the responder it is about has a job; empty: none.
    """

    command: AnyCommand
    at_console: bool = False
    theirs: tuple[tuple[str, str], ...] = ()
    elsewhere: str = ""


class TimePassed(Event, frozen=True, kw_only=True, omit_defaults=True, tag="time"):
    """The moment the state asked to be woken at has come."""


class HistoryLoaded(Event, frozen=True, kw_only=True, omit_defaults=True, tag="history"):
    """The home's past was put through the rules elsewhere; this is what it left behind."""

    rhythm: Rhythm
    quiet: Quiet = Quiet()


class Unobserved(Event, frozen=True, kw_only=True, omit_defaults=True, tag="unobserved"):
    """The gateway could not hear anybody between two moments: silence then is no evidence.

    ``began`` is when the whole outage began, where this is a later part of it.
    """

    since: datetime
    until: datetime
    cause: BlindCause = BlindCause.GATEWAY
    began: datetime | None = None


class LinkLost(Event, frozen=True, kw_only=True, omit_defaults=True, tag="link_lost"):
    """The bridge through which the home speaks is offline. ``shared``: so do other homes."""

    bridge: str
    shared: bool = False


class LinkBack(Event, frozen=True, kw_only=True, omit_defaults=True, tag="link_back"):
    """It is online again."""

    bridge: str


class CanaryHeard(Event, frozen=True, kw_only=True, omit_defaults=True, tag="canary"):
    """The gateway's own trial press came in: proof that a press does, and nothing else."""

    id: str


class RuleFailed(Event, frozen=True, kw_only=True, omit_defaults=True, tag="rule_failed"):
    """The rules could not judge what may be a call for help from ``household``."""

    household: str
    reason: str


class AuditTold(Event, frozen=True, kw_only=True, omit_defaults=True, tag="audit"):
    """All findings of one check of the auditor that stand now: (word, key, incident, about) each."""

    check: str
    standing: tuple[tuple[str, str, str, str], ...] = ()


class PageTried(Event, frozen=True, kw_only=True, omit_defaults=True, tag="page"):
    """A channel was asked to carry a page.

    Attributes:
        incident: Incident id.
        to: Name of the duty telephone, or what people call the person.
        error: Why the channel has not taken it; empty when it has.
        gave_up: It will not be tried again.
        channel: The person's channel; empty for a duty telephone.
        person: Id of who is paged; empty: not known.
        round: Round of the ladder that led to the page; 0: not known.
        step: Step in that round.
    """

    incident: str
    to: str
    error: str = ""
    gave_up: bool = False
    channel: str = ""
    person: str = ""
    round: int = 0
    step: int = 0


class PageAccepted(Event, frozen=True, kw_only=True, omit_defaults=True, tag="accepted"):
    """Somebody who may have been paged takes care of an incident.

    Attributes:
        incident: Incident id.
        by: Id of the person: ``responder:<id>``, a login, a key holder, or the name of a duty telephone.
        how: ``link``, ``key`` (pressed on the telephone) or ``console``.
        elsewhere: The incident where they have a job; empty: none.
    """

    incident: str
    by: str
    how: str = ""
    elsewhere: str = ""


class PageGivenBack(Event, frozen=True, kw_only=True, omit_defaults=True, tag="given_back"):
    """Somebody who has accepted an incident, or is on the way, cannot go any more.

    Attributes:
        incident: Incident id.
        by: Id of the person, as for an acceptance.
        how: ``link`` or ``console``.
        why: The reason in their words; may be empty.
    """

    incident: str
    by: str
    how: str = ""
    why: str = ""


SaidByCalled = PageAccepted | PageGivenBack
"""What somebody who was called says without a page's reference; it is answered like a command."""


class PeopleKnown(Event, frozen=True, kw_only=True, omit_defaults=True, tag="people"):
    """The registry's people are these from now on: the body is in the edition of this number."""

    number: int


class SettingsKnown(Event, frozen=True, kw_only=True, omit_defaults=True, tag="settings"):
    """The centre's settings for the rules are these from now on: the body is in the edition of this number."""

    number: int


class HomesCounted(Event, frozen=True, kw_only=True, omit_defaults=True, tag="counted"):
    """To the city: what its homes say of their false alarms, summed by tier."""

    tiers: dict[RiskTier, Count]


class PriceKnown(Event, frozen=True, kw_only=True, omit_defaults=True, tag="price"):
    """The city has found this price."""

    price: Price


class ConsolesHeard(Event, frozen=True, kw_only=True, omit_defaults=True, tag="consoles"):
    """To the desk session: whose consoles have come, and whose have gone since when.

    Attributes:
        came: Logins.
        gone: (login, since when, UTC).
        restarted: The gateway has just started: nobody is here until heard.
        attended: Logins whose console reports its audio running and its queue shown; None: as before.
    """

    came: tuple[str, ...] = ()
    gone: tuple[tuple[str, datetime], ...] = ()
    restarted: bool = False
    attended: tuple[str, ...] | None = None


class HolderCame(Event, frozen=True, kw_only=True, omit_defaults=True, tag="holder_came"):
    """To what ``login`` has: their console is here again."""

    login: str


class HolderGone(Event, frozen=True, kw_only=True, omit_defaults=True, tag="holder_gone"):
    """To what ``login`` has: their console is gone since then; after a restart, nobody has been heard yet."""

    login: str
    since: datetime
    restarted: bool = False


class PageTold(Event, frozen=True, kw_only=True, omit_defaults=True, tag="page_told"):
    """What became of a page after its channel took it: told by a provider, by a key pressed, or by the link's page.

    Attributes:
        incident: Incident id.
        to: Who was paged: name of a duty telephone, or id of a person.
        what: ``delivered``, ``failed``, ``seen``, ``accepted`` or ``declined``.
        detail: For an answer how it was given: ``link``, ``key`` or ``console``; for a failure why.
        name: What people call them; empty: as ``to``.
        channel: The person's channel; empty for a duty telephone.
        round: Round of the ladder that led to the page; 0: not known. ``step`` is the step in it.
        why: Declined: the reason in their words; may be empty.
        elsewhere: Accepted: the incident where they have a job. ``of_job``: it is about a job the desk has given them.
    """

    incident: str
    to: str
    what: str
    detail: str = ""
    name: str = ""
    channel: str = ""
    round: int = 0
    step: int = 0
    why: str = ""
    elsewhere: str = ""
    of_job: bool = False


class CallLogged(Event, frozen=True, kw_only=True, omit_defaults=True, tag="call_logged"):
    """A telephone call that concerns an incident, as the exchange tells of it.

    Attributes:
        incident: Incident id.
        direction: ``in`` or ``out``, as seen from the desk.
        number: The other side's, as people write it; empty when it was withheld.
        who: Whose number that is, where known.
        result: ``ringing``, ``answered``, ``spoke``, ``no_answer``, ``busy`` or ``failed``.
        duration_s: How long it was spoken, seconds.
        by: Login of the operator who spoke, or asked for the call.
    """

    incident: str
    direction: str
    number: str
    who: str = ""
    result: str = ""
    duration_s: int = 0
    by: str = ""


class ShownUnrecorded(Event, frozen=True, kw_only=True, omit_defaults=True, tag="shown_unrecorded"):
    """The store was away, and an incident was on the consoles before it could be recorded.

    Attributes:
        incident: Incident id.
        since: When the consoles first showed it.
    """

    incident: str
    since: datetime


class IncidentMended(Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident_mended"):
    """The auditor has found that store and memory do not have the same of an open incident.

    Attributes:
        incident: As it stands from now on: the newer of the two.
        finding: What was found.
    """

    incident: Incident
    finding: str


class HomeSilent(Event, frozen=True, kw_only=True, omit_defaults=True, tag="home_silent"):
    """To an area: this home cannot be heard since then, UTC epoch seconds."""

    home: str
    since_s: int


class HomeBack(Event, frozen=True, kw_only=True, omit_defaults=True, tag="home_back"):
    """To an area: this home can be heard again, or its call for help is closed."""

    home: str


class HomeCalled(Event, frozen=True, kw_only=True, omit_defaults=True, tag="home_called"):
    """To an area: somebody in this home calls for help, in whatever way."""

    home: str
    kind: AlarmKind


class IncidentBegan(Event, frozen=True, kw_only=True, omit_defaults=True, tag="began"):
    """To the desk session: a new incident has begun somewhere."""

    incident: str


class AreaTaken(Event, frozen=True, kw_only=True, omit_defaults=True, tag="area_taken"):
    """To a village: the area of this key, its town's, has its homes in this incident."""

    by: str
    incident: str


class AreaReleased(Event, frozen=True, kw_only=True, omit_defaults=True, tag="area_released"):
    """To a village: that incident is over."""

    by: str


AnyEvent = (
    Enrolled
    | SignalHeard
    | Commanded
    | TimePassed
    | HistoryLoaded
    | Unobserved
    | LinkLost
    | LinkBack
    | CanaryHeard
    | RuleFailed
    | AuditTold
    | PageTried
    | ConsolesHeard
    | HolderCame
    | HolderGone
    | PageAccepted
    | PageGivenBack
    | PeopleKnown
    | SettingsKnown
    | ShownUnrecorded
    | IncidentMended
    | PageTold
    | CallLogged
    | HomeSilent
    | HomeBack
    | HomeCalled
    | AreaTaken
    | AreaReleased
    | IncidentBegan
    | HomesCounted
    | PriceKnown
    | CareAsked
    | CareOver
    | CareReceived
    | CareTakenBack
    | ReferralNews
    | JobOffered
    | JobTaken
    | JobOver
    | ToIncident
)
