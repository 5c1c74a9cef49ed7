"""Who is at the screen: passwords, the signed cookie, form tokens, and the limit on wrong passwords."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import deque
from datetime import datetime, timedelta

import anyio
import anyio.to_thread
import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

WINDOW_S = 60
JOB_PASS = timedelta(hours=6)
MOST_LOGINS = 10_000
AT_ONCE = 2
"""Passwords verified at the same time: each takes 64 MiB and a core for a moment."""

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is read as another one."""
PARTS, PART = 4, 4

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("no account has this password")


def hash_password(password: str) -> str:
    """The argon2id hash to be kept in ``Account.password_hash``."""
    return _hasher.hash(password)


def one_time_password() -> str:
    """To be read out or written down: four times four letters and digits, more than 75 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(PART)) for _ in range(PARTS))


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


class Passwords:
    """Verifies passwords beside the event loop, a few at a time."""

    def __init__(self) -> None:
        """Nothing is being verified."""
        self._places = anyio.CapacityLimiter(AT_ONCE)

    async def match(self, password_hash: str | None, password: str) -> bool:
        """Whether the password fits the hash; takes as long for an account that does not exist."""
        fits = await anyio.to_thread.run_sync(_verify, password_hash or _NOBODY, password, limiter=self._places)
        return fits and bool(password_hash)


def _short_of(link: str) -> str:
    return hashlib.sha256(link.encode()).hexdigest()[:16]


def mark_of(password_hash: str) -> str:
    """A short mark of a password hash: a sign-in ends when the password is changed."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:12]


class SignedIn(msgspec.Struct, frozen=True):
    """What the cookie says: who signed in, when, and the mark of the password used."""

    login: str
    at: datetime
    mark: str


def _read(signed: URLSafeSerializer, word: str, now: datetime, lasts: timedelta) -> SignedIn | None:
    try:
        login, at, mark = signed.loads(word)
        found = SignedIn(str(login), datetime.fromisoformat(at), str(mark))
    except (BadSignature, ValueError, TypeError):
        return None
    return found if found.at <= now < found.at + lasts else None


class Tokens:
    """Writes and reads what a browser is given to keep, signed with the deployer's secret.

    Args:
        secret: The deployer's.
        lifetime: How long a sign-in lasts, in service time.
    """

    def __init__(self, secret: str, lifetime: timedelta) -> None:
        """Remember both."""
        self._secret = secret.encode()
        self._local = URLSafeTimedSerializer(secret, salt="nuanhu local pass")
        self._job = URLSafeSerializer(secret, salt="nuanhu job pass")
        self._cookie = URLSafeSerializer(secret, salt="nuanhu sign-in")
        self._wall = URLSafeSerializer(secret, salt="nuanhu wall")
        self.lifetime = lifetime

    def write(self, login: str, password_hash: str, now: datetime) -> str:
        """The cookie of somebody who has just signed in."""
        return str(self._cookie.dumps([login, now.isoformat(), mark_of(password_hash)]))

    def read(self, cookie: str, now: datetime) -> SignedIn | None:
        """Who the cookie belongs to; None when it was not written here, or is too old."""
        return _read(self._cookie, cookie, now, self.lifetime)

    def wall_pass(self, login: str, password_hash: str, now: datetime) -> str:
        """For a browser that is to show the wall on somebody's behalf, and nothing else."""
        return str(self._wall.dumps([login, now.isoformat(), mark_of(password_hash)]))

    def read_wall(self, word: str, now: datetime, lasts: timedelta) -> SignedIn | None:
        """On whose behalf; None when it was not written here, or is too old."""
        return _read(self._wall, word, now, lasts)

    def job_pass(self, link: str, now: datetime) -> str:
        """For who has opened a link with their PIN: it opens this one link for ``JOB_PASS``."""
        return str(self._job.dumps([_short_of(link), now.isoformat()]))

    def is_job_pass(self, word: str, link: str, now: datetime) -> bool:
        """Whether the pass is of this link, and not too old."""
        try:
            of, at = self._job.loads(word)
            since = datetime.fromisoformat(at)
        except (BadSignature, ValueError, TypeError):
            return False
        return bool(of == _short_of(link)) and since <= now < since + JOB_PASS

    def local_pass(self) -> str:
        """For who can read the installation's secret: a word that may change the registry for a minute."""
        return str(self._local.dumps("registry"))

    def is_local_pass(self, word: str) -> bool:
        """Whether the word was written with this installation's secret, within the last minute of real time."""
        try:
            return bool(self._local.loads(word, max_age=WINDOW_S) == "registry")
        except BadSignature:
            return False

    def form_token(self, seed: str) -> str:
        """The token every form of the holder of this cookie carries."""
        return hmac.new(self._secret, f"form {seed}".encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, seed: str, token: str) -> bool:
        """Whether the form was made for the holder of this cookie."""
        return bool(seed) and hmac.compare_digest(self.form_token(seed).encode(), token.encode())


class WrongPasswords:
    """Counts wrong passwords per login within the last minute.

    Args:
        most: A login may have this many; then it has to wait.
        speed: Service seconds for each real second: the minute is a real one.
        window_s: Another time than a minute, real seconds.
    """

    def __init__(self, most: int, speed: float = 1.0, window_s: float = WINDOW_S) -> None:
        """Nobody has failed yet."""
        self._most = most
        self._window = timedelta(seconds=window_s * speed)
        self._failures: dict[str, deque[datetime]] = {}

    def must_wait(self, login: str, now: datetime) -> bool:
        """Whether the login has used up its wrong passwords."""
        return len(self._recent(login, now)) >= self._most

    def count(self, login: str, now: datetime) -> None:
        """One more wrong password."""
        if login not in self._failures and len(self._failures) >= MOST_LOGINS:
            self._forget_old(now)
        self._failures.setdefault(login, deque(maxlen=self._most)).append(now)

    def forgive(self, login: str) -> None:
        """The right password was given."""
        self._failures.pop(login, None)

    def _recent(self, login: str, now: datetime) -> deque[datetime]:
        failures = self._failures.get(login, deque())
        while failures and failures[0] <= now - self._window:
            failures.popleft()
        return failures

    def _forget_old(self, now: datetime) -> None:
        for login in list(self._failures):
            if not self._recent(login, now):
                del self._failures[login]
        while len(self._failures) >= MOST_LOGINS:
            del self._failures[next(iter(self._failures))]
