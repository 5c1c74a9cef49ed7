"""After a start the collector of garbage has nothing more to do with what stays in memory."""

from __future__ import annotations

import subprocess
import sys

SPARED = """
import gc
from alerting.homes.state import HouseholdState, Memory
from nuanhu.event_loop import spare_what_stays
homes = {n: Memory(HouseholdState(key=str(n))) for n in range(5000)}
assert len(gc.get_objects()) > 5000
spare_what_stays()
print(len(gc.get_objects()) < 5000, len(homes))
"""


def test_what_stays_is_not_walked_through_again() -> None:
    said = subprocess.run([sys.executable, "-c", SPARED], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True", "5000"]
