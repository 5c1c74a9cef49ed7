"""Why a command was not carried out: the English words of every room, by the word of the rules."""

from __future__ import annotations

from dashboard import (
    account_words,
    area_words,
    away_words,
    care_words,
    case_words,
    channel_words,
    device_words,
    duty_words,
    equipment_words,
    exchange_words,
    job_words,
    referral_words,
    repair_words,
    value_words,
    warning_words,
    words,
)

REFUSALS: dict[str, str] = (
    words.REFUSALS | device_words.REFUSALS | device_words.ON_THE_PAGE | equipment_words.REFUSALS | repair_words.REFUSALS
)
REFUSALS |= case_words.REFUSALS | away_words.REFUSALS | care_words.REFUSALS | warning_words.REFUSALS
REFUSALS |= exchange_words.REFUSALS | referral_words.REFUSALS | job_words.REFUSALS | duty_words.REFUSALS
REFUSALS |= account_words.REFUSALS | area_words.REFUSALS | channel_words.REFUSALS | value_words.REFUSALS
