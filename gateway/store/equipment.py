"""Questions to the store about equipment, together."""

from __future__ import annotations

from sqlalchemy import Engine

from gateway.store.fault_rows import FaultReads
from gateway.store.home_tests import HomeTests
from gateway.store.protection import ProtectionSpans


class EquipmentReads:
    """Questions about equipment, from any thread.

    Attributes:
        tests: The ledger of tests.
        spans: When homes were protected.
        faults: What is broken, and when it was before.
    """

    def __init__(self, engine: Engine) -> None:
        """Ask through this engine."""
        self.tests = HomeTests(engine)
        self.spans = ProtectionSpans(engine)
        self.faults = FaultReads(engine)
