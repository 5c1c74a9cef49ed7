"""How one language says the service's words, moments and durations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime

from alerting.casefile import AreaLevel, DeviceStatus, Role
from alerting.duty.plan import Target
from alerting.model import AlarmKind, EntryKind, FaultKind, Incident, IncidentState, Outcome, Priority, RiskTier
from alerting.repair import RepairAct, RepairState
from dashboard import (
    after_words,
    area_words,
    call_words,
    desk_words,
    device_words,
    duty_words,
    equipment_words,
    quarantine_words,
    repair_words,
    script_words,
    supervision_words,
    value_words,
    words,
)
from dashboard.case_speech import CaseSpeech
from dashboard.i18n import Language
from dashboard.refusal_words import REFUSALS
from dashboard.times import LocalTime
from gateway.desk.contract import QueueRow
from gateway.desk.duty_desk import MemberRow
from gateway.desk.vitals import CanaryState

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86_400
LONG_S = 2 * DAY_S
KM_M = 1000
FAR_M = 10 * KM_M
"""Why a command was not carried out."""


class Speech(CaseSpeech):
    """Everything a page says, in one language and one local time.

    Args:
        language: The texts.
        times: The local time.
    """

    def __init__(self, language: Language, times: LocalTime) -> None:
        """Remember both."""
        super().__init__(language)
        self.times = times

    def alarm(self, kind: AlarmKind) -> str:
        """What an alarm is called."""
        return self._word(words.ALARMS, kind)

    def joined(self, words: Iterable[str]) -> str:
        """Words of a list, one after the other."""
        return ("、" if self.language.code == "zh_CN" else ", ").join(words)

    def clauses(self, said: Iterable[str]) -> str:
        """Short sentences, one after the other."""
        return ("；" if self.language.code == "zh_CN" else "; ").join(said)

    def homes(self, n: int) -> str:
        """So many homes."""
        return self.ngettext("%(num)s home", "%(num)s homes", n)

    def fault(self, kind: FaultKind) -> str:
        """What a fault is called."""
        return self._word(words.FAULTS, kind)

    def fault_detail(self, kind: FaultKind, detail: str) -> str:
        """Why a fault began."""
        return supervision_words.fault_reason(kind, detail, self)

    def equipment_word(self, what: str) -> str:
        """A number about equipment, or what a home must have: something of a group, or a role."""
        return self._word(supervision_words.TERMS | supervision_words.GROUPS | words.DEVICE_ROLES, what)

    def repair_state(self, state: RepairState) -> str:
        """How a fault stands as work."""
        return self._word(repair_words.STATES, state)

    def repair_act(self, act: RepairAct) -> str:
        """What was done about a fault."""
        return self._word(repair_words.ACTS, act)

    def repair_change(self, what: str) -> str:
        """One line of a fault's history."""
        return self._word(repair_words.CHANGES, what)

    def test_purpose(self, purpose: str) -> str:
        """Why a step of a device is announced."""
        return self._word(equipment_words.PURPOSES, purpose)

    def test_end(self, how: str) -> str:
        """How an announced step ended."""
        return self._word(equipment_words.STEP_ENDS, how)

    def lack(self, word: str) -> str:
        """Why a home is not protected."""
        return self._word(equipment_words.LACKS, word)

    def percent(self, share: float, places: int = 2) -> str:
        """A share of 0 to 1, never rounded up to a goal it has not reached."""
        return f"{math.floor(round(share * 100 * 10**places, 6)) / 10**places:.{places}f} %"

    def test_until(self, until: datetime) -> str:
        """When test mode ends by itself."""
        time = self.times.local(until).strftime("%H:%M")
        return self.gettext(words.mark("test mode until %(time)s"), time=time)

    def press_state(self, state: str) -> str:
        """How a home stands in the ledger of test presses."""
        return self._word(equipment_words.PRESS_STATES, state)

    def state(self, state: str) -> str:
        """What an incident's state is called."""
        return self._word(words.STATES, state)

    def outcome(self, outcome: Outcome | str | None) -> str:
        """What an outcome is called; empty for none."""
        return self._word(words.OUTCOMES, outcome) if outcome else ""

    def entry(self, kind: EntryKind) -> str:
        """What a line of the timeline is headed."""
        return self._word(words.ENTRIES, kind)

    def escalation_level(self, level: str) -> str:
        """To whom an incident climbed."""
        return self._word(words.ESCALATION_LEVELS, level)

    def channel(self, channel: str) -> str:
        """How a person is paged; empty for a duty telephone."""
        return self._word(duty_words.CHANNELS, channel) if channel else ""

    def target(self, target: Target) -> str:
        """To whom a step of a plan goes."""
        return self.post(target.role) if target.role else self._word(duty_words.TARGETS, target.kind)

    def post(self, role: str) -> str:
        """A role of the roster."""
        return self._word(duty_words.POSTS, role)

    def edition_kind(self, kind: str) -> str:
        """What was saved."""
        return self._word(duty_words.EDITION_KINDS, kind)

    def how_accepted(self, how: str) -> str:
        """In which way somebody accepted; empty when that is not known."""
        return self._word(duty_words.HOWS, how) if how else ""

    def day_kind(self, word: str) -> str:
        """On which days something holds."""
        return self._word(duty_words.DAY_KINDS, word)

    def weekday(self, day: object) -> str:
        """A day of the week, 1 = Monday."""
        return self._word(duty_words.WEEKDAYS, str(day))

    def flaw(self, reason: str) -> str:
        """Why plans or a roster cannot be used: a word, and after a bar what it is about."""
        word, _, what = reason.partition("|")
        return self.gettext(duty_words.FLAWS[word], what=what) if word in duty_words.FLAWS else reason

    def script_flaw(self, reason: str, titles: Mapping[str, str]) -> str:
        """Why scripts cannot be put in force: ``word|script|step``; for what is not such a word, as it is."""
        word, _, where = reason.partition("|")
        script, _, step = where.partition("|")
        if word not in script_words.FLAWS:
            return self.flaw(reason)
        name = self.alarm(AlarmKind(script)) if script in set(AlarmKind) and word in script_words.OF_KIND else ""
        name = name or titles.get(script) or self._word(script_words.OCCASIONS, script)
        place = self.gettext(words.mark("%(script)s, step %(n)s"), script=name, n=step) if step else name
        said = self.gettext(script_words.FLAWS[word])
        return f"{place}: {said}" if place else said

    def script_change(self, word: str) -> str:
        """What became of a part of a script, or which part."""
        return self._word({**script_words.CHANGES, **script_words.FIELDS}, word)

    def script_word(self, word: str) -> str:
        """A word of the form of a script."""
        return self._word(script_words.FORM, word)

    def page_error(self, word: str) -> str:
        """Why a page was not sent."""
        return self._word(call_words.PAGE_ERRORS, word)

    def pending(self, word: str) -> str:
        """What lies over an incident's state."""
        return self._word(words.PENDING, word)

    def value(self, field: str) -> str:
        """What a line of the table of values is about."""
        return self._word(value_words.VALUES | value_words.THRESHOLDS, field)

    def measure(self, name: str, value: float) -> str:
        """A threshold as it is set: a length of time, a share, or a number, by its name."""
        if name.endswith("_s"):
            return self.exact(int(value))
        return f"{value * 100:g} %" if name.endswith("_share") else f"{value:g}"

    def follow_up_stage(self, stage: str) -> str:
        """How far a follow-up call has come."""
        return self._word(after_words.STAGES, stage)

    def follow_up_result(self, result: str) -> str:
        """What became of a follow-up call."""
        return self._word(after_words.RESULTS, result)

    def follow_up_end(self, how: str) -> str:
        """How a follow-up has ended."""
        return self._word(after_words.ENDS, how)

    def follow_up_term(self, name: str) -> str:
        """What a term of follow-up calls is about."""
        return self._word(after_words.TERMS, name)

    def why_followed_up(self, word: str) -> str:
        """Why a follow-up has become an incident."""
        return self._word(after_words.WHYS, word)

    def lapse(self, word: str) -> str:
        """Why a claim has lapsed."""
        return self._word(value_words.LAPSES, word)

    def standing(self, row: QueueRow) -> str:
        """How an incident stands: its state, or what lies over it."""
        if row.second_person:
            return self.gettext(words.mark("Second person wanted"))
        if row.offered_to:
            return self.gettext(words.mark("Offered to %(who)s"), who=row.offered_to_name)
        if row.held_until is not None:
            until = self.times.local(row.held_until).strftime("%H:%M")
            return self.gettext(words.mark("Put by until %(time)s"), time=until)
        if row.state == IncidentState.DISPATCHED and row.accepted:
            return self.gettext(words.mark("Job accepted"))
        return self.state(row.state)

    def stray(self, row: QueueRow) -> str:
        """Which device without a home it is; the key of whatever else has none."""
        if not row.stray:
            return row.key
        bridge, device = row.stray
        if not device:
            return bridge
        return self.gettext(words.mark("device %(device)s, through %(bridge)s"), device=device, bridge=bridge)

    def sent(self, of: QueueRow | Incident | MemberRow) -> str:
        """How far who was sent has come, or had come when it was over; empty when nobody was sent."""
        is_over = of.state in {IncidentState.RESOLVED, IncidentState.CLOSED}
        table = desk_words.WAS_SENT if is_over else desk_words.SENT
        return self._word(table, far) if (far := desk_words.far_of(of)) else ""

    def priority(self, priority: int) -> str:
        """The priority's name."""
        return self._word(words.PRIORITIES, priority)

    def shape(self, priority: int) -> str:
        """The name of the priority's shape, the same in every language."""
        return words.SHAPES.get(Priority(priority), "circle")

    def tier(self, tier: RiskTier | str) -> str:
        """The programme's urgency label; empty for none."""
        return self._word(words.TIERS, tier) if tier else ""

    def account_role(self, role: Role) -> str:
        """What an account's role is called."""
        return self._word(words.ACCOUNT_ROLES, role)

    def area_level(self, level: AreaLevel) -> str:
        """What a level of the administrative tree is called."""
        return self._word(area_words.AREA_LEVELS, level)

    def device_status(self, status: DeviceStatus) -> str:
        """Where a device is in its life."""
        return self._word(device_words.DEVICE_STATUSES, status)

    def device_role(self, role: str) -> str:
        """What kind of device it is."""
        return self._word(words.DEVICE_ROLES, role)

    def room(self, room: str) -> str:
        """The room's name; empty for none."""
        return self._word(words.ROOMS, room) if room else ""

    def duty(self, duty: str) -> str:
        """A responder's office."""
        return self._word(words.DUTIES, duty)

    def limit_source(self, source: str) -> str:
        """Where an inactivity limit comes from."""
        return self._word(words.LIMIT_SOURCES, source)

    def call_result(self, result: str) -> str:
        """What became of a telephone call."""
        return self._word(call_words.CALL_RESULTS, result)

    def call_state(self, word: str) -> str:
        """How a call stands, or what became of it."""
        return self._word(call_words.CALL_STATES, word)

    def device_word(self, word: str) -> str:
        """A device's own word for what happened, where it is known; empty for none."""
        return self._word(words.DEVICE_WORDS, word) if word else ""

    def sex(self, sex: str) -> str:
        """The resident's sex; empty when not recorded."""
        return self._word(words.SEXES, sex) if sex else ""

    def wrong(self, word: str) -> str:
        """What is wrong with the gateway."""
        return self._word(words.WRONGS, word)

    def warning(self, word: str) -> str:
        """What is not as it should be with the gateway, and hides no press."""
        return self._word(words.WARNINGS, word)

    def canary(self, state: CanaryState) -> str:
        """When the last trial press came through; empty when none is made."""
        if not state.on:
            return ""
        if state.age_s is None:
            return self.gettext(words.mark("Self-test: none yet"))
        return self.gettext(words.mark("Self-test %(age)s ago"), age=self.duration(state.age_s))

    def canary_stop(self, word: str) -> str:
        """How far the last trial press had come that was lost."""
        return self._word(value_words.CANARY_STOPS, word)

    def blind_cause(self, cause: str) -> str:
        """Why signals of a home may have been missed."""
        return self._word(words.BLIND_CAUSES, cause)

    def set_aside(self, reason: str) -> str:
        """Why a message was set aside; the adapter's own reason is for beside it."""
        return self.gettext(quarantine_words.word_of(reason))

    def registry_change(self, word: str) -> str:
        """What was done to something registered."""
        return self._word(device_words.REGISTRY_CHANGES, word)

    def said(self, value: str) -> str:
        """A value that a device says; as it is where there is no word for it."""
        return self._word(device_words.SAID, value)

    def signal_kind(self, word: str) -> str:
        """What kind of thing a device says."""
        return self._word(device_words.SIGNAL_KINDS, word)

    def refusal(self, word: str, who: str = "") -> str:
        """Why a command was not carried out."""
        if word not in REFUSALS:
            return self.gettext(words.mark("The rules do not allow this now (%(word)s)."), word=word)
        return self.gettext(REFUSALS[word], who=who or self.gettext(words.mark("Somebody else")))

    def duration(self, seconds: float) -> str:
        """A length of time in the two largest units that matter."""
        whole = max(0, int(seconds))
        if whole < MINUTE_S:
            return self.gettext(words.mark("%(s)s s"), s=whole)
        if whole < HOUR_S:
            return self.gettext(words.mark("%(m)s min"), m=whole // MINUTE_S)
        if whole < LONG_S:
            hours, minutes = whole // HOUR_S, whole % HOUR_S // MINUTE_S
            if not minutes:
                return self.gettext(words.mark("%(h)s h"), h=hours)
            return self.gettext(words.mark("%(h)s h %(m)s min"), h=hours, m=minutes)
        days, hours = whole // DAY_S, whole % DAY_S // HOUR_S
        if not hours:
            return self.gettext(words.mark("%(d)s d"), d=days)
        return self.gettext(words.mark("%(d)s d %(h)s h"), d=days, h=hours)

    def exact(self, seconds: int) -> str:
        """A length of time that is set: nothing of it is left out."""
        if seconds % MINUTE_S or 0 < seconds < 2 * MINUTE_S:
            return self.gettext(words.mark("%(s)s s"), s=seconds)
        return self.duration(seconds)

    def ago(self, moment: datetime | None, now: datetime) -> str:
        """How long ago; a word of its own for never."""
        if moment is None:
            return self.gettext(words.mark("never"))
        return self.gettext(words.mark("%(duration)s ago"), duration=self.duration((now - moment).total_seconds()))

    def distance(self, distance_m: int) -> str:
        """Metres, or kilometres from one on."""
        if distance_m < KM_M:
            return f"{distance_m} m"
        return f"{distance_m / KM_M:.1f} km" if distance_m < FAR_M else f"{distance_m / KM_M:.0f} km"
