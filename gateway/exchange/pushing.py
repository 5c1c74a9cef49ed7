"""All targets: each has a courier for as long as it is registered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from alerting.peers import Party, Target
from gateway.exchange.courier import Courier, PushState

LOOK_EVERY_S = 0.5
STOP_S = 2.0


class Pushing:
    """Follows what is registered, and keeps a courier for each target.

    Args:
        parties: Peers and targets by id, as registered now.
        courier: Makes one.
    """

    def __init__(self, parties: Callable[[], Mapping[str, Party]], courier: Callable[[Target], Courier]) -> None:
        """Nothing runs before ``start``."""
        self._parties = parties
        self._courier = courier
        self._couriers: dict[str, Courier] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pushing", daemon=True)

    def start(self) -> None:
        """Begin to push."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_S)
        for courier in self._couriers.values():
            courier.stop()
        for courier in self._couriers.values():
            courier.join(STOP_S)

    def states(self) -> Mapping[str, PushState]:
        """How far each target has got, by id. From any thread."""
        return {id_: courier.state for id_, courier in dict(self._couriers).items()}

    def faults(self) -> list[str]:
        """Words for what people must see to."""
        return ["push_failing"] if any(state.is_fault for state in self.states().values()) else []

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            self._follow()

    def _follow(self) -> None:
        wanted = {it.id: it for it in self._parties().values() if isinstance(it, Target) and not it.ended}
        for id_ in self._couriers.keys() - wanted.keys():
            self._couriers.pop(id_).stop()
        for id_, target in wanted.items():
            courier = self._couriers.get(id_)
            if courier is None:
                courier = self._couriers[id_] = self._courier(target)
                courier.start()
            elif courier.target is not target:
                courier.change(target)
