"""Runs a command that ends when its parent does, however the parent ends. A program of its own, not a module.

``python leash.py PARENT_PID COMMAND…`` asks the kernel for SIGTERM at the parent's death and then becomes the
command. The request survives the change of program. Linux only; elsewhere the command outlives a killed parent, and
the lock on the broker's folder tells the next start.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1
FILES = 65_536


def main() -> None:
    """Become the command, unless the parent is already gone."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(1)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # every bridge is an open file: thousands of them
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, FILES)), hard))
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
