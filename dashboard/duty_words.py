"""The English words of escalation, plans and rosters; translated in the catalogues."""

from __future__ import annotations

from alerting.casefile import Channel
from alerting.duty.plan import TargetKind
from dashboard.words import mark

CHANNELS: dict[str, str] = {
    Channel.PUSH: mark("push message"),
    Channel.SMS: mark("text message"),
    Channel.VOICE: mark("call"),
}

TARGETS: dict[str, str] = {
    TargetKind.CONSOLES: mark("All consoles"),
    TargetKind.SUPERVISOR: mark("Supervisor on shift"),
    TargetKind.DUTY_PHONE: mark("First duty telephone"),
    TargetKind.DUTY_PHONES: mark("Every duty telephone"),
    TargetKind.VILLAGE: mark("Responsible person of the village"),
    TargetKind.TOWN: mark("Responsible person of the town"),
    TargetKind.KEY_HOLDER: mark("Key holder"),
    TargetKind.ON_DUTY: mark("On duty"),
    TargetKind.PERSON: mark("One person"),
}

POSTS: dict[str, str] = {
    "supervisor": mark("Supervisor on shift"),
    "town_duty": mark("Duty of the town"),
    "village": mark("Responsible person of the village"),
    "town": mark("Responsible person of the town"),
    "grid": mark("Grid worker"),
    "social": mark("Social worker"),
    "person": mark("Person named in a plan"),
}

EDITION_KINDS: dict[str, str] = {"plans": mark("Plans"), "roster": mark("Roster"), "scripts": mark("Scripts")}

HOWS: dict[str, str] = {
    "link": mark("by the link"),
    "key": mark("by a key on the telephone"),
    "console": mark("at a console"),
}

FLAWS: dict[str, str] = {
    "no_staffed_last_step": mark(
        "The last step of a P1 plan must reach somebody at any hour: a duty telephone or a post without a gap: %(what)s"
    ),
    "steps_out_of_order": mark("Each step must come later than the one before: %(what)s"),
    "no_steps": mark("It has no steps, or a step that calls nobody: %(what)s"),
    "bad_step_time": mark("The first step must come after 10 s at the earliest, the last within a day: %(what)s"),
    "too_slow_for_p1": mark(
        "Too slow for P1: all steps and an acceptance within an hour, and everybody at the end: %(what)s"
    ),
    "bad_rounds": mark("1 to 5 rounds: %(what)s"),
    "bad_times": mark("Repeats and acceptances last at least 60 s: %(what)s"),
    "name_twice": mark("Every plan needs a name of its own: %(what)s"),
    "same_scope": mark("Two plans would apply to the same incident, and neither is more specific: %(what)s"),
    "unknown_area": mark("There is no such area: %(what)s"),
    "unknown_role": mark("The roster has no shift for this role: %(what)s"),
    "unknown_person": mark("There is no such person: %(what)s"),
    "several_people": mark("Several people have this name. Choose one from the list, or write one of: %(what)s"),
    "empty_shift": mark("A shift needs a role and somebody who stands: %(what)s"),
    "ends_before": mark("It ends before it begins: %(what)s"),
    "bad_hours": mark("Hours lie between 00:00 and 24:00"),
    "bad_days": mark("Days are 1 (Monday) to 7 (Sunday)"),
    "bad_date": mark("There is no such date: %(what)s"),
    "no_number": mark("This is no whole number: %(what)s"),
    "empty_role": mark("A post needs a name"),
    "own_deputy": mark("Nobody can be their own deputy: %(what)s"),
    "pick_two": mark("Tick exactly two turns of two people in the week"),
    "pick_and_name": mark("Tick at least one turn, and name who takes it"),
    "not_read": mark("The text cannot be read: %(what)s"),
    "too_long": mark("Too long, and nothing of it was cut; characters at most: %(what)s"),
}

DAY_KINDS: dict[str, str] = {
    "any": mark("every day"),
    "working": mark("working days"),
    "off": mark("weekends and holidays"),
}

WEEKDAYS: dict[str, str] = {
    "1": mark("Mon"),
    "2": mark("Tue"),
    "3": mark("Wed"),
    "4": mark("Thu"),
    "5": mark("Fri"),
    "6": mark("Sat"),
    "7": mark("Sun"),
}

OF_THE_REGISTER: dict[str, str] = {
    "bad_staff_name": mark("A name is needed, of at most 40 characters."),
    "bad_responder": mark("This cannot be registered: id or office are not valid."),
    "bad_staff_number": mark("A telephone number is needed: digits, blanks and dashes."),
    "bad_staff_place": mark("The place needs latitude and longitude in degrees, and the map they come from."),
}
"""Why somebody who could be sent is not registered."""

REFUSALS: dict[str, str] = OF_THE_REGISTER | {
    "bad_staff_pin": mark("A PIN is four to twelve digits."),
    "drill_running": mark("A drill of this area is running already."),
    "no_drill": mark("No drill of this area is running."),
    "nobody_to_call": mark("Nobody is chosen who could be called."),
    "too_many_called": mark("These are too many at once (at most 400): choose a smaller area."),
    "bad_time": mark("There must be between 5 and 45 minutes to answer."),
}
"""Why a drill is not started or stopped, or somebody not registered."""
