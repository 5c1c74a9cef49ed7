"""The English word for everything the service has a code word for; translated in the catalogues."""

from __future__ import annotations

from alerting.casefile import AreaLevel, DeviceStatus, Role
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
    AlarmKind.MANUAL: mark("Call for help by telephone"),
    AlarmKind.RULE_FAILED: mark("Signal could not be judged"),
}

FAULTS: dict[FaultKind, str] = {
    FaultKind.MISSED_CHECK_IN: mark("Check-in missed"),
    FaultKind.BATTERY_LOW: mark("Battery low"),
    FaultKind.TAMPER: mark("Tampered with"),
    FaultKind.OFFLINE: mark("Out of reach"),
    FaultKind.NOT_JUDGED: mark("Signals not judged"),
    FaultKind.DEVICE: mark("Device reports a fault"),
}

STATES: dict[IncidentState, str] = {
    IncidentState.OPEN: mark("Unclaimed"),
    IncidentState.CLAIMED: mark("Claimed"),
    IncidentState.DISPATCHED: mark("Dispatched"),
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
    EntryKind.UNCLAIMED: mark("Nobody has taken it: all consoles rang again"),
    EntryKind.ESCALATED: mark("Escalated"),
    EntryKind.PAGE_SENT: mark("Page sent"),
    EntryKind.PAGE_FAILED: mark("Page not sent, trying again"),
    EntryKind.PAGE_LOST: mark("Page given up"),
    EntryKind.SHOWN_UNRECORDED: mark("Shown while the store was away; recorded since"),
    EntryKind.PAGE_DELIVERED: mark("Page delivered"),
    EntryKind.PAGE_UNDELIVERED: mark("Page not delivered"),
    EntryKind.PAGE_SEEN: mark("Page's link opened"),
    EntryKind.PAGE_ACCEPTED: mark("Page accepted"),
    EntryKind.PAGE_DECLINED: mark("Page declined"),
    EntryKind.CALL_IN: mark("Incoming call"),
    EntryKind.CALL_OUT: mark("Outgoing call"),
}

ESCALATION_LEVELS: dict[EscalationLevel, str] = {
    EscalationLevel.RING: mark("All consoles"),
    EscalationLevel.SUPERVISOR: mark("Supervisor"),
    EscalationLevel.DUTY: mark("Duty telephone"),
    EscalationLevel.CHAIN: mark("All duty telephones"),
}

PAGE_ERRORS: dict[str, str] = {
    "not_taken": mark("the channel did not take it"),
    "no_telephone": mark("no such duty telephone is set up"),
    "failed": mark("the channel failed"),
    "hangs": mark("the channel does not answer"),
    "too_late": mark("its time was over"),
    "provider_down": mark("the provider cannot be reached"),
    "provider_silent": mark("the provider does not answer"),
    "throttled": mark("the provider takes no more just now"),
    "refused": mark("the provider refuses it"),
    "not_carried": mark("the provider does not carry this"),
    "bad_number": mark("this is no telephone number"),
    "off": mark("switched off"),
    "busy": mark("Engaged"),
    "no_answer": mark("No answer"),
    "rejected": mark("call rejected"),
    "unreachable": mark("out of reach"),
    "not_delivered": mark("the network could not deliver it"),
}

PAGE_ANSWERS: dict[str, str] = {
    "key": mark("by pressing a key"),
    "link": mark("by link and PIN"),
    "console": mark("at the console"),
}
"""How a page was answered."""

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

AREA_LEVELS: dict[AreaLevel, str] = {
    AreaLevel.CITY: mark("City"),
    AreaLevel.DISTRICT: mark("District"),
    AreaLevel.TOWN: mark("Town"),
    AreaLevel.VILLAGE: mark("Village"),
}

DEVICE_STATUSES: dict[DeviceStatus, str] = {
    DeviceStatus.ACTIVE: mark("In use"),
    DeviceStatus.MOVED: mark("Moved"),
    DeviceStatus.RETIRED: mark("Retired"),
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
}

LIMIT_SOURCES: dict[str, str] = {
    "own_rhythm": mark("learned from this home's own rhythm"),
    "city": mark("the city's table; this home's rhythm is not known yet"),
    "cap": mark("the longest silence the centre allows at this hour"),
}

CALL_RESULTS: dict[str, str] = {
    "spoke": mark("Spoke"),
    "no_answer": mark("No answer"),
    "busy": mark("Engaged"),
}

CALL_STATES: dict[str, str] = {
    **CALL_RESULTS,
    "ringing": mark("ringing"),
    "answered": mark("being spoken"),
    "ended": mark("over"),
    "failed": mark("failed"),
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
    "not_blind": mark("This home is confirmed already."),
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
    "writer": mark("The writer failed over a batch and took it apart piece by piece"),
    "writer_lag": mark("The writer is behind"),
    "loop_lag": mark("The screens' loop is behind"),
    "clock_step": mark("The host's clock was stepped"),
    "no_duty_phone": mark("No duty telephone is set up: an incident that nobody takes reaches nobody outside"),
    "duty_phone": mark("A duty telephone could not be reached the last time"),
    "provider": mark("A provider of text messages or calls did not take the last order"),
    "telemetry_behind": mark("The time-series store has been behind for more than ten minutes"),
    "telemetry_refused": mark("The time-series store refuses telemetry: token, bucket or certificate"),
}

WARNINGS: dict[str, str] = {
    "canary_off": mark("No trial press is set up: whether a press would come through is not tried"),
    "heartbeat": mark("The heartbeat does not reach the outside: nobody there would notice if this system stopped"),
}

CANARY_STOPS: dict[str, str] = {
    "broker": mark("the broker was not there"),
    "receipt": mark("the gateway gave no receipt"),
    "console": mark("it did not reach the console"),
}
"""How far the last trial press had come that was lost."""

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
    "again": mark("rang again"),
    "not_recorded": mark("not recorded yet"),
    "times": mark("%(n)s alarms"),
    "new_alarm": mark("New alarm: %(what)s, %(who)s, %(where)s"),
    "refused": mark("Not done: %(why)s"),
    "failed": mark("Could not be sent. Nothing was recorded; please try again."),
    "changed_under": mark("This incident has changed; what you are typing was kept."),
    "open_here": mark("%(n)s open"),
    "signed_out": mark("You have been signed out. Sign in again to go on watching."),
    "all_taken": mark("Nothing is waiting to be claimed."),
    "map_failed": mark("The map could not be loaded."),
    "zoom_in": mark("Zoom in"),
    "zoom_out": mark("Zoom out"),
}
