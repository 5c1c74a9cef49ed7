"""Words of screens about test mode, the ledger of tests and the state of the equipment. Chinese in the catalogue."""

from __future__ import annotations

from alerting.homes.lacks import Lack
from alerting.homes.steps import AnnouncedFor, StepEnd
from dashboard.words import mark

PURPOSES: dict[AnnouncedFor, str] = {
    AnnouncedFor.PRESS: mark("Test press"),
    AnnouncedFor.WALK: mark("Walk test"),
}

STEP_ENDS: dict[StepEnd, str] = {
    StepEnd.MATCHED: mark("came through"),
    StepEnd.TIME: mark("did not come in time"),
    StepEnd.WITHDRAWN: mark("ended before it came"),
    StepEnd.REPLACED: mark("the next device was announced"),
    StepEnd.INCIDENT: mark("broken off by an incident"),
    StepEnd.CLOSED: mark("rang, and was closed as a test"),
}

PRESS_STATES: dict[str, str] = {
    "overdue": mark("test press overdue"),
    "due": mark("test press due"),
    "done": mark("test press not due"),
}

LACKS: dict[Lack, str] = {
    Lack.NO_CALLER: mark("nothing to call for help with"),
    Lack.NO_EYE: mark("nothing that sees movement"),
    Lack.NOT_ARMED: mark("installation not finished"),
    Lack.NO_ROLE: mark("a required device is missing"),
    Lack.NEVER_SEEN: mark("never heard since it was registered"),
    Lack.UNHEARD: mark("not heard in time"),
    Lack.OFFLINE: mark("its bridge cannot reach it"),
    Lack.HUB_DEAD: mark("the home's hub is dead: a press does not come through"),
    Lack.BATTERY: mark("battery is low"),
    Lack.TEST_OVERDUE: mark("test press overdue"),
    Lack.BLIND: mark("signals may have been missed"),
}

REFUSALS: dict[str, str] = {
    "incident_open": mark("This home has an open incident: what comes now is real. Close it first."),
    "no_device": mark("This home has no such device."),
    "other_role": mark("The device has another role by now. Look at the page again."),
    "no_test": mark("There is nothing to test on a device of this role."),
    "no_name": mark("Say who tests."),
    "bad_time": mark("Test mode lasts at most 15 minutes."),
    "test_running": mark("Somebody else is testing in this home. Wait until that is over, or end it."),
    "no_test_running": mark("No test runs on this device any more."),
}
"""Why a command about equipment was not carried out."""
