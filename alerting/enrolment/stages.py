"""How an installation goes on: the state machine of a device's stages, as a table."""

from __future__ import annotations

from alerting.casefile import DeviceStage, InstallationStep

REGISTERED, INSTALLED, TESTED, ARMED = DeviceStage

NEXT: dict[DeviceStage, frozenset[DeviceStage]] = {
    REGISTERED: frozenset({INSTALLED}),
    INSTALLED: frozenset({TESTED, REGISTERED}),
    TESTED: frozenset({ARMED, INSTALLED, REGISTERED}),
    ARMED: frozenset({TESTED, INSTALLED, REGISTERED}),
}
"""Where a device may go from each stage: on by one, back by any."""

HAND_OVER_NEEDS: tuple[InstallationStep, ...] = (
    InstallationStep.CONTACTS,
    InstallationStep.ACCESS,
    InstallationStep.CONSENT,
)
"""Without these a home is not handed over; one with a hub needs the power-cut test too."""


def may_go(before: DeviceStage, after: DeviceStage) -> bool:
    """Whether a device may go from one stage to another; staying is going."""
    return after is before or after in NEXT[before]
