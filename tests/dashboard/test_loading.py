"""The screens take a second to load: whoever is on the event loop meanwhile goes on."""

from __future__ import annotations

import subprocess
import sys

LOOKED_AT = """
import asyncio, os, sys, threading
from concurrent.futures import Future
from types import SimpleNamespace

class Looks:
    def find_spec(self, name, path=None, target=None):
        if name == "dashboard.app":
            print("on the loop" if threading.current_thread() is threading.main_thread() else "beside it", flush=True)
            os._exit(0)

sys.meta_path.insert(0, Looks())
from nuanhu.run import _serve
connected = threading.Event()
connected.set()
standing = SimpleNamespace(gateway=SimpleNamespace(ingest=SimpleNamespace(connected=connected)))
asyncio.run(_serve(standing, None, None, None, None))
"""


def test_the_screens_are_loaded_beside_the_event_loop() -> None:
    told = subprocess.run([sys.executable, "-c", LOOKED_AT], capture_output=True, text=True, check=False)
    assert told.stdout == "beside it\n", told.stderr
