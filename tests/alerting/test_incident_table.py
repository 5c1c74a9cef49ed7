"""Every command in every state: either a legal move or a refusal word, as the table says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import msgspec
import pytest

from alerting.care.commands import AnswerWarning, PushWarning, RecordCare, TakeBackCare
from alerting.care.referral_commands import AnyReferralCommand
from alerting.commands import (
    Accept,
    AcceptJob,
    AcceptShift,
    AgreeToClose,
    AnnounceStep,
    AnyCommand,
    BeginAbsence,
    ChangeAbsence,
    Claim,
    Close,
    ConfirmSeen,
    Decline,
    DeclineJob,
    DeclineShift,
    Dispatch,
    EndAbsence,
    EndShift,
    EndStep,
    FollowScript,
    HandOver,
    HoldUntil,
    InviteRelative,
    KeepNote,
    OpenManual,
    ReadRisks,
    Recall,
    RecordArrival,
    RecordFollowUp,
    RefuseToClose,
    Release,
    Reopen,
    ReportStage,
    Resolve,
    SaveBudget,
    SavePlans,
    SaveRoster,
    SaveScripts,
    StrikeNote,
    TakeBack,
)
from alerting.decisions import Answered, AnyDecision, Noted
from alerting.dispatch.job import Stage, moved, offered
from alerting.duty.drill import StartDrill, StopDrill
from alerting.duty.saving import SaveTerms, SaveValues
from alerting.incidents import incident
from alerting.incidents.conditions import Asked
from alerting.incidents.life import COMMANDS, TABLE
from alerting.incidents.values import Values
from alerting.model import Aggregate, Alarm, AlarmKind, Incident, IncidentState, Priority
from tests.alerting import desk_words
from tests.alerting.desk_words import ANNA, BELLA, FIRST, WORKER
from tests.alerting.lone_home import KEY

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 2, tzinfo=UTC)
RUNNING = [s for s in IncidentState if s is not IncidentState.CLOSED]


REGISTRY = {"alerting.enrolment.commands", "alerting.enrolment.running"}
HOLDERS = {AcceptJob, Release, FollowScript, Dispatch, Recall, Resolve, Reopen, Close, HoldUntil, TakeBack, HandOver}
HOLDERS |= {ReportStage, ReadRisks}
"""Only who has the incident may ask these."""

WORDS_ALONE: dict[type[AnyCommand], str] = {
    TakeBack: "nothing_pending",
    AgreeToClose: "nothing_pending",
    RefuseToClose: "nothing_pending",
    Accept: "not_offered",
    Decline: "not_offered",
    DeclineJob: "not_yours",
}
"""What is refused while nothing is held, offered, or waits for a second person."""

OF_JOBS: dict[tuple[IncidentState, type[AnyCommand]], str] = {
    (IncidentState.OPEN, ReportStage): "not_claimed",
    (IncidentState.OPEN, ReadRisks): "not_claimed",
    (IncidentState.CLAIMED, ReportStage): "nobody_sent",
    (IncidentState.VERIFYING, ReportStage): "nobody_sent",
    (IncidentState.ON_SCENE, RecordArrival): "wrong_state",
    (IncidentState.ON_SCENE, Dispatch): "sent_already",
}
"""What is refused because nobody was sent, or whoever was is there already."""

BUILT: dict[type[AnyCommand], AnyCommand] = {
    type(word): word
    for word in (
        desk_words.claim(),
        desk_words.release(),
        desk_words.call(),
        desk_words.prompt(),
        desk_words.dispatch(),
        desk_words.recall(),
        desk_words.arrive(),
        desk_words.accept_job(),
        desk_words.decline_job(),
        desk_words.report(Stage.EN_ROUTE, by=ANNA),
        desk_words.read_risks(),
        desk_words.resolve(),
        desk_words.reopen(),
        desk_words.close(),
        desk_words.note(),
        desk_words.follow(),
        desk_words.hold(),
        desk_words.take_back(),
        desk_words.hand_over(),
        desk_words.accept(),
        desk_words.decline(),
        desk_words.agree(),
        desk_words.refuse(),
    )
}


def standing(state: IncidentState, *, unacknowledged: bool) -> Incident:
    held = state is not IncidentState.OPEN
    sent = offered(WORKER, NOW)
    there = moved(sent, Stage.ON_SCENE, NOW)
    jobs = {IncidentState.DISPATCHED: (sent,), IncidentState.ON_SCENE: (there,), IncidentState.RESOLVED: (there,)}
    return Incident(
        id=FIRST,
        key=KEY,
        aggregate=Aggregate.HOUSEHOLD,
        state=state,
        priority=Priority.P1,
        alarms=(Alarm(kind=AlarmKind.PANIC, at=NOW),),
        alarm_count=1,
        unacknowledged=unacknowledged,
        opened_at=NOW,
        rang_at=NOW,
        changed_at=NOW,
        claimed_by=ANNA if held else "",
        jobs=jobs.get(state, ()),
        contact=True,
    )


def asked(stands: Incident | None, command: AnyCommand) -> tuple[Incident | None, list[AnyDecision], Answered]:
    before = msgspec.json.encode(stands)
    after, decisions = incident.act(stands, Asked(command, LATER, Values()))
    assert msgspec.json.encode(stands) == before
    answer = decisions[-1]
    assert isinstance(answer, Answered), "the answer comes last"
    return after, decisions, answer


def test_the_table_names_every_command_and_every_state() -> None:
    assert set(BUILT) == COMMANDS
    assert {state for state, _ in TABLE} == set(IncidentState)
    assert [kind for state, kind in TABLE if state is IncidentState.CLOSED] == [Reopen]
    of_the_desk = {EndShift, AcceptShift, DeclineShift, SavePlans, SaveRoster, SaveScripts, SaveBudget}
    of_the_desk |= {SaveValues, SaveTerms}
    of_the_home = {OpenManual, ConfirmSeen, AnnounceStep, EndStep, RecordFollowUp, KeepNote, StrikeNote}
    of_the_home |= {
        BeginAbsence,
        ChangeAbsence,
        EndAbsence,
        InviteRelative,
        RecordCare,
        TakeBackCare,
        PushWarning,
        AnswerWarning,
        *get_args(AnyReferralCommand),
    }
    of_an_area = {StartDrill, StopDrill}
    of_the_registry = {kind for kind in get_args(AnyCommand) if kind.__module__ in REGISTRY}
    assert set(get_args(AnyCommand)) - COMMANDS == of_the_home | of_the_desk | of_the_registry | of_an_area


@pytest.mark.parametrize("unacknowledged", [False, True])
@pytest.mark.parametrize("by", [ANNA, BELLA])
@pytest.mark.parametrize("state", RUNNING)
@pytest.mark.parametrize("kind", list(BUILT), ids=lambda kind: kind.__name__)
def test_each_command_moves_on_or_is_refused_with_a_word(
    kind: type[AnyCommand], state: IncidentState, by: str, unacknowledged: bool
) -> None:
    stands = standing(state, unacknowledged=unacknowledged)
    command = msgspec.structs.replace(BUILT[kind], by=by)
    after, decisions, answer = asked(stands, command)
    others = by == BELLA and state is not IncidentState.OPEN
    if (state, kind) not in TABLE:
        expected = "not_claimed" if state is IncidentState.OPEN else "wrong_state"
    elif (state, kind) in OF_JOBS and not (others and kind in {ReportStage, ReadRisks}):
        expected = OF_JOBS[state, kind]
    elif others and (kind in HOLDERS or (kind is Claim and not unacknowledged)):
        expected = "held_by_other"
    elif unacknowledged and kind in {Close, Resolve, HoldUntil, HandOver}:
        expected = "unacknowledged"
    else:
        expected = WORDS_ALONE.get(kind, "")
        if kind is HandOver and by == BELLA:
            expected = "unknown_operator"
    assert answer.refused == expected
    if answer.refused:
        assert (after, len(decisions)) == (stands, 1), "a refusal changes nothing"
        assert answer.held_by == (ANNA if expected == "held_by_other" else "")
        return
    assert after is not None
    assert after.state in (TABLE[state, kind].to or (state,))
    asked_twice = kind is Claim and by == ANNA and not unacknowledged and state is not IncidentState.OPEN
    assert any(isinstance(d, Noted) for d in decisions) is not asked_twice, "what was done is in the timeline"


@pytest.mark.parametrize("kind", list(BUILT), ids=lambda kind: kind.__name__)
def test_without_an_incident_every_command_is_refused(kind: type[AnyCommand]) -> None:
    after, decisions, answer = asked(None, BUILT[kind])
    assert (after, answer.refused, len(decisions)) == (None, "no_incident", 1)
