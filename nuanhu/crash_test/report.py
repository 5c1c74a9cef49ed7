"""What a crash test says in the end."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence

import msgspec


class ClassCount(msgspec.Struct, kw_only=True):
    """Presses of one class of devices.

    Attributes:
        sent: Presses in the town's own ledger.
        lost: Of these, presses without an alarm in any incident.
        doubled: Alarms beyond the first for one press.
    """

    sent: int = 0
    lost: int = 0
    doubled: int = 0


class CrashReport(msgspec.Struct, kw_only=True):
    """Outcome of a crash test. Times are real seconds.

    Attributes:
        kills: How often gateway, broker or both were killed.
        killed: The same, by what was killed.
        panics: Presses in the town's own ledger.
        by_class: The same, by what a device can do against loss: ``receipted``, ``qos1``, ``qos0``.
        lost: Presses of receipted devices without an alarm in any incident.
        lost_after_receipt: Of these, presses for which the device had a receipt: a broken promise.
        doubled: Alarms beyond the first for one event id.
        doubled_best_effort: The same for presses of makes without event ids, which ring again when in doubt.
        unreceipted: Presses of receipted devices that still waited for their receipt in the end.
        repeats: Presses and other events that devices said again for want of a receipt.
        recovery_p50_s: From a kill to the receipt of the first press made after it.
        recovery_p99_s: The same.
        recovery_max_s: The same.
        recovery_by_target_s: Median and maximum, by what was killed.
        seed: The same seed gives the same town and the same plan of kills.
        took_s: From the first press to the verdict.
        machine: On what, and how busy that was in the last minute of the test.
        errors: What went wrong in the test itself, or beside it.
    """

    kills: int = 0
    killed: dict[str, int] = {}
    panics: int = 0
    by_class: dict[str, ClassCount] = {}
    lost: int = 0
    lost_after_receipt: int = 0
    doubled: int = 0
    doubled_best_effort: int = 0
    unreceipted: int = 0
    repeats: int = 0
    recovery_p50_s: float = 0.0
    recovery_p99_s: float = 0.0
    recovery_max_s: float = 0.0
    recovery_by_target_s: dict[str, tuple[float, float]] = {}
    seed: int = 0
    took_s: float = 0.0
    machine: str = ""
    errors: list[str] = []

    @property
    def good(self) -> bool:
        """Whether nothing was lost, nothing was doubled, and the test itself ran as planned."""
        return self.panics > 0 and not (self.lost or self.doubled or self.errors)


def machine() -> str:
    """One line about the machine and its load."""
    cores, load = os.cpu_count(), os.getloadavg()[0]
    return (
        f"{cores} cores, load {load:.1f}, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


def quantile(values: Sequence[float], q: float) -> float:
    """The ``q``-quantile (0-1) of some values, rounded to milliseconds; 0 of none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(q * len(ordered)))], 3)


def show(report: CrashReport) -> None:
    """The report as a table for people."""
    print(f"\n  {report.kills} kills, {report.panics} presses, {report.took_s:.0f} s (seed {report.seed})\n")
    print(f"  {'devices':<12}{'presses':>9}{'lost':>7}{'rang again':>13}")
    for name, count in report.by_class.items():
        print(f"  {name:<12}{count.sent:>9}{count.lost:>7}{count.doubled:>13}")
    print(f"\n  lost {report.lost}, doubled {report.doubled}")
    print(f"  back after {report.recovery_p50_s:.2f} s (median), {report.recovery_p99_s:.2f} s (99 %)")
    for error in report.errors:
        print(f"  ! {error}")
