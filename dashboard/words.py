"""The English word for everything the service has a code word for; translated in the catalogues."""

from __future__ import annotations

from alerting.casefile import Role
from alerting.model import (
    AlarmKind,
    BlindCause,
    EntryKind,
    EscalationLevel,
    FaultKind,
    IncidentState,
    Outcome,
    Priority,
    RiskTier,
)


def mark(text: str) -> str:
    """Mark English source text for the catalogues; it is translated when it is shown."""
    return text


ALARMS: dict[AlarmKind, str] = {
    AlarmKind.PANIC: mark("Emergency button"),
    AlarmKind.FALL: mark("Fall"),
    AlarmKind.SMOKE: mark("Smoke"),
    AlarmKind.GAS: mark("Gas"),
    AlarmKind.MEDICAL: mark("Medical alarm"),
    AlarmKind.RETAINED_PANIC: mark("Stored press to check"),
    AlarmKind.UNCERTAIN: mark("Unclear device alarm"),
    AlarmKind.INACTIVITY: mark("No activity"),
    AlarmKind.UNSEEN: mark("Home cannot be seen"),
    AlarmKind.CANNOT_CALL: mark("Cannot call for help"),
    AlarmKind.MANUAL: mark("Call for help by telephone"),
    AlarmKind.RULE_FAILED: mark("Signal could not be judged"),
    AlarmKind.AUDIT: mark("The checker found something"),
    AlarmKind.FOLLOW_UP: mark("Follow-up call without success"),
    AlarmKind.AREA_OUTAGE: mark("Many homes fell silent"),
    AlarmKind.AREA_BRIDGE: mark("Bridge of many homes is gone"),
    AlarmKind.AREA_CALLS: mark("Many homes call for help"),
}

FAULTS: dict[FaultKind, str] = {
    FaultKind.MISSED_CHECK_IN: mark("Check-in missed"),
    FaultKind.BATTERY_LOW: mark("Battery low"),
    FaultKind.TAMPER: mark("Tampered with"),
    FaultKind.OFFLINE: mark("Out of reach"),
    FaultKind.NOT_JUDGED: mark("Signals not judged"),
    FaultKind.DEVICE: mark("Device reports a fault"),
    FaultKind.UNREADABLE: mark("Something it said cannot be read"),
    FaultKind.CHATTERS: mark("Chatters: the same alarm again and again"),
    FaultKind.NEVER_SEEN: mark("Never heard since it was registered"),
    FaultKind.BATTERY_ENDS: mark("Battery empty soon"),
    FaultKind.WEAK_LINK: mark("Weak radio link"),
    FaultKind.STUCK: mark("Sensor stuck"),
}

STATES: dict[IncidentState, str] = {
    IncidentState.OPEN: mark("Unclaimed"),
    IncidentState.CLAIMED: mark("Claimed"),
    IncidentState.VERIFYING: mark("Being verified"),
    IncidentState.DISPATCHED: mark("Dispatched"),
    IncidentState.ON_SCENE: mark("On scene"),
    IncidentState.RESOLVED: mark("Resolved"),
    IncidentState.CLOSED: mark("Closed"),
}

OUTCOMES: dict[Outcome, str] = {
    Outcome.REAL: mark("Help was needed and given"),
    Outcome.ACCIDENTAL: mark("Pressed by mistake"),
    Outcome.WAS_WELL: mark("Was well, nothing had happened"),
    Outcome.TEST: mark("Test"),
    Outcome.EQUIPMENT: mark("Equipment at fault"),
    Outcome.NOT_AT_HOME: mark("Nobody was at home"),
    Outcome.OTHER: mark("Other"),
}

ENTRIES: dict[EntryKind, str] = {
    EntryKind.ALARM: mark("Alarm"),
    EntryKind.PRESSED_AGAIN: mark("Rang again"),
    EntryKind.RAISED: mark("Priority raised"),
    EntryKind.CLAIMED: mark("Claimed"),
    EntryKind.RELEASED: mark("Given back to the queue"),
    EntryKind.CALLED: mark("Telephoned"),
    EntryKind.PROMPTED: mark("Asked through the home's device"),
    EntryKind.ANSWERED_WELL: mark("Resident answered: I am well"),
    EntryKind.DISPATCHED: mark("Dispatched"),
    EntryKind.RECALLED: mark("Responder called back"),
    EntryKind.ARRIVED: mark("Responder at the door"),
    EntryKind.RESOLVED: mark("Resolved"),
    EntryKind.REOPENED: mark("Taken up again"),
    EntryKind.CLOSED: mark("Closed"),
    EntryKind.NOTE: mark("Note"),
    EntryKind.ACTIVITY: mark("Activity in the home again"),
    EntryKind.CLEARED: mark("Alarm ended"),
    EntryKind.GREW: mark("The silence has become rare even for this home"),
    EntryKind.UNCLAIMED: mark("Nobody has taken it: all consoles rang again"),
    EntryKind.ESCALATED: mark("Escalated"),
    EntryKind.PAGE_SENT: mark("Page sent"),
    EntryKind.PAGE_FAILED: mark("Page not sent, trying again"),
    EntryKind.PAGE_LOST: mark("Page given up"),
    EntryKind.SHOWN_UNRECORDED: mark("Shown while the store was away; recorded since"),
    EntryKind.LAPSED: mark("Claim lapsed: it rang again"),
    EntryKind.OVERDUE: mark("Nobody there in time: it rang again"),
    EntryKind.HELD: mark("Put by"),
    EntryKind.HOLD_ENDED: mark("Put by until now: it rang again"),
    EntryKind.BROKEN_OFF: mark("Broken off by the new alarm"),
    EntryKind.TAKEN_BACK: mark("Work goes on"),
    EntryKind.OFFERED: mark("Offered to"),
    EntryKind.HANDED_OVER: mark("Handed over and accepted"),
    EntryKind.DECLINED: mark("Offer declined"),
    EntryKind.OFFER_LAPSED: mark("Not accepted in time: it rang again"),
    EntryKind.SECOND_ASKED: mark("Second person asked to agree to closing"),
    EntryKind.SECOND_AGREED: mark("Second person agrees to closing"),
    EntryKind.SECOND_REFUSED: mark("Second person does not agree to closing"),
    EntryKind.SECOND_LAPSED: mark("No second person has answered: not closed"),
    EntryKind.PAGE_ACCEPTED: mark("Accepted: the climb pauses"),
    EntryKind.ACCEPTED_LATE: mark("Accepted too late"),
    EntryKind.ACCEPTANCE_EXPIRED: mark("Acceptance expired: it climbs anew"),
    EntryKind.PAGE_DELIVERED: mark("Page delivered"),
    EntryKind.PAGE_UNDELIVERED: mark("Page not delivered"),
    EntryKind.PAGE_SEEN: mark("Page's link opened"),
    EntryKind.GIVEN_BACK: mark("Cannot go any more, given back"),
    EntryKind.PAGE_DECLINED: mark("Page declined"),
    EntryKind.MENDED: mark("Found mended"),
    EntryKind.SCRIPT: mark("Another script is followed"),
    EntryKind.PULLED_FORWARD: mark("Not reached: the next comes at once"),
    EntryKind.CALL_IN: mark("Incoming call"),
    EntryKind.CALL_OUT: mark("Outgoing call"),
    EntryKind.FOLLOW_UP_PLANNED: mark("Follow-up call planned for"),
    EntryKind.FOLLOW_UP_CALLED: mark("Follow-up call"),
    EntryKind.FOLLOW_UP_ENDED: mark("Follow-up call called off"),
    EntryKind.ALL_BACK: mark("All homes are back: ended by itself"),
    EntryKind.MERGED: mark("Goes on in the incident of the whole town"),
    EntryKind.ABSENCE: mark("Absence noted"),
    EntryKind.CARE: mark("Visit or call of the week"),
    EntryKind.JOB_ACCEPTED: mark("Responder has accepted: on the way"),
    EntryKind.JOB_DECLINED: mark("Responder cannot go: it rang again"),
    EntryKind.NOT_ACCEPTED: mark("Responder has not accepted in time: it rang again"),
    EntryKind.JOB_RECEIVED: mark("Platform has received the job"),
    EntryKind.NOT_DELIVERED: mark("Platform cannot be reached: it rang again"),
    EntryKind.JOB_EN_ROUTE: mark("Responder on the way"),
    EntryKind.JOB_INSIDE: mark("Responder inside"),
    EntryKind.JOB_SAFE: mark("Responder: the resident was safe"),
    EntryKind.JOB_NEEDS_120: mark("Responder: 120 is needed, it rang"),
    EntryKind.JOB_HANDED_OVER: mark("Responder has handed over"),
    EntryKind.JOB_ELSEWHERE: mark("Has another job: not coming"),
    EntryKind.JOB_CALLED: mark("No answer to the message: called as well"),
    EntryKind.JOB_CALL_ANSWERED: mark("Has picked up"),
    EntryKind.JOB_ETA: mark("Responder tells when they will be there"),
    EntryKind.EXPECTED_LATE: mark("Nobody will be there in time: it rang"),
    EntryKind.EXPECTED_IN_TIME: mark("Somebody will be there in time after all"),
    EntryKind.NO_WORD: mark("No word from the responder: it rang"),
    EntryKind.ASKED_AFTER: mark("No word from the responder who is there: it rang"),
    EntryKind.RISKS_READ: mark("Has read what to beware of"),
    EntryKind.NEIGHBOUR_RUNG: mark("Neighbour with a key is rung"),
    EntryKind.NEIGHBOUR_GOES: mark("Neighbour with a key goes to look"),
    EntryKind.NEIGHBOUR_CANNOT: mark("Neighbour cannot look"),
    EntryKind.NEIGHBOUR_NOT_RUNG: mark("Neighbour not rung: outside of their hours"),
    EntryKind.CHATTERS: mark("The device chatters: from here on only counted"),
}

ESCALATION_LEVELS: dict[EscalationLevel, str] = {
    EscalationLevel.RING: mark("All consoles"),
    EscalationLevel.SUPERVISOR: mark("Supervisor"),
    EscalationLevel.DUTY: mark("Duty telephone"),
    EscalationLevel.CHAIN: mark("Duty telephones and responsible persons"),
    EscalationLevel.EVERYBODY: mark("Everybody in the chain"),
}

PENDING: dict[str, str] = {
    "hold": mark("put by"),
    "offer": mark("offer to another operator"),
    "closing": mark("wish to close"),
}
"""What lies over an incident's state."""

PRIORITIES: dict[Priority, str] = {
    Priority.P1: mark("P1 emergency"),
    Priority.P2: mark("P2 urgent"),
    Priority.P3: mark("P3 check"),
    Priority.P4: mark("P4 equipment"),
}

SHAPES: dict[Priority, str] = {
    Priority.P1: "triangle",
    Priority.P2: "diamond",
    Priority.P3: "square",
    Priority.P4: "circle",
}

TIERS: dict[RiskTier, str] = {
    RiskTier.URGENT: mark("Urgent intervention"),
    RiskTier.COVERED: mark("Under full support"),
    RiskTier.CARE: mark("Needs care"),
    RiskTier.WATCH: mark("Continued attention"),
}

ACCOUNT_ROLES: dict[Role, str] = {
    Role.OPERATOR: mark("Operator"),
    Role.RESPONDER: mark("Responder"),
    Role.INSTALLER: mark("Installer"),
    Role.SUPERVISOR: mark("Supervisor"),
    Role.ADMINISTRATOR: mark("Administrator"),
}

DEVICE_ROLES: dict[str, str] = {
    "motion": mark("Infrared sensor"),
    "presence": mark("Presence sensor"),
    "panic": mark("Emergency button"),
    "pendant": mark("Portable alarm"),
    "door": mark("Door contact"),
    "contact": mark("Door contact"),
    "smoke": mark("Smoke alarm"),
    "gas": mark("Gas alarm"),
    "water": mark("Water sensor"),
    "bed": mark("Bed sensor"),
    "fall": mark("Fall detector"),
    "hub": mark("Home hub"),
    "button": mark("Button"),
}

ROOMS: dict[str, str] = {
    "living": mark("Living room"),
    "bedroom": mark("Bedroom"),
    "bathroom": mark("Bathroom"),
    "kitchen": mark("Kitchen"),
    "hall": mark("Hall"),
    "door": mark("Front door"),
    "entrance": mark("Front door"),
    "yard": mark("Yard"),
    "storage": mark("Storeroom"),
    "balcony": mark("Balcony"),
    "study": mark("Study"),
    "body": mark("Worn on the body"),
}

DUTIES: dict[str, str] = {
    "town": mark("Responsible person of the town"),
    "village": mark("Responsible person of the village"),
    "grid": mark("Grid worker"),
    "social": mark("Social worker"),
    "family": mark("Family"),
    "electrician": mark("Electrician"),
}

LIMIT_SOURCES: dict[str, str] = {
    "own_rhythm": mark("learned from this home's own rhythm"),
    "city": mark("the city's table; this home's rhythm is not known yet"),
    "learning": mark("this home's rhythm is being learned; homes like it are taken into account"),
    "away": mark("the home was hardly used these days and has had its alarm; a day is the most we wait"),
    "cap": mark("the longest silence the centre allows at this hour"),
    "grown": mark("so long a silence comes about once a year in this home"),
}

SEXES: dict[str, str] = {
    "female": mark("female"),
    "f": mark("female"),
    "女": mark("female"),
    "male": mark("male"),
    "m": mark("male"),
    "男": mark("male"),
}

DEVICE_WORDS: dict[str, str] = {
    "unregistered": mark("not registered"),
    "moved": mark("moved or retired"),
    "single": mark("pressed once"),
    "double": mark("pressed twice"),
    "long": mark("held down"),
    "short": mark("pressed briefly"),
    "emergency": mark("emergency"),
    "sos": mark("emergency"),
}

REFUSALS: dict[str, str] = {
    "no_incident": mark("This incident is closed, or there is no such incident."),
    "not_claimed": mark("Nobody has claimed this incident yet. Claim it first."),
    "wrong_state": mark("This step is not possible as the incident now stands. The page shows how it stands."),
    "held_by_other": mark("%(who)s already holds this incident."),
    "unacknowledged": mark("A new alarm has come in that nobody has taken yet. Claim it first."),
    "unknown_responder": mark("This responder is not known here."),
    "no_prompt_device": mark("This home has no device that can ask the resident."),
    "no_home": mark("This device has no home: there is nobody to ask through it."),
    "no_household": mark("There is no such home."),
    "not_judged": mark("The rules failed over this. Nothing was recorded; a fault was raised."),
    "busy": mark("The gateway is busy. Nothing was recorded; please try again."),
    "store_away": mark(
        "The store cannot be written just now. An alarm can still be claimed; write everything else down on paper."
    ),
    "no_outcome": mark("Choose an outcome before closing."),
    "not_yours": mark("This incident was not dispatched to you."),
    "no_text": mark("Write down what it is about first."),
    "second_person": mark("A second person has been asked to agree to the closing. Go on with the work first."),
    "same_person": mark("A second person must agree: another operator, or a supervisor."),
    "hold_too_long": mark("An incident of this priority cannot be put by for so long."),
    "unknown_operator": mark("Choose another operator."),
    "not_offered": mark("This is not offered to you, or not any more."),
    "nothing_pending": mark("There is nothing to answer any more."),
    "too_late": mark("It was closed too long ago to be taken up again. Open a new incident."),
    "other_running": mark("This home has a newer incident that is open. Go on with that one."),
    "nothing_to_hand_over": mark("You have no open incident: there is nothing to hand over."),
    "not_blind": mark("This home is confirmed already."),
    "no_follow_up": mark("No follow-up call is owed to this home any more."),
    "incident_running": mark("This home has an incident open: telephone from there."),
    "no_note": mark("There is no such note."),
    "accepted_by_other": mark("%(who)s has accepted already and takes care of it."),
    "unknown_person": mark("You are not among those who can be called: no verified address is recorded."),
    "edited_meanwhile": mark("Somebody else has saved meanwhile. Look at what is there now, and change that."),
    "bad_plans": mark("These plans cannot be used."),
    "bad_budget": mark("This budget cannot be used."),
    "trial_runs": mark("Another trial is running: wait for it, or end it."),
    "bad_home_budget": mark("A home's own number of false alarms must lie between 0.02 and 10 a week."),
    "homes_over_city": mark("The homes' own numbers together may be at most half of the city's."),
    "bad_scripts": mark("These scripts cannot be used."),
    "bad_roster": mark("This roster cannot be used."),
    "unknown": mark("There is no such page."),
    "over": mark("This link is over"),
    "no_pin": mark("No PIN is set up for you: press 1 when you are called, or telephone the desk."),
    "wrong_pin": mark("The PIN is not right."),
    "not_dialable": mark("This number is not in the case file of this incident."),
    "no_exchange": mark("No telephone exchange is set up that could dial."),
    "no_extension": mark("No extension is set up for your account."),
    "exchange_down": mark("The telephone exchange did not take the call. Dial by hand."),
}

WRONGS: dict[str, str] = {
    "canary": mark("The trial press has not come through for more than three minutes: a real one may not either"),
    "broker": mark("The MQTT broker cannot be reached: no signal is coming in"),
    "store": mark("The store cannot be written: alarms ring all the same, marked as not recorded"),
    "store_unopened": mark(
        "The store could not be opened: alarms ring from the registry's snapshot, marked as not recorded. "
        "What was open before is not shown here: take the continuity pack"
    ),
    "auditor": mark("The checker is dead, hangs or cannot look: whether anything waits for nobody is not known"),
    "audit_found": mark("The checker has found something of this system that is not as it must be: see its incident"),
    "writer": mark("The writer failed over a batch and took it apart piece by piece"),
    "writer_lag": mark("The writer is behind"),
    "loop_lag": mark("The screens' loop is behind"),
    "clock_step": mark("The host's clock was stepped"),
    "no_duty_phone": mark("No duty telephone is set up: an incident that nobody takes reaches nobody outside"),
    "duty_phone": mark("A duty telephone could not be reached the last time"),
    "bad_plans": mark("Stored plans or roster cannot be used as they are: the built-in plan applies. See Duty"),
    "no_cover": mark("Within the next 24 hours there are hours in which nobody can be called. See Duty"),
    "provider": mark("A provider of text messages or calls did not take the last order"),
    "telemetry_behind": mark("The time-series store has been behind for more than ten minutes"),
    "telemetry_refused": mark("The time-series store refuses telemetry: token, bucket or certificate"),
}

WARNINGS: dict[str, str] = {
    "cannot_audit": mark("Cannot audit just now: nothing is proved until the store and the writer answer"),
    "no_cover": mark("Within the next 24 hours there are hours in which nobody can be called. See Duty"),
    "push_failing": mark("News is not taken by another system: it waits. See Exchange"),
    "canary_off": mark("No trial press is set up: whether a press would come through is not tried"),
    "heartbeat": mark("The heartbeat does not reach the outside: nobody there would notice if this system stopped"),
    "continuity_off": mark("No continuity pack is written: continuity_passphrase is not set"),
    "continuity_failed": mark("The continuity pack could not be written"),
    "snapshot_failed": mark("The snapshot of the registry could not be written"),
    "backup_off": mark("No back-up is written: backup_folder and backup_passphrase are not set"),
    "backup_failed": mark("The back-up of the store could not be written"),
}

BLIND_CAUSES: dict[BlindCause, str] = {
    BlindCause.GATEWAY: mark("The gateway was away"),
    BlindCause.BROKER: mark("The broker was away"),
    BlindCause.LINK: mark("The home's link was down"),
}

CONSOLE_WORDS: dict[str, str] = {
    "live": mark("Live"),
    "connecting": mark("Connecting…"),
    "polling": mark("Polling"),
    "lost": mark("Connection lost"),
    "lost_text": mark("Connection lost. This page no longer changes and no alarm will show. Trying again…"),
    "sound_off": mark("Start shift"),
    "sound_on": mark("Sound on"),
    "sound_muted": mark("Muted, except P1"),
    "not_recorded": mark("not recorded yet"),
    "times": mark("%(n)s alarms"),
    "folded": mark("%(n)s folded"),
    "filter_hides": mark("The filter hides %(n)s"),
    "filtered_out": mark("None of the %(n)s here fits the filter."),
    "new_alarm": mark("New alarm: %(what)s, %(who)s, %(where)s"),
    "refused": mark("Not done: %(why)s"),
    "failed": mark("Could not be sent. Nothing was recorded; please try again."),
    "not_shown": mark("The incident could not be loaded. This is still the one before; please try again."),
    "changed_under": mark("This incident has changed; what you are typing was kept."),
    "open_here": mark("%(n)s open"),
    "signed_out": mark("You have been signed out. Sign in again to go on watching."),
    "all_taken": mark("Nothing is waiting to be claimed."),
    "map_failed": mark("The map could not be loaded."),
    "zoom_in": mark("Zoom in"),
    "zoom_out": mark("Zoom out"),
    "wall_lost": mark("Connection lost. These numbers are old. Trying again…"),
    "wall_ended": mark("Shown no longer: somebody has to sign in here and open the wall again."),
}
