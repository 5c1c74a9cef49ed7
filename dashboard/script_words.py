"""The English words of scripts; translated in the catalogues."""

from __future__ import annotations

from alerting.incidents.script import Contact, Do, Occasion, Target
from dashboard.words import mark

DOES: dict[str, str] = {
    Do.CALL: mark("Telephone"),
    Do.PROMPT: mark("Ask through the home's device"),
    Do.SEND: mark("Send to the door"),
    Do.READ: mark("Say or bear in mind"),
}

TARGETS: dict[str, str] = {
    Target.NOBODY: mark("nobody"),
    Target.HOME: mark("The home (first number)"),
    Target.SECOND: mark("The second number"),
    Target.CONTACTS: mark("All contacts of the case file"),
    Target.KEY_HOLDER: mark("The key holder"),
    Target.VILLAGE: mark("The responsible person of the village"),
    Target.TOWN: mark("The responsible person of the town"),
    Target.AMBULANCE: mark("120, ambulance"),
    Target.POLICE: mark("110, police"),
    Target.FIRE: mark("119, fire brigade"),
}

CONTACTS: dict[str, str] = {
    Contact.NONE: mark("nobody has answered yet"),
    Contact.HELP: mark("the resident needs help"),
    Contact.WELL: mark("the resident is well"),
}

OCCASIONS: dict[str, str] = {
    Occasion.WANDERING: mark("Lost away from home: chosen by hand on an incident"),
    Occasion.FAULT: mark("Equipment faults: shown beside the list of faults"),
    Occasion.UNREGISTERED: mark("A device without a home calls: whoever it is must be found"),
}

FACT_NAMES: dict[str, str] = {
    "resident": mark("name of the resident"),
    "phone": mark("their telephone number"),
    "address": mark("address"),
    "case": mark("case number"),
    "access": mark("way in"),
    "risks": mark("what to beware of"),
}

FORM: dict[str, str] = {**DOES, **TARGETS, **CONTACTS, **OCCASIONS, **FACT_NAMES}

OF_KIND = frozenset({"kind_without_script", "kind_twice"})
"""Flaws that name a kind of alarm in place of a script."""

FLAWS: dict[str, str] = {
    "too_many_scripts": mark("At most 40 scripts can be in force"),
    "script_twice": mark("Two scripts have the same name for the machine"),
    "kind_without_script": mark("No script is for this alarm"),
    "kind_twice": mark("Two scripts are for this alarm, and only the first would ever be shown"),
    "occasion_without_script": mark("There must be exactly one script for this"),
    "bad_id": mark("The name for the machine must be small letters, digits and _"),
    "no_title": mark("The title is missing in Chinese or in English"),
    "no_kinds": mark("It must say for which alarms it is"),
    "no_steps": mark("It has no steps"),
    "too_many_steps": mark("It has more than 30 steps"),
    "same_id": mark("Two steps have the same name for the machine"),
    "unreachable": mark("This step can never come up: it is done by then, or nothing finds out what it waits for"),
    "no_end_well": mark("It has no end: no step says what to do once the resident is well"),
    "no_end_none": mark("It has no end: when nobody answers, nobody is sent and no emergency service is called"),
    "no_end_help": mark("It has no end: when help is needed, nobody is sent and no emergency service is called"),
    "sends_nobody_none": mark("When nobody answers, nobody is sent to the door"),
    "sends_nobody_help": mark("When help is needed, nobody is sent to the door"),
    "no_emergency_none": mark("When nobody answers, no emergency service is ever called (120, 110 or 119)"),
    "no_emergency_help": mark("When help is needed, no emergency service is ever called (120, 110 or 119)"),
    "unknown_do": mark("There is no such kind of step"),
    "unknown_target": mark("There is nobody of this kind to call or send"),
    "unknown_kind": mark("There is no such alarm"),
    "no_text": mark("The text is missing in Chinese or in English"),
    "long_text": mark("The text is longer than 1000 characters"),
    "bad_tries": mark("1 to 5 tries"),
    "bad_time": mark("The time must lie between 0 seconds and a day"),
    "never_needed": mark("It must say when it is needed"),
    "bad_target": mark("A call and a sending need somebody; the other steps nobody"),
    "cannot_be_sent": mark("Only the responsible persons of village and town can be sent"),
    "bad_text": mark("A brace { or } does not belong to a placeholder"),
    "unknown_fact": mark("A placeholder in braces does not exist"),
}

CHANGES: dict[str, str] = {
    "added": mark("added"),
    "removed": mark("removed"),
    "moved": mark("moved"),
    "changed": mark("changed"),
}

FIELDS: dict[str, str] = {
    "title": mark("Title"),
    "kinds": mark("For these alarms"),
    "order": mark("Order"),
    "do": mark("Kind of step"),
    "target": mark("Whom"),
    "when": mark("Needed when"),
    "tries": mark("Tries"),
    "within_s": mark("Within"),
    "zh": mark("Text in Chinese"),
    "en": mark("Text in English"),
}
