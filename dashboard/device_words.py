"""Words of screens about devices and their installation. English here, Chinese in the catalogue."""

from __future__ import annotations

from alerting.casefile import DeviceStage
from dashboard.words import mark

STAGES: dict[DeviceStage, str] = {
    DeviceStage.REGISTERED: mark("registered"),
    DeviceStage.INSTALLED: mark("installed"),
    DeviceStage.TESTED: mark("tested"),
    DeviceStage.ARMED: mark("armed"),
}
