"""Whatever happens, in whatever order: the promises that no sequence of signals, time and commands may break."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.commands import (
    Accept,
    AgreeToClose,
    AnyCommand,
    Claim,
    Close,
    ConfirmSeen,
    Decline,
    Dispatch,
    HandOver,
    HoldUntil,
    KeepNote,
    Note,
    OpenManual,
    Prompt,
    Recall,
    RecordArrival,
    RecordCall,
    RecordFollowUp,
    RefuseToClose,
    Release,
    Reopen,
    Resolve,
    StrikeNote,
    TakeBack,
)
from alerting.decisions import AnyDecision, BlindCleared, BlindOpened, FollowUpChanged, IncidentChanged, PageAsked, Rang
from alerting.duty.escalation import due_s, is_waiting
from alerting.events import (
    AnyEvent,
    Commanded,
    Enrolled,
    HistoryLoaded,
    HolderCame,
    HolderGone,
    LinkBack,
    LinkLost,
    PageAccepted,
    PageTried,
    SignalHeard,
    TimePassed,
    Unobserved,
)
from alerting.homes import follow_up
from alerting.homes.follow_up import Stage
from alerting.homes.state import HouseholdState
from alerting.homes.supervision import check_in_due_s
from alerting.incidents import lease
from alerting.incidents.afterwards import CallResult
from alerting.model import Incident, IncidentState, Outcome, Priority, RiskTier
from alerting.policy import Policy
from alerting.silence.grid import GRID
from alerting.silence.inactivity import Quiet
from alerting.silence.rhythm import Rhythm
from alerting.silence.stopping import ROWS, SLOTS, Waits
from device_adapters import signals
from device_adapters.signals import AnySignal, Panic
from tests.alerting.lone_home import DEVICES, HOUR, KEY, LoneHome, local, only, quiet_since, rings

HOT_BYTES_MAX = 4096
MIN_GAP_S, MAX_GAP_S = 0, 20 * HOUR

flags = st.booleans()
rarely = st.integers(0, 9).map(lambda n: n == 0)
gaps = st.one_of(st.sampled_from([0.0, 0.02, 1.0, 5.0, 6.0, 60.0, 299.9, 3600.0]), st.floats(MIN_GAP_S, MAX_GAP_S))
moments = st.integers(-72 * HOUR, 24 * HOUR).map(lambda s: local(9) + timedelta(seconds=s))
turned = st.sampled_from(["active", "clear"])
seen = st.sampled_from(["detected", "clear"])

common = {
    "retained": rarely,
    "buffered": rarely,
    "device_time": st.none() | moments,
    "boot": st.sampled_from([None, "b1", "b2"]),
    "seq": st.none() | st.integers(0, 20),
}
calls = {"state": turned, "level": flags}

any_signal: st.SearchStrategy[AnySignal] = st.one_of(
    st.builds(signals.Motion, state=seen, level=flags, **common),
    st.builds(signals.Presence, state=seen, **common),
    st.builds(signals.Contact, state=st.sampled_from(["open", "closed"]), level=flags, **common),
    st.builds(signals.Button, action=st.sampled_from(["single", "well"]), **common),
    st.builds(signals.Panic, ongoing=rarely, echo=flags, **calls, **common),
    st.builds(signals.Panic),
    st.builds(signals.Fall, **calls, **common),
    st.builds(signals.Alarm, alarm_type=st.sampled_from(["smoke", "gas", "medical", "water", "x"]), **calls, **common),
    st.builds(signals.Tamper, state=turned, **common),
    st.builds(signals.Battery, percent=st.none() | st.floats(0, 100), low=st.none() | flags, **common),
    st.builds(signals.Link, lqi=st.none() | st.integers(0, 255), **common),
    st.builds(signals.Availability, state=st.sampled_from(["online", "offline"]), **common),
    st.builds(signals.Fault, code=st.just("trouble"), **common),
    st.builds(signals.Location, lat=st.just(31.8), lon=st.just(119.9), **common),
    st.sampled_from([signals.Heartbeat(), signals.Test(), signals.DeviceInfo(), signals.Provisioning(code="joined")]),
)
heard = st.builds(SignalHeard, device_id=st.sampled_from([d.id for d in DEVICES]), signal=any_signal)

who = {
    "key": st.just(KEY),
    "incident": st.integers(0, 9).map(lambda n: "" if n else f"{KEY}-1"),
    "by": st.sampled_from(["anna", "bella", "responder:worker"]),
}
any_command: st.SearchStrategy[AnyCommand] = st.one_of(
    *(st.builds(kind, **who) for kind in (Claim, Claim, Release, Prompt, Recall, RecordArrival, Resolve, Reopen)),
    *(st.builds(kind, **who) for kind in (TakeBack, Accept, Decline, AgreeToClose, RefuseToClose)),
    st.builds(HoldUntil, for_s=st.integers(-1, 20 * HOUR), reason=st.sampled_from(["", "the son comes"]), **who),
    st.builds(HandOver, to=st.sampled_from(["anna", "bella"]), shift=flags, **who),
    st.builds(RecordCall, whom=st.just("her"), result=st.just("spoke"), **who),
    st.builds(RecordCall, whom=st.just("son"), result=st.just("busy"), **who),
    st.builds(Dispatch, responder=st.sampled_from(["worker", "doctor", ""]), **who),
    st.builds(Close, outcome=st.sampled_from(Outcome), case_note=st.sampled_from(["", "…"]), **who),
    st.builds(Note, text=st.just("…"), **who),
    st.builds(ConfirmSeen, text=st.just("…"), **who),
    st.builds(RecordFollowUp, result=st.sampled_from(CallResult), **who),
    st.builds(KeepNote, text=st.sampled_from(["", "…"]), **who),
    st.builds(StrikeNote, number=st.integers(0, 3), **who),
    st.builds(OpenManual, text=st.just("?"), priority=st.sampled_from(Priority), **who),
)
asked = st.builds(Commanded, command=any_command, at_console=flags)
logins = st.sampled_from(["anna", "bella"])
rhythms = st.builds(
    Rhythm,
    days=st.integers(0, 60),
    low=st.booleans(),
    normal=st.lists(st.integers(1, 200), max_size=28).map(tuple),
    waits=st.none()
    | st.builds(
        Waits,
        limits=st.integers(0, len(GRID) - 1).map(lambda point: bytes([point]) * ROWS),
        usual=st.integers(0, len(GRID)).map(lambda points: bytes([points]) * SLOTS),
        expected_per_week=st.just(0.2),
        price=st.just(1e-5),
    ),
)


def lived(past: list[datetime]) -> Quiet:
    """What movements at these moments leave behind."""
    return quiet_since(*sorted(past))


any_other: st.SearchStrategy[AnyEvent] = st.one_of(
    st.just(TimePassed()),
    st.sampled_from([LinkLost(bridge="hub-1"), LinkBack(bridge="hub-1")]),
    st.builds(
        PageTried, incident=st.just(f"{KEY}-1"), to=st.just("duty"), error=st.just("") | st.just("x"), gave_up=flags
    ),
    st.builds(HolderCame, login=logins),
    st.builds(HolderGone, login=logins, since=st.just(local(9)), restarted=flags),
    st.builds(PageAccepted, incident=st.just(f"{KEY}-1"), by=st.sampled_from(["duty", "second", "nobody"])),
    st.builds(Unobserved, since=moments, until=moments),
    st.builds(
        HistoryLoaded, rhythm=rhythms, quiet=st.lists(moments.filter(lambda m: m <= local(9)), max_size=6).map(lived)
    ),
    st.builds(Enrolled, tier=st.sampled_from(RiskTier), devices=st.just(DEVICES)),
)
any_event: st.SearchStrategy[AnyEvent] = st.one_of(heard, heard, heard, asked, asked, any_other)


class Watch:
    """Checks every promise after each step of one home."""

    def __init__(self) -> None:
        """A home of six devices, enrolled at 09:00."""
        self.home = LoneHome(local(9), policy=Policy(duty_phones=("duty", "second")))
        self.pages: set[tuple[str, int, int, str, str]] = set()
        self.blind = False
        self.owed = False
        self.urgency: dict[str, Priority] = {}
        self.changed: dict[str, datetime] = {}

    def lives(self, after_s: float, event: AnyEvent) -> None:
        """Time passes, the timer fires as it was told, then something happens."""
        self.kept(self.home.wait(after_s))
        if isinstance(event, Commanded) and not event.command.incident and not isinstance(event.command, OpenManual):
            running = "" if self.home.calm else self.home.open.id
            event = Commanded(command=msgspec.structs.replace(event.command, incident=running))
        decisions = self.home.judge(event)
        if isinstance(event, SignalHeard) and is_press(event.signal):
            assert rings(decisions), "a press that did not ring"
            assert self.home.open.unacknowledged
            assert self.home.open.priority is Priority.P1
        self.kept(decisions)

    def kept(self, decisions: list[AnyDecision]) -> None:
        """What must hold after any step."""
        for change in only(IncidentChanged, decisions):
            self.stands(change.incident)
        for ring in only(Rang, decisions):
            assert ring.incident in self.urgency, "a ring for an incident nobody was told of"
        for page in only(PageAsked, decisions):
            name = (page.incident, page.round, page.step, page.to, page.channel)
            assert name not in self.pages, "a page was asked for twice"
            self.pages.add(name)
        hot = self.home.memory.hot
        for turn in decisions:
            if isinstance(turn, BlindOpened | BlindCleared):
                assert self.blind == isinstance(turn, BlindCleared), "a blind window has one beginning and one end"
                self.blind = not self.blind
        assert bool(hot.blind.since_s) == self.blind
        for owed in only(FollowUpChanged, decisions):
            self.owed = owed.ended is None
        assert bool(hot.follow_up.incident) == self.owed, "what is owed and what was decided differ"
        assert not self.owed or hot.open is None or hot.follow_up.stage is Stage.WAITS, "telephoned beside an incident"
        if hot.open is not None:
            assert hot.open.state is not IncidentState.CLOSED
            assert hot.open.unacknowledged or hot.open.claimed_by, "silent, and nobody has it"
            ladder = hot.open.ladder
            assert is_waiting(ladder) == hot.open.rings, "it climbs while nobody has it"
            assert ladder.since is None or ladder.accepted_until is None, "it climbs and is accepted"
            assert ladder.since is not None or not ladder.calls, "calls to come although it does not climb"
            works = hot.open.claimed_by and not hot.open.rings and hot.open.hold is None
            at_console = hot.open.at_console and hot.open.gone_since is None
            assert not works or at_console or lease.due_s(hot.open, self.home.policy.values), "a claim without an end"
        assert self.home.wake == (datetime.fromtimestamp(hot.armed_s, self.home.now.tzinfo) if hot.armed_s else None)
        assert self.home.wake is None or self.home.wake > self.home.now - timedelta(seconds=1)
        climbs_s = due_s(hot.open, self.home.policy)
        climbs = hot.open is not None and hot.open.rings
        assert climbs == bool(climbs_s), "an incident that nobody takes has a next step"
        ends_s = lease.due_s(hot.open, self.home.policy.values)
        owed_s = follow_up.due_s(hot.follow_up, self.home.policy)
        silent_s = [check_in_due_s(device, self.home.policy) for device in hot.devices.values()]
        due = [at_s for at_s in (climbs_s, ends_s, owed_s, *silent_s) if at_s]
        assert not due or 0 < hot.armed_s <= max(min(due), int(self.home.now.timestamp()) + 1), "nobody will look"
        encoded = msgspec.json.encode(hot)
        assert len(encoded) <= HOT_BYTES_MAX
        assert msgspec.json.decode(encoded, type=HouseholdState) == hot

    def stands(self, incident: Incident) -> None:
        """What must hold for an incident whenever it changes."""
        if incident.state is IncidentState.CLOSED:
            assert not incident.unacknowledged
            assert incident.outcome is not None
        assert incident.priority <= self.urgency.get(incident.id, Priority.P4), "it became less urgent"
        assert incident.changed_at >= self.changed.get(incident.id, incident.opened_at), "time went back"
        assert incident.claimed_by or incident.unacknowledged
        assert not incident.claimed_by or incident.state is not IncidentState.OPEN
        assert not (incident.rings and (incident.hold or incident.offer)), "what rings is neither held nor offered"
        self.urgency[incident.id] = incident.priority
        self.changed[incident.id] = incident.changed_at


def is_press(signal: AnySignal) -> bool:
    """A live press that is no copy and no repeat of another."""
    if not isinstance(signal, Panic) or signal.state != "active" or signal.retained:
        return False
    return not (signal.echo or signal.level or signal.ongoing)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.lists(st.tuples(gaps, any_event), max_size=40))
def test_no_order_of_events_breaks_a_promise(life: list[tuple[float, AnyEvent]]) -> None:
    watch = Watch()
    for after_s, event in life:
        watch.lives(after_s, event)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(gaps, any_event), max_size=25))
def test_a_press_after_any_life_rings_and_can_be_brought_to_its_end(life: list[tuple[float, AnyEvent]]) -> None:
    watch = Watch()
    for after_s, event in life:
        watch.lives(after_s, event)
    watch.lives(30.0, SignalHeard(device_id="sos", signal=Panic()))
    home = watch.home
    common_words = {"key": KEY, "incident": home.open.id, "by": "anna"}
    assert not home.asks(Claim(**common_words))[0].refused
    assert not home.asks(RecordCall(**common_words, whom="her", result="spoke"))[0].refused
    assert not home.asks(Close(**common_words, outcome=Outcome.REAL))[0].refused
    assert home.calm


def test_two_presses_a_second_apart_ask_for_no_page_by_the_same_name() -> None:
    watch = Watch()
    for after_s in (0, 1, 60, 60, 300, 600):
        press = SignalHeard(device_id="sos", signal=Panic()) if after_s < 2 else TimePassed()
        watch.lives(after_s, press)
    assert len(watch.pages) >= 4
