"""The English words of who could go to a home and why; translated in the catalogues."""

from __future__ import annotations

from alerting.casefile import Skill
from alerting.duty.candidates import Why
from dashboard.words import mark

WHYS: dict[str, str] = {
    Why.RESPONSIBLE: mark("named in the case file"),
    Why.STANDS_IN: mark("stands in"),
    Why.HOLDS_KEY: mark("has the key"),
    Why.NEAREST: mark("nearest"),
    Why.ON_DUTY: mark("on duty"),
    Why.SKILLED: mark("has the skill"),
    Why.REFUSED: mark("has said: cannot go"),
    Why.NO_WORD: mark("no word"),
    Why.ON_A_JOB: mark("on another job"),
    Why.OFF: mark("off"),
    Why.CANNOT_BE_PAGED: mark("only by telephone"),
}

SKILLS: dict[str, str] = {
    Skill.NURSE: mark("nurse"),
    Skill.FIRST_AID: mark("first aid"),
    Skill.ELECTRICIAN: mark("electrician"),
    Skill.LOCKSMITH: mark("locksmith"),
    Skill.SIGN_LANGUAGE: mark("sign language"),
}
