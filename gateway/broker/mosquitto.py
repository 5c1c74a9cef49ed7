"""mosquitto: finds it, and renders the repository's ``mosquitto/`` templates for one run."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from string import Template

from gateway.broker.access import BrokerUser
from gateway.broker.make import BrokerMake, Listener, write_private

TEMPLATES = Path(__file__).resolve().parents[2] / "mosquitto"

# Debian and Homebrew install it where an ordinary account's PATH does not look.
_MORE_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin", "/usr/local/opt/mosquitto/sbin")
_OLDEST = 2
_ITERATIONS = 101
_SALT_BYTES = 12


@cache
def find() -> Path | None:
    """The mosquitto program, version 2 or later, or None."""
    for folder in (None, *_MORE_FOLDERS):
        found = shutil.which("mosquitto", path=folder)
        if found and _major_version(found) >= _OLDEST:
            return Path(found)
    return None


def _major_version(program: str) -> int:
    try:
        said = subprocess.run([program, "-h"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    version = re.search(r"mosquitto version (\d+)\.", said.stdout + said.stderr)
    return int(version[1]) if version else 0


def password_line(name: str, password: str) -> str:
    """One line of a password file: PBKDF2 with SHA-512, in the form ``mosquitto_passwd`` writes.

    101 iterations are mosquitto's own default. More would buy nothing: the passwords of bridges are 128 random bits,
    which no number of guesses finds, and the broker repeats the sum at each connect and for all at each reload.
    """
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    return f"{name}:$7${_ITERATIONS}${b64encode(salt).decode()}${b64encode(digest).decode()}\n"


def access_lines(users: Iterable[BrokerUser]) -> str:
    """The access rules, one block a user. What no rule allows is forbidden."""
    blocks = []
    for user in users:
        write = "".join(f"topic write {topic}\n" for topic in user.write)
        read = "".join(f"topic read {topic}\n" for topic in user.read)
        blocks.append(f"user {user.name}\n{write}{read}\n")
    return "".join(blocks)


def configure(folder: Path, listener: Listener, users: Sequence[BrokerUser]) -> None:
    """Write ``mosquitto.conf``, ``passwords`` and ``access`` into the folder."""
    store = folder / "store"
    store.mkdir(mode=0o700, exist_ok=True)
    passwords, access = folder / "passwords", folder / "access"
    words = {
        "store": store,
        "port": listener.port,
        "host": listener.host,
        "passwords": passwords,
        "access": access,
    }
    write_private(passwords, "".join(password_line(user.name, user.password) for user in users))
    write_private(access, access_lines(users))
    template = Template((TEMPLATES / "mosquitto.conf").read_text(encoding="utf-8"))
    write_private(folder / "mosquitto.conf", template.substitute(words))


def command(program: Path, folder: Path) -> list[str]:
    """The command line that runs it in the foreground."""
    return [str(program), "-c", str(folder / "mosquitto.conf")]


MOSQUITTO = BrokerMake(kind="mosquitto", find=find, configure=configure, command=command)
