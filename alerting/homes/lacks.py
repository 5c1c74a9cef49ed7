"""Why a home is not protected, in words of the service."""

from __future__ import annotations

from enum import StrEnum


class Lack(StrEnum):
    """What a home lacks to be protected."""

    NO_CALLER = "no_caller"
    """Nothing by which the resident could call for help."""
    NO_EYE = "no_eye"
    """Nothing that could show that somebody moves."""
    NOT_ARMED = "not_armed"
    """The installation of a required device is not finished."""
    NO_ROLE = "no_role"
    """A device that this home must have is missing."""
    NEVER_SEEN = "never_seen"
    """A required device has not been heard since it was enrolled, and its time has passed."""
    UNHEARD = "unheard"
    """A required device was not heard within its time."""
    OFFLINE = "offline"
    """The bridge cannot reach a required device."""
    HUB_DEAD = "hub_dead"
    """What the resident calls with is heard only through a hub of the home that is dead."""
    BATTERY = "battery"
    """The battery of a required device is low."""
    TEST_OVERDUE = "test_overdue"
    """The home's test press is overdue."""
    BLIND = "blind"
    """Signals of the home may have been missed, and nobody has confirmed it since."""
