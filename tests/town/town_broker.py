"""A real mosquitto for tests of the town, on a free port."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path
from shutil import which

from gateway.broker.port import choose_port

MOSQUITTO = which("mosquitto") or ("/usr/sbin/mosquitto" if Path("/usr/sbin/mosquitto").exists() else None)


class Broker:
    """A mosquitto that lets everybody in."""

    host = "127.0.0.1"

    def __init__(self, folder: Path) -> None:
        self.port = choose_port(self.host)
        self._settings = folder / "mosquitto.conf"
        self._settings.write_text(f"listener {self.port} {self.host}\nallow_anonymous true\nset_tcp_nodelay true\n")
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert MOSQUITTO is not None
        self._child = subprocess.Popen([MOSQUITTO, "-c", str(self._settings)], stderr=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex((self.host, self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("mosquitto does not listen")

    def stop(self) -> None:
        if self._child is not None:
            self._child.terminate()
            self._child.wait(10)
            self._child = None
