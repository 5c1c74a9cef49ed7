"""Words of screens about devices and their installation. English here, Chinese in the catalogue."""

from __future__ import annotations

from alerting.casefile import DeviceStage, InstallationStep
from dashboard.words import mark

STAGES: dict[DeviceStage, str] = {
    DeviceStage.REGISTERED: mark("registered"),
    DeviceStage.INSTALLED: mark("installed"),
    DeviceStage.TESTED: mark("tested"),
    DeviceStage.ARMED: mark("armed"),
}

STEPS: dict[InstallationStep, str] = {
    InstallationStep.ORDERED: mark("work ordered"),
    InstallationStep.CONTACTS: mark("contacts called"),
    InstallationStep.ACCESS: mark("key and door recorded"),
    InstallationStep.CONSENT: mark("consent signed"),
    InstallationStep.POWER_CUT: mark("power-cut test"),
    InstallationStep.HANDED_OVER: mark("handed over"),
}
