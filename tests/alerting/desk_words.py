"""What two operators and a responder say to the incident of the home under test."""

from __future__ import annotations

from alerting.commands import (
    Accept,
    AcceptJob,
    AgreeToClose,
    AnyCommand,
    Claim,
    Close,
    Decline,
    DeclineJob,
    Dispatch,
    FollowScript,
    HandOver,
    HoldUntil,
    Note,
    OpenManual,
    Prompt,
    ReadRisks,
    Recall,
    RecordArrival,
    RecordCall,
    RefuseToClose,
    Release,
    Reopen,
    ReportStage,
    Resolve,
    TakeBack,
)
from alerting.dispatch.job import HandedTo, Stage
from alerting.model import IncidentState, Outcome
from tests.alerting.lone_home import KEY, LoneHome

ANNA, BELLA = "op.anna", "op.bella"
WORKER = "grid.worker"
FIRST = f"{KEY}-1"


def claim(by: str = ANNA, incident: str = FIRST) -> Claim:
    return Claim(key=KEY, incident=incident, by=by)


def release(by: str = ANNA, incident: str = FIRST) -> Release:
    return Release(key=KEY, incident=incident, by=by)


def call(by: str = ANNA, incident: str = FIRST) -> RecordCall:
    return RecordCall(key=KEY, incident=incident, by=by, whom="the daughter", result="no_answer")


def spoke(by: str = ANNA, incident: str = FIRST) -> RecordCall:
    return RecordCall(key=KEY, incident=incident, by=by, whom="the daughter", result="spoke")


def hold(by: str = ANNA, incident: str = FIRST, *, for_s: int = 300) -> HoldUntil:
    return HoldUntil(key=KEY, incident=incident, by=by, for_s=for_s, reason="the daughter is on her way")


def take_back(by: str = ANNA, incident: str = FIRST) -> TakeBack:
    return TakeBack(key=KEY, incident=incident, by=by)


def hand_over(by: str = ANNA, incident: str = FIRST, *, to: str = BELLA) -> HandOver:
    return HandOver(key=KEY, incident=incident, by=by, to=to)


def accept(by: str = BELLA, incident: str = FIRST) -> Accept:
    return Accept(key=KEY, incident=incident, by=by)


def decline(by: str = BELLA, incident: str = FIRST) -> Decline:
    return Decline(key=KEY, incident=incident, by=by)


def agree(by: str = BELLA, incident: str = FIRST) -> AgreeToClose:
    return AgreeToClose(key=KEY, incident=incident, by=by)


def refuse(by: str = BELLA, incident: str = FIRST) -> RefuseToClose:
    return RefuseToClose(key=KEY, incident=incident, by=by, text="call the neighbour first")


def prompt(by: str = ANNA, incident: str = FIRST) -> Prompt:
    return Prompt(key=KEY, incident=incident, by=by)


def dispatch(by: str = ANNA, incident: str = FIRST, *, responder: str = WORKER) -> Dispatch:
    return Dispatch(key=KEY, incident=incident, by=by, responder=responder)


def recall(by: str = ANNA, incident: str = FIRST) -> Recall:
    return Recall(key=KEY, incident=incident, by=by)


def arrive(by: str = ANNA, incident: str = FIRST) -> RecordArrival:
    return RecordArrival(key=KEY, incident=incident, by=by)


def accept_job(by: str = f"responder:{WORKER}", incident: str = FIRST) -> AcceptJob:
    return AcceptJob(key=KEY, incident=incident, by=by)


def decline_job(by: str = f"responder:{WORKER}", incident: str = FIRST) -> DeclineJob:
    return DeclineJob(key=KEY, incident=incident, by=by, text="the road is flooded")


def report(
    stage: Stage, by: str = f"responder:{WORKER}", incident: str = FIRST, *, to: HandedTo | None = None
) -> ReportStage:
    return ReportStage(key=KEY, incident=incident, by=by, stage=stage, to=to)


def read_risks(by: str = f"responder:{WORKER}", incident: str = FIRST) -> ReadRisks:
    return ReadRisks(key=KEY, incident=incident, by=by, risks=("a dog in the yard",))


def resolve(by: str = ANNA, incident: str = FIRST) -> Resolve:
    return Resolve(key=KEY, incident=incident, by=by, text="spoke at the door")


def reopen(by: str = ANNA, incident: str = FIRST) -> Reopen:
    return Reopen(key=KEY, incident=incident, by=by)


def close(by: str = ANNA, incident: str = FIRST, *, outcome: Outcome = Outcome.WAS_WELL) -> Close:
    return Close(key=KEY, incident=incident, by=by, outcome=outcome)


def note(by: str = ANNA, incident: str = FIRST) -> Note:
    return Note(key=KEY, incident=incident, by=by, text="the neighbour saw her this morning")


def follow(by: str = ANNA, incident: str = FIRST) -> FollowScript:
    return FollowScript(key=KEY, incident=incident, by=by, script="wandering")


def manual(by: str = ANNA) -> OpenManual:
    return OpenManual(key=KEY, by=by, text="the son telephoned")


PATH: dict[IncidentState, tuple[AnyCommand, ...]] = {
    IncidentState.OPEN: (),
    IncidentState.CLAIMED: (claim(),),
    IncidentState.VERIFYING: (claim(), call()),
    IncidentState.DISPATCHED: (claim(), dispatch()),
    IncidentState.ON_SCENE: (claim(), dispatch(), arrive()),
    IncidentState.RESOLVED: (claim(), dispatch(), resolve()),
    IncidentState.CLOSED: (claim(), dispatch(), arrive(), resolve(), close()),
}
"""Anna's way from a new incident to each state."""


def brought_to(home: LoneHome, state: IncidentState) -> None:
    """Anna works on the running incident until it is in this state."""
    for command in PATH[state]:
        answer, _ = home.asks(command)
        assert not answer.refused, answer
    assert home.calm if state is IncidentState.CLOSED else home.open.state is state
