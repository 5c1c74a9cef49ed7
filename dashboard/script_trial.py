"""A script walked through on a made-up incident: the panel's own parts, and nothing of it is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from alerting.casefile import Account, Contact, Device, Household, Place, Resident, Responder
from alerting.incidents.rehearsal import Act, Rehearsed
from alerting.incidents.script import Script
from alerting.incidents.values import Values
from alerting.model import AlarmKind, RiskTier
from dashboard.pages.parts import Steps, steps_for
from dashboard.script_part import ScriptPart, followed
from dashboard.speech import Speech
from dashboard.timeline_words import Told, tell
from dashboard.words import mark
from gateway.desk.contract import DeviceView, HouseholdView, IncidentView, QueueRow
from gateway.desk.duty_desk import ScriptsView

VILLAGE = "trial-village"
STEPS = ("claim", "call", "prompt", "dispatch", "arrive", "resolve", "close", "wait", "press", "well")


class Trial(msgspec.Struct, kw_only=True):
    """What is carried from page to page of a trial; all of it is in the page itself.

    Attributes:
        script: The script that is tried, saved or not.
        began: When it rings, UTC.
        acts: What was done so far.
        alone: The case file has the resident and nobody else.
    """

    script: Script
    began: datetime
    acts: tuple[Act, ...] = ()
    alone: bool = False

    @property
    def kind(self) -> AlarmKind:
        """What rings."""
        return self.script.kinds[0] if self.script.kinds else AlarmKind.MANUAL


def made_up_home(say: Speech, *, alone: bool) -> Household:
    """Nobody's home; its telephone numbers are none."""

    def word(text: str) -> str:
        return say.gettext(text)

    contacts = (
        Contact(name=word(mark("Daughter (practice)")), relation=word(mark("daughter")), phone="000-0002"),
        Contact(
            name=word(mark("Neighbour (practice)")), relation=word(mark("neighbour")), phone="000-0003", key_holder=True
        ),
    )
    return Household(
        key="TRIAL",
        area="",
        address=word(mark("1 Practice Lane")),
        place=Place(lat=0.0, lon=0.0),
        tier=RiskTier.CARE,
        residents=(Resident(name=word(mark("Grandmother Practice")), birth_year=1940, phone="000-0001"),),
        contacts=() if alone else contacts,
        village_responder="" if alone else VILLAGE,
        access=word(mark("the neighbour has the key")),
        risks=(word(mark("a dog in the yard")),),
    )


def view_of(done: Rehearsed, home: Household, say: Speech) -> IncidentView:
    """The made-up incident as the panel would have it."""
    it = done.incident
    who = Responder(
        id=VILLAGE, name=say.gettext(mark("Village officer (practice)")), phone="000-0004", area="", duty="village"
    )
    hub = Device(id="trial-hub", bridge="", inner="", household=home.key, role="hub")
    row = QueueRow(
        incident=it.id,
        key=it.key,
        household=home.key,
        resident=home.title,
        address=home.address,
        area="",
        town="",
        village="",
        tier=home.tier,
        state=it.state,
        priority=it.priority,
        alarms=it.alarms,
        alarm_count=it.alarm_count,
        unacknowledged=it.unacknowledged,
        opened_at=it.opened_at,
        rang_at=it.rang_at,
        changed_at=it.changed_at,
    )
    people = (who,) if home.village_responder else ()
    seen = HouseholdView(
        household=home, areas=(), responders=people, devices=(DeviceView(device=hub),), rhythm=None, incidents=()
    )
    return IncidentView(incident=it, row=row, timeline=done.timeline, home=seen)


class Shown(msgspec.Struct, frozen=True):
    """One page of a trial: the panel's steps, the script, and what would be recorded, latest first."""

    view: IncidentView
    steps: Steps
    script: ScriptPart
    lines: tuple[Told, ...]


def shown(trial: Trial, done: Rehearsed, account: Account, values: Values, say: Speech, in_force: ScriptsView) -> Shown:
    """What somebody sees after the acts of a trial, by the same functions as on the panel.

    What is tried is a draft unless the scripts in force have it just so.
    """
    home = made_up_home(say, alone=trial.alone)
    view = view_of(done, home, say)
    names: Mapping[str, str] = {account.login: account.name}
    people = view.home.responders if view.home else ()
    part = followed(trial.script, home, people, done.timeline, say, names)
    is_draft = trial.script not in in_force.scripts
    part = msgspec.structs.replace(part, number=in_force.number, is_draft=is_draft)
    responders = {one.id: one.name for one in people}
    lines = [tell(entry, say, lambda by: names.get(by, by), responders) for entry in reversed(done.timeline)]
    return Shown(view, steps_for(view, account, done.now, values), part, tuple(lines))
