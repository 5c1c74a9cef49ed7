"""One account more or less in mosquitto's files, without knowing anybody else's password: they are kept hashed only.

After a change mosquitto must read its files again (SIGHUP). It then checks everybody who is connected against them:
who has no account any more, or another password, is disconnected at once; the others stay.
"""

from __future__ import annotations

import fcntl
import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.broker.access import BrokerError, BrokerUser, check_users
from gateway.broker.make import write_private
from gateway.broker.mosquitto import access_lines, password_line

PASSWORDS, ACCESS = "passwords", "access"
RELOAD_WITHIN_S = 30


class BrokerFiles:
    """The files ``passwords`` and ``access`` of a mosquitto.

    Args:
        folder: Where they are.
        reload: Command line by which mosquitto reads them again; empty: somebody else sees to it.
    """

    def __init__(self, folder: Path, reload: str) -> None:
        """Nothing is read before it is asked for."""
        self._folder = folder
        self._reload = reload

    def names(self) -> list[str]:
        """Who has an account.

        Raises:
            BrokerError: The files cannot be read.
        """
        return [line.partition(":")[0] for line in self._lines(PASSWORDS) if ":" in line]

    def put(self, user: BrokerUser) -> None:
        """This account from now on, with its rules; another password than before ends what is connected with it.

        Raises:
            BrokerError: The account is unfit, or the files or mosquitto cannot be changed.
        """
        check_users([user])
        with self._alone():
            passwords = [line for line in self._lines(PASSWORDS) if line.partition(":")[0] != user.name]
            self._write(PASSWORDS, [*passwords, password_line(user.name, user.password).rstrip("\n")])
            self._write(ACCESS, [*self._rules_without(user.name), *access_lines([user]).splitlines()])
        self._take_effect()

    def remove(self, name: str) -> bool:
        """No such account any more; returns whether there was one.

        Raises:
            BrokerError: The files or mosquitto cannot be changed.
        """
        with self._alone():
            lines = self._lines(PASSWORDS)
            left = [line for line in lines if line.partition(":")[0] != name]
            self._write(PASSWORDS, left)
            self._write(ACCESS, self._rules_without(name))
        self._take_effect()
        return len(left) < len(lines)

    def _rules_without(self, name: str) -> list[str]:
        """The rules of everybody else: a block begins with its user."""
        kept, mine = [], False
        for line in self._lines(ACCESS):
            if line.startswith("user "):
                mine = line.removeprefix("user ").strip() == name
            if not mine:
                kept.append(line)
        return kept

    def _lines(self, name: str) -> list[str]:
        try:
            return (self._folder / name).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        except OSError as failure:
            raise BrokerError(f"{self._folder / name}: {failure.strerror}") from failure

    def _write(self, name: str, lines: list[str]) -> None:
        path = self._folder / name
        try:
            owner = path.stat() if path.exists() else None
            write_private(path, "".join(f"{line}\n" for line in lines))
            if owner is not None:
                path.chmod(owner.st_mode & 0o777)
                if owner.st_uid != path.stat().st_uid:
                    os.chown(path, owner.st_uid, owner.st_gid)
        except OSError as failure:
            raise BrokerError(f"{path}: {failure.strerror}") from failure

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two who change the files at once wait for each other."""
        try:
            lock = (self._folder / ".accounts.lock").open("w")
        except OSError as failure:
            raise BrokerError(f"broker_files {self._folder}: {failure.strerror}") from failure
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _take_effect(self) -> None:
        if not self._reload:
            return
        try:
            done = subprocess.run(  # noqa: S603 - the deployer's own command line
                shlex.split(self._reload), capture_output=True, text=True, timeout=RELOAD_WITHIN_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as failure:
            raise BrokerError(f"broker_reload: {failure}; the files are changed, but not in force yet") from failure
        if done.returncode:
            said = done.stderr.strip().splitlines()
            why = said[-1] if said else f"status {done.returncode}"
            raise BrokerError(f"broker_reload: {why}; the files are changed, but not in force yet")
