"""What the store does not take for its own sake: as if it had not been judged, and its neighbours as if alone."""

from __future__ import annotations

import logging
from datetime import datetime

import msgspec

from alerting.enrolment.command import REGISTRY
from alerting.events import AnyEvent
from alerting.model import Aggregate
from gateway.desk.contract import Answer
from gateway.store.batch import Batch
from gateway.writing.effects import Effects
from gateway.writing.judge import Judge
from gateway.writing.origins import addressed
from gateway.writing.states import AnyState
from gateway.writing.unrecorded import Judged
from gateway.writing.work import CommandAsked

log = logging.getLogger(__name__)

MOST_TRIES = 3
"""As not judged, then as quarantined; after that only the log has it."""

_event = msgspec.json.Decoder(AnyEvent)


def undo(judge: Judge, batch: Batch) -> None:
    """The homes whose rows were refused are again as they were before the batch: that is what the store has."""
    for key in batch.refused:
        put_back(judge, key, judge.states.before.get(key))
    for row in batch.faults:
        if row["household"] in batch.refused:
            judge.open_faults.discard((str(row["household"]), str(row["device"]), str(row["kind"])))
    for row in batch.cleared:
        if row["b_household"] in batch.refused:
            judge.open_faults.add((str(row["b_household"]), str(row["b_device"]), str(row["b_kind"])))


def put_back(judge: Judge, key: str, state: AnyState | None) -> None:
    """Another state in place of an aggregate's, where there is one, with what is kept beside it."""
    if state is not None:
        judge.states.put_back(key, state)
    judge.look_at_follow_up(key)
    judge.blind.pop(key, None)
    if key in judge.directory.households and (blind := judge.memory_of(key).hot.blind).since_s:
        judge.blind[key] = blind


def note(judge: Judge, batch: Batch, tries: int, now: datetime) -> None:
    """Into the judge's new batch: every refused event as not judged, ringing where it may be a call for help."""
    for row in batch.journal:
        key = str(row["key"])
        if key not in batch.refused:
            continue
        event, reason = row["event"], batch.refused[key]
        assert isinstance(event, bytes), "a batch holds events encoded"
        log.error("%s/%s of %s: %s", row["partition"], row["seq"], key, reason)
        if tries == 1:
            judge.not_recorded(Aggregate(str(row["aggregate"])), key, _event.decode(event), reason, now)
        elif tries < MOST_TRIES:
            judge.batch.note_quarantine(now, "", "", reason, event)
    if tries == 1:
        for key, remembered in zip(batch.remembered_of, batch.remembered, strict=True):
            if key in batch.refused:
                judge.batch.remembered.append(remembered)
                judge.batch.remembered_of.append(key)


def neighbours(judged: Judged) -> Judged:
    """What may follow at once: everything but what was refused, what was asked, and what devices wait for.

    Wakes of the refused stay: in memory alone, so that their homes are looked at again.
    """
    refused, said = judged.batch.refused, judged.effects
    places = {(row["partition"], row["seq"]) for row in judged.batch.journal if row["key"] in refused}
    batch = Batch()
    batch.outbox = [row for row in judged.batch.outbox if (row["partition"], row["seq"]) not in places]
    changed = {id_: it for id_, it in said.changed.items() if it.key not in refused}
    rung = {id_ for id_ in said.rung if id_ in changed}
    registered = [] if REGISTRY in refused else said.registered
    effects = msgspec.structs.replace(said, changed=changed, rung=rung, receipts=[], entries=[], registered=registered)
    return Judged(judged.at, batch, effects, [], [], judged.place)


def the_rest(judged: Judged, batch: Batch, effects: Effects, now: datetime) -> Judged:
    """What has to wait until the refused is kept some other way: acknowledgements, receipts and answers."""
    refused = judged.batch.refused
    whose = {id(piece.answer): piece.command for piece in judged.work if isinstance(piece, CommandAsked)}
    answers = []
    for future, answer in judged.answers:
        command = whose.get(id(future))
        if future.done():  # while the store was away
            continue
        if command is not None and addressed(command) in refused:
            answers.append((future, Answer(incident=command.incident, refused="not_judged")))
        else:
            answers.append((future, answer))
    effects.receipts = [*judged.effects.receipts, *effects.receipts]
    return Judged(now, batch, effects, judged.work, answers, tries=judged.tries + 1)
