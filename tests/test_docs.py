"""What the papers must say: every word, every signal, every limit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pydantic import SecretStr

from alerting.assessment.criteria import TABLE
from alerting.assessment.due import EVERY_DAYS
from alerting.assessment.record import Dimension, DueWhy, Library
from alerting.care.duty import CareEnd, CareKind, CareStage
from alerting.care.referral import AnsweredBy, Rating, ReferralAct, ReferralResult, ReferralState
from alerting.care.terms import BOUNDS, CareTerms
from alerting.care.warning import WarningAnswer, WarningCode
from alerting.casefile import DeviceStage, InstallationStep
from alerting.dispatch.job import HandedTo, Stage
from alerting.homes.away import AwayEnd, AwayKind, SaidBy
from alerting.homes.lacks import Lack
from alerting.homes.steps import AnnouncedFor, StepEnd
from alerting.keeping.consent import ConsentFor, Standing
from alerting.model import AlarmKind, BlindCause, FaultKind, IncidentState, Outcome, Priority, RiskTier
from alerting.organisations import OrganisationKind
from alerting.policy import Policy
from alerting.repair import RepairAct, RepairState
from dashboard import (
    assessment_words,
    away_words,
    care_words,
    device_words,
    equipment_words,
    job_words,
    keeping_words,
    referral_words,
    repair_words,
    warning_words,
    words,
)
from dashboard.i18n import read_catalogue
from device_adapters.signals import SIGNAL_CLASSES, Signal
from gateway.broker.mosquitto import TEMPLATES
from gateway.broker.nats import LIMITS
from gateway.registry.keeping_desk import Upkeep
from gateway.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def paper(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def table(text: str, heading: str) -> dict[str, list[str]]:
    """The rows of the first table below a heading: code word to the cells after it."""
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return {row[0].strip("`"): row[1:] for row in rows[2:]}


GLOSSARY: list[tuple[str, type[Enum]]] = [
    ("Alarms", AlarmKind),
    ("Faults", FaultKind),
    ("Faults as work", RepairState),
    ("What was done about a fault", RepairAct),
    ("Why a home is not protected", Lack),
    ("Why a step is announced", AnnouncedFor),
    ("How an announced step ended", StepEnd),
    ("Why a home is to be confirmed", BlindCause),
    ("States of an incident", IncidentState),
    ("Stages of a job", Stage),
    ("To whom a resident is handed over", HandedTo),
    ("Outcomes", Outcome),
    ("Priorities", Priority),
    ("Risk tiers", RiskTier),
    ("Dimensions of an assessment", Dimension),
    ("Libraries of households", Library),
    ("Why a household is to be assessed", DueWhy),
    ("For what a household agrees", ConsentFor),
    ("How a household stands to a purpose", Standing),
    ("Upkeep of case files", Upkeep),
    ("Stages of a device", DeviceStage),
    ("Steps of an installation", InstallationStep),
    ("Why somebody is away", AwayKind),
    ("Who says that somebody is away", SaidBy),
    ("How an absence ended", AwayEnd),
    ("What is owed to a household", CareKind),
    ("How far a visit or call has climbed", CareStage),
    ("How a visit or call that was owed has ended", CareEnd),
    ("What an early warning says", WarningCode),
    ("How an early warning is answered", WarningAnswer),
    ("How a referral stands", ReferralState),
    ("What is done about a referral", ReferralAct),
    ("What came of a referral", ReferralResult),
    ("What a household says of a referral", Rating),
    ("How an organisation has said it", AnsweredBy),
    ("Kinds of organisations", OrganisationKind),
]


def _code(word: Enum) -> str:
    return word.value if isinstance(word.value, str) else word.name


@pytest.mark.parametrize(("heading", "words"), GLOSSARY, ids=lambda value: getattr(value, "__name__", value))
def test_the_glossary_has_every_word_in_chinese(heading: str, words: type[Enum]) -> None:
    rows = table(paper("glossary.md"), heading)
    assert list(rows) == [_code(word) for word in words]
    assert [code for code, cells in rows.items() if not CHINESE.search(cells[0])] == []


SCREEN_WORDS: list[tuple[str, Mapping[Any, str]]] = [
    ("Alarms", words.ALARMS),
    ("Faults", words.FAULTS),
    ("Faults as work", repair_words.STATES),
    ("What was done about a fault", repair_words.ACTS),
    ("Why a home is not protected", equipment_words.LACKS),
    ("Why a step is announced", equipment_words.PURPOSES),
    ("How an announced step ended", equipment_words.STEP_ENDS),
    ("Why a home is to be confirmed", words.BLIND_CAUSES),
    ("States of an incident", words.STATES),
    ("Stages of a job", job_words.STAGES),
    ("To whom a resident is handed over", job_words.HANDED_TO),
    ("Outcomes", words.OUTCOMES),
    ("Priorities", words.PRIORITIES),
    ("Risk tiers", words.TIERS),
    ("Dimensions of an assessment", assessment_words.DIMENSIONS),
    ("Libraries of households", assessment_words.LIBRARIES),
    ("Why a household is to be assessed", assessment_words.DUE),
    ("For what a household agrees", keeping_words.PURPOSES),
    ("How a household stands to a purpose", keeping_words.STANDINGS),
    ("Upkeep of case files", keeping_words.UPKEEP),
    ("Stages of a device", device_words.STAGES),
    ("Steps of an installation", device_words.STEPS),
    ("Why somebody is away", away_words.KINDS),
    ("Who says that somebody is away", away_words.SAID_BY),
    ("How an absence ended", away_words.ENDS),
    ("What is owed to a household", care_words.KINDS),
    ("How far a visit or call has climbed", care_words.STAGES),
    ("How a visit or call that was owed has ended", care_words.ENDS),
    ("What an early warning says", warning_words.CODES),
    ("How an early warning is answered", warning_words.ANSWERS),
    ("How a referral stands", referral_words.STATES),
    ("What is done about a referral", referral_words.ACTS),
    ("What came of a referral", referral_words.RESULTS),
    ("What a household says of a referral", referral_words.RATINGS),
    ("How an organisation has said it", referral_words.HOWS),
    ("Kinds of organisations", referral_words.KINDS),
]


@pytest.mark.parametrize(("heading", "english"), SCREEN_WORDS, ids=[heading for heading, _ in SCREEN_WORDS])
def test_the_glossary_has_the_words_of_the_screens(heading: str, english: Mapping[Enum, str]) -> None:
    catalogue = read_catalogue("zh_CN")
    shown = {}
    for word, text in english.items():
        message = catalogue.get(text)
        shown[_code(word)] = message.string if message else ""
    assert {code: cells[0] for code, cells in table(paper("glossary.md"), heading).items()} == shown


def test_the_words_of_the_service_are_each_explained_once() -> None:
    rows = table(paper("glossary.md"), "The service")
    assert {"alarm": "报警", "incident": "警情", "fault": "故障", "claim": "受理", "close": "结案"}.items() <= {
        code: cells[0] for code, cells in rows.items()
    }.items()
    chinese = [cells[0] for cells in rows.values()]
    assert len(chinese) == len(set(chinese))
    assert all(CHINESE.search(word) for word in chinese)


def test_every_kind_of_signal_is_documented_with_its_fields() -> None:
    rows = table(paper("signals.md"), "Kinds")
    assert list(rows) == [str(kind.__struct_config__.tag) for kind in SIGNAL_CLASSES]
    common = set(Signal.__struct_fields__)
    for kind in SIGNAL_CLASSES:
        chinese, fields, meaning = rows[str(kind.__struct_config__.tag)]
        assert set(re.findall(r"`(\w+)`", fields)) == set(kind.__struct_fields__) - common, kind
        assert CHINESE.search(chinese)
        assert meaning


def test_every_field_common_to_signals_is_documented() -> None:
    assert list(table(paper("signals.md"), "Every signal")) == list(Signal.__struct_fields__)


def test_what_does_not_hold_with_the_other_broker_is_in_the_docs() -> None:
    told = re.sub(r"\s+", " ", paper("broker.md")).lower()
    assert [limit for limit in LIMITS if limit.lower() not in told] == []


def test_every_line_of_the_broker_s_configuration_has_its_reason() -> None:
    bare = []
    paragraphs = (TEMPLATES / "mosquitto.conf").read_text(encoding="utf-8").split("\n\n")
    for paragraph in paragraphs:
        if not paragraph.lstrip().startswith("#"):
            bare.append(paragraph)  # noqa: PERF401 - reads better so
    assert bare == []


def test_the_ladder_in_the_papers_is_the_ladder_of_the_rules() -> None:
    rows = table(paper("escalation.md"), "Steps")
    policy = Policy()
    catalogue = read_catalogue("zh_CN")
    for column, priority in enumerate(Priority, 1):
        plan = policy.built_in(priority)
        assert plan is not None
        times: dict[str, list[int]] = {}
        for step in plan.steps:
            times.setdefault(step.level.value, []).append(step.after_s)
        if plan.everybody:
            times["everybody"] = [plan.rounds * plan.pass_s + plan.last_wait_s]
        told = {code: cells[column] for code, cells in rows.items() if code != "again" and cells[column]}
        assert told == {level: ", ".join(map(str, after_s)) for level, after_s in times.items()}
        assert rows["again"][column] == str(plan.again_s)
    for level, text in words.ESCALATION_LEVELS.items():
        message = catalogue.get(text)
        assert message is not None
        assert rows[level.value][0] == message.string


def test_every_setting_is_documented_with_its_default() -> None:
    rows = {
        cells[0].strip().strip("`"): cells[1].strip().strip("`")
        for cells in (line.strip("|").split("|") for line in paper("settings.md").splitlines() if line[:3] == "| `")
    }
    defaults = {}
    for name, field in Settings.model_fields.items():
        value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        defaults[name] = str(value).lower() if isinstance(value, bool) else str(value)
    assert rows == defaults


def test_the_thresholds_of_floods_are_documented_with_their_defaults() -> None:
    rows = table(paper("floods.md"), "Thresholds")
    assert {name: cells[0] for name, cells in rows.items()} == {
        name: str(value) for name, value in msgspec.structs.asdict(Policy().floods).items()
    }


def test_the_terms_of_care_are_documented_with_their_bounds() -> None:
    rows = table(paper("care.md"), "Terms")
    usual = msgspec.structs.asdict(CareTerms())
    assert {name: cells[:2] for name, cells in rows.items()} == {
        name: [str(usual[name]), f"{least}–{most}"] for name, (least, most) in BOUNDS.items()
    }


def test_the_table_of_points_in_the_papers_is_that_of_the_rules() -> None:
    catalogue, text = read_catalogue("zh_CN"), paper("assessment.md")
    rows = table(text, "Criteria")
    assert list(rows) == [it.code for it in TABLE.criteria]
    for it in TABLE.criteria:
        message = catalogue.get(assessment_words.CRITERIA[it.code])
        least = it.at_least.value if it.at_least else ""
        shown = [it.dimension.value, message.string if message else "", str(it.points), it.group, least]
        assert rows[it.code] == shown, it.code
    labels = {tier.value: str(least) for least, tier in TABLE.labels} | {"watch": "0"}
    wanted = {tier.value: [labels[tier.value], str(EVERY_DAYS[tier])] for tier in RiskTier}
    assert {code: cells[1:3] for code, cells in table(text, "Labels").items()} == wanted
