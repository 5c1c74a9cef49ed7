"""What a happening does to a home and its devices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from nuanhu.town.dwelling import Dwelling
from nuanhu.town.happenings import Happening, What
from nuanhu.town.homes import LORA, Fitted

if TYPE_CHECKING:
    from nuanhu.town.town import Town

MINUTE_S, HOUR_S = 60.0, 3600.0
FOUND_AFTER_S = 36 * HOUR_S
LOST_AFTER_S = 25 * HOUR_S


def befall(town: Town, dwelling: Dwelling, happening: Happening) -> None:
    """Let it happen now."""
    _BEFALL[happening.what](town, dwelling, happening)


def _real_press(town: Town, dwelling: Dwelling, happening: Happening) -> None:
    role = "pendant" if happening.chance < 0.3 else "panic"
    town.press(dwelling.home.household, "real", role=role)


def _mistaken_press(town: Town, dwelling: Dwelling, happening: Happening) -> None:
    town.press(dwelling.home.household, "mistake", role="pendant" if happening.chance < 0.4 else "panic")


def _test_press(town: Town, dwelling: Dwelling, happening: Happening) -> None:
    del happening
    town.press(dwelling.home.household, "test")


def _marked_test(town: Town, dwelling: Dwelling, happening: Happening) -> None:
    button = dwelling.home.with_role("panic")
    messages = dwelling.voice.marked_test(button, happening.at) if button is not None else []
    if messages:
        town.ledger.marked_tests += 1
        town.say(dwelling, messages)
    else:
        town.press(dwelling.home.household, "test")


def _fall(town: Town, dwelling: Dwelling, happening: Happening) -> None:
    """Without a pendant nobody knows but the silence."""
    at_s = happening.at.timestamp()
    if dwelling.home.with_role("pendant") is not None:
        town.press(dwelling.home.household, "real", "fall", "pendant")
    dwelling.lie_still(at_s, at_s + (1 + 2 * happening.chance) * HOUR_S)


def _collapse(town: Town, dwelling: Dwelling, happening: Happening) -> None:
    """Found by somebody in the end, if not rescued before."""
    del town
    at_s = happening.at.timestamp()
    dwelling.lie_still(at_s, at_s + FOUND_AFTER_S)


def _dead_battery(town: Town, dwelling: Dwelling, happening: Happening) -> None:
    fitted = _one_of([f for f in dwelling.home.fitted if f.battery_days], happening.chance)
    at_s = happening.at.timestamp()
    dwelling.run_low(fitted.device.id)
    town.say(dwelling, dwelling.voice.report(fitted, happening.at))
    _silence(town, dwelling, fitted, at_s + (4 + 20 * happening.chance) * HOUR_S)


def _silent_device(town: Town, dwelling: Dwelling, happening: Happening) -> None:
    fitted = _one_of([f for f in dwelling.home.fitted if f.battery_days], happening.chance)
    _silence(town, dwelling, fitted, happening.at.timestamp())


def _silence(town: Town, dwelling: Dwelling, fitted: Fitted, since_s: float) -> None:
    dwelling.fall_silent(fitted.device.id, since_s, since_s + 3 * 24 * HOUR_S)
    town.agenda.at(since_s + LOST_AFTER_S, _given_up, town, dwelling, fitted)


def _given_up(at: datetime, town: Town, dwelling: Dwelling, fitted: Fitted) -> None:
    town.say(dwelling, dwelling.voice.lost(fitted, at))


def _tamper(town: Town, dwelling: Dwelling, happening: Happening) -> None:
    door = dwelling.home.door
    fitted = (
        door if door is not None and dwelling.home.make == LORA else _one_of(dwelling.home.fitted, happening.chance)
    )
    town.say(dwelling, dwelling.voice.tampered(fitted, happening.at, active=True))
    town.agenda.at(happening.at.timestamp() + 10 * MINUTE_S, _put_back, town, dwelling, fitted)


def _put_back(at: datetime, town: Town, dwelling: Dwelling, fitted: Fitted) -> None:
    town.say(dwelling, dwelling.voice.tampered(fitted, at, active=False))


def _outage(town: Town, dwelling: Dwelling, happening: Happening) -> None:
    """The city's network server does not go down with one home."""
    if dwelling.home.make != LORA:
        minutes = 15 + 75 * happening.chance
        town.lines.cut(dwelling.home.bridge.id, minutes * MINUTE_S / town.clock.speed)


def _one_of(fitted: list[Fitted] | tuple[Fitted, ...], chance: float) -> Fitted:
    return fitted[int(chance * len(fitted)) % len(fitted)]


_BEFALL: dict[What, Callable[[Town, Dwelling, Happening], None]] = {
    What.REAL_PRESS: _real_press,
    What.MISTAKEN_PRESS: _mistaken_press,
    What.TEST_PRESS: _test_press,
    What.MARKED_TEST: _marked_test,
    What.FALL: _fall,
    What.COLLAPSE: _collapse,
    What.DEAD_BATTERY: _dead_battery,
    What.TAMPER: _tamper,
    What.SILENT_DEVICE: _silent_device,
    What.OUTAGE: _outage,
}
