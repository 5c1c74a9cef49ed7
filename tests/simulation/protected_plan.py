"""What is planned for the homes of a simulated month, and how they stand by that plan alone, without the rules."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from alerting.equipment_terms import CLASSES, CheckIn
from alerting.model import RiskTier
from device_adapters.signals import AnySignal, Battery, Heartbeat
from nuanhu.town.dice import Dice

START = datetime(2026, 3, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = 60, 3600, 86_400
TEST_EVERY_S = 20 * DAY
KINDS = (
    ("hub", "hub", 15 * MINUTE),
    ("pir-1", "motion", 100 * MINUTE),
    ("door", "door", 0),
    ("sos", "panic", 6 * HOUR),
    ("pendant", "pendant", 10 * MINUTE),
    ("smoke", "smoke", 0),
)
"""Id, role, and how often it speaks, seconds; 0: without any rhythm."""


class Device(msgspec.Struct):
    """One device of the plan.

    ``words``: what of it arrives at which second. It belongs to the home from ``fitted`` to ``gone``.
    """

    role: str
    words: dict[int, AnySignal]
    fitted: int
    gone: int


class Plan(msgspec.Struct):
    """One home of the plan; ``presses``: when the announced test press comes through."""

    tier: RiskTier
    devices: dict[str, Device]
    presses: list[int]


def plan_home(dice: Dice, days: int) -> Plan:
    """A home whose devices die and live again, move, run out of battery, and whose hub is without power at times."""
    end = days * DAY
    tier = dice.choice((RiskTier.CARE, RiskTier.URGENT))
    cuts = _spans(dice, end, 2, 5 * HOUR)
    devices = {}
    for id_, role, every_s in KINDS[: dice.choice((3, 4, 5))] if dice.random() < 0.2 else KINDS:
        fitted = dice.randrange(HOUR, end // 2) if id_ in {"door", "pendant"} and dice.random() < 0.2 else 0
        gone = dice.randrange(end // 2, end) if id_ == "door" and dice.random() < 0.3 else end
        at_s = _words(dice, role, every_s, fitted, gone)
        dead = _spans(dice, end, 6, 12 * HOUR) if id_ == "pir-1" else _spans(dice, end, 3, 3 * DAY)
        at_s = [at for at in at_s if not any(a <= at < b for a, b in dead)]
        words = {at: _said(dice, id_, at) for at in at_s}
        if id_ in {"sos", "pir-1"} and dice.random() < 0.6:
            _drain(dice, words, end)
        words = _cut(words, cuts, stored=role not in {"hub", "pendant"})
        devices[id_] = Device(role, words, fitted, gone)
    presses = sorted(dice.randrange(DAY // 2, end - 10) for _ in range(dice.randrange(3))) if "sos" in devices else []
    for press in presses:
        devices["sos"].words.pop(press + 5, None)
    return Plan(tier, devices, presses)


def _said(_dice: Dice, _id: str, _at: int) -> AnySignal:
    return Heartbeat()


def _words(dice: Dice, role: str, every_s: int, since: int, until: int) -> list[int]:
    found, at = [], since + dice.randrange(1, every_s or HOUR)
    longest = CLASSES[role].silent_s
    while at < until:
        found.append(at)
        at += int(every_s * dice.uniform(0.95, 1.05)) if every_s else dice.randrange(2 * MINUTE, int(longest * 0.95))
    return found


def _drain(dice: Dice, words: dict[int, AnySignal], end: int) -> None:
    """Its battery runs from full to empty and is replaced some days later; each word tells."""
    begins, lasts = dice.randrange(end // 3), dice.randrange(8 * DAY, 16 * DAY)
    replaced = begins + lasts + dice.randrange(HOUR, 3 * DAY)
    for at in words:
        share = (at - begins) / lasts
        words[at] = Battery(percent=96.0 if at >= replaced else round(96 - 95 * min(1.0, max(0.0, share)), 1))


def _cut(words: dict[int, AnySignal], cuts: list[tuple[int, int]], *, stored: bool) -> dict[int, AnySignal]:
    """What is said while the hub has no power comes in one batch when it is back, or never."""
    through = {at: it for at, it in words.items() if not any(a <= at < b for a, b in cuts)}
    for a, b in cuts:
        if stored and any(a <= at < b for at in words):
            through.setdefault(b + 20, Heartbeat(buffered=True))
    return dict(sorted(through.items()))


def _spans(dice: Dice, end: int, most: int, longest_s: int) -> list[tuple[int, int]]:
    starts = [dice.randrange(DAY // 2, end) for _ in range(dice.randrange(most + 1))]
    return [(at, at + dice.randrange(20 * MINUTE, longest_s)) for at in starts]


class Pauses:
    """The pauses of one device, looked at in its whole past each time.

    Its silence is a fault by its class, or sooner by its own pauses, but by them never before an hour and twice the
    interval of its class have passed.
    """

    def __init__(self, usual: CheckIn) -> None:
        self.limit_s = usual.silent_s
        self.least_s = max(HOUR, 2 * usual.interval_s)
        self.began: int | None = None
        self.counted = 0
        self.here: list[int] = []
        self.before: list[int] = []

    def heard(self, at: int, pause_s: int, *, was_silent: bool) -> None:
        """A word after such a pause."""
        day = (int(START.timestamp()) + at) // DAY
        if self.began is None:
            self.began = day
        elif MINUTE <= pause_s < self.limit_s:
            if was_silent:
                self.began, self.counted, self.here, self.before = day, 0, [pause_s], []
                return
            if day - self.began >= 14:
                self.began, self.here, self.before = day, [], self.here or [MINUTE]
            self.counted += 1
            self.here.append(pause_s)

    @property
    def silent_after_s(self) -> int:
        """After how long a silence of this device is a fault."""
        if not self.before or self.counted < 40:
            return self.limit_s
        longest = max(*self.before, *self.here, MINUTE + 6)
        step = math.ceil(MINUTE * 1.1 ** math.ceil(math.log(longest / MINUTE) / math.log(1.1) - 1e-9))
        return min(self.limit_s, max(self.least_s, 3 * step))


def _good_minutes(device: Device, presses: list[int], minutes: int) -> bytearray:
    """For each minute whether the device is in order at its end."""
    good = bytearray(minutes + 1)
    words = sorted({**device.words, **{press + 5: Heartbeat() for press in presses}}.items())
    pauses, last, low = Pauses(CLASSES[device.role]), device.fitted, False
    for at, signal in [*words, (device.gone, None)]:
        silent_s = pauses.silent_after_s
        if not low:
            _mark(good, last, min(at, last + silent_s))
        if signal is None:
            break
        pauses.heard(at, at - last, was_silent=at - last >= silent_s)
        last = at
        if isinstance(signal, Battery) and signal.percent is not None:
            low = signal.percent <= 10
    return good


def _mark(good: bytearray, since: int, until: int) -> None:
    first, after = -(-since // MINUTE), min(len(good), -(-until // MINUTE))
    if after > first:
        good[first:after] = b"\x01" * (after - first)


def by_the_plan(plan: Plan, days: int) -> list[bool]:
    """Protected or not at the end of every minute."""
    minutes = days * DAY // MINUTE
    good = {
        id_: _good_minutes(device, plan.presses if id_ == "sos" else [], minutes)
        for id_, device in plan.devices.items()
    }
    tried = bytearray(minutes + 1)
    for press in [*(press + 5 for press in plan.presses)] if "sos" in plan.devices else []:
        _mark(tried, press, press + TEST_EVERY_S)
    _mark(tried, 0, TEST_EVERY_S)
    has: Callable[[str, int], bool] = lambda id_, at: id_ in good and bool(good[id_][at])  # noqa: E731
    return [
        has("hub", at)
        and (has("pir-1", at) or has("door", at))
        and (has("sos", at) or has("pendant", at))
        and (plan.tier is not RiskTier.URGENT or all(has(id_, at) for id_ in ("pir-1", "sos", "smoke")))
        and bool(tried[at])
        for at in range(1, minutes)
    ]
