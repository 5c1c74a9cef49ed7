"""The real processes: a broker and a gateway, each of which can be killed and comes back at once."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from gateway.broker import ChildBroker, bridge_user, gateway_user, leash
from gateway.broker.port import choose_port
from gateway.settings import Settings
from nuanhu.town.plan import TownPlan
from nuanhu.wiring import Store

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[2]
STOP_WITHIN_S = 15.0
LOG_SHOWN = 3


class Children:
    """A broker and a gateway in one folder, as ``nuanhu run`` and a system's broker would be.

    Must be used from one thread that outlives both: the kernel ends them with the thread that started them.

    Args:
        folder: Theirs; must exist.
        plan: The town that is registered.
    """

    def __init__(self, folder: Path, plan: TownPlan) -> None:
        """Write the settings and register the town; nothing runs yet."""
        password = secrets.token_urlsafe(12)
        users = [bridge_user(bridge, plan.passwords[bridge.id]) for bridge in plan.registry.bridges]
        self.broker = ChildBroker(folder / "broker", [*users, gateway_user(password)], prefer="mosquitto")
        self.settings = Settings(data=folder / "gateway")
        self.log = folder / "gateway.log"
        self.ended_by_itself = 0
        self._toml = folder / "nuanhu.toml"
        self._password = password
        self._gateway: subprocess.Popen[bytes] | None = None
        self._out: IO[bytes] | None = None
        store = Store(self.settings)
        store.register(plan.registry)
        store.close()

    def start(self) -> None:
        """Start both; the gateway may still be on its way when this returns."""
        self.broker.start()
        lines: dict[str, str | int] = {
            "data": str(self.settings.data),
            "broker_host": self.broker.host,
            "broker_port": self.broker.port,
            "broker_password": self._password,
            "host": HOST,
            "port": choose_port(HOST),
        }
        text = "".join(f"{name} = {_toml(value)}\n" for name, value in lines.items())
        self._toml.touch(mode=0o600)
        self._toml.write_text(text, encoding="utf-8")
        self._out = self.log.open("ab")
        self.start_gateway()

    def start_gateway(self) -> None:
        """Start the gateway, tied to this process."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("NUANHU_")}
        tied = [sys.executable, "-I", "-S", str(Path(leash.__file__)), str(os.getpid())]
        self._gateway = subprocess.Popen(  # noqa: S603 - our own command line
            [*tied, sys.executable, "-m", "nuanhu", "run", "--settings", str(self._toml)],
            stdin=subprocess.DEVNULL,
            stdout=self._out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=environment,
            start_new_session=True,  # Ctrl-C in a terminal is for us, who end it last
        )

    def kill_gateway(self) -> None:
        """``kill -9``, and start it again at once."""
        assert self._gateway is not None, "a gateway that was never started cannot be killed"
        self._gateway.kill()
        self._gateway.wait()
        self.start_gateway()

    def kill_broker(self) -> None:
        """``kill -9``; its supervision starts it again at once."""
        self.broker.kill()

    def look(self) -> None:
        """A gateway that has ended by itself is started again, and counted."""
        if self._gateway is not None and self._gateway.poll() is not None:
            self.ended_by_itself += 1
            self.start_gateway()

    def stop_gateway(self) -> None:
        """Ask the gateway to end; after a while it is killed."""
        if self._gateway is not None:
            self._gateway.terminate()
            try:
                self._gateway.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._gateway.kill()
                self._gateway.wait()
            self._gateway = None

    def stop(self) -> None:
        """End both, whatever state they are in."""
        with suppress(OSError):
            self.stop_gateway()
        self.broker.stop()
        if self._out is not None:
            self._out.close()

    def last_words(self) -> list[str]:
        """The gateway's log, its last lines."""
        if not self.log.exists():
            return []
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_SHOWN:]


def _toml(value: str | int) -> str:
    return str(value) if isinstance(value, int) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
