"""``nuanhu provision``: bridges and devices, their credentials at the broker, and the end of both.

A running gateway is asked by its own address, with a word signed by the installation's secret: it alone writes to the
store. Without one the same rule is asked here, and the store is written by the same batch.
"""

from __future__ import annotations

import getpass
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

import msgspec
import segno

from alerting.casefile import Account, Bridge, Device, DeviceStage, DeviceStatus, Registry
from alerting.enrolment.commands import AnyRegistryCommand, EnrolDevice, RevokeBridge, SaveBridge
from alerting.enrolment.running import SaveAccount, SetPassword
from dashboard.sign_in import Tokens, hash_password, one_time_password
from device_adapters.own_protocol import ROOT
from gateway.broker.access import BrokerError, BrokerUser, bridge_user
from gateway.broker.accounts import BrokerFiles
from gateway.clock import SystemClock
from gateway.desk.contract import Answer
from gateway.registry.sealing import Sealing
from gateway.settings import Settings
from gateway.store.engine import StoreError, open_engine
from gateway.store.look import store_file
from gateway.store.registry import load_registry
from gateway.writing.directory import Directory
from gateway.writing.judge import Judge
from gateway.writing.recorder import Recollection
from nuanhu.errors import UsageError
from nuanhu.screens import sign_in_secret
from nuanhu.wiring import Store, store_url

PASSWORD_BYTES = 16
ANSWER_WITHIN_S = 20.0
OWN = "nuanhu"


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What a bridge needs to come in. Shown once: the broker keeps only a hash of the password."""

    broker: str
    username: str
    password: str
    prefix: str

    @property
    def address(self) -> str:
        """All of it as one address, for the QR code."""
        return f"mqtt://{self.username}:{self.password}@{self.broker}/{self.prefix}"


class Provisioning:
    """What the command line can do to one installation.

    Args:
        settings: Of the installation.
        broker: HOST:PORT as devices are told; empty: as in the settings.

    Attributes:
        recorded: Whether the store has all that was asked; false: some of it is in the gateway's memory alone.
    """

    def __init__(self, settings: Settings, broker: str = "") -> None:
        """Nothing is changed yet."""
        self._settings = settings
        self._broker = broker or f"{settings.broker_host}:{settings.broker_port}"
        self._by = f"@{getpass.getuser()}"
        self.recorded = True

    def bridge(self, id_: str, adapter: str, prefix: str, title: str, area: str, *, again: bool) -> Credentials:
        """Register a bridge and make its credentials; ``again``: new ones for one that is there.

        Raises:
            UsageError: It cannot be registered, or is there already.
            BrokerError: The broker's files cannot be changed.
        """
        files, there = self._files(), {bridge.id: bridge for bridge in self.registry().bridges}
        known = there.get(id_)
        if again and known is None:
            raise UsageError(f"there is no bridge {id_}")
        if known is not None and not again:
            raise UsageError(f"bridge {id_} is there already: --again makes new credentials")
        topic = prefix or _prefix(adapter, id_)
        bridge = known or Bridge(id=id_, adapter=adapter, prefix=topic, title=title, area=area)
        password = secrets.token_hex(PASSWORD_BYTES)
        user: BrokerUser = bridge_user(bridge, password)
        if known is None or known.revoked:
            self.ask(SaveBridge(bridge=bridge))
        files.put(user)
        return Credentials(broker=self._broker, username=id_, password=password, prefix=bridge.prefix)

    def device(self, device: Device, key: str = "") -> str:
        """Register a device on a bridge that is there; returns its registry id. ``key`` is its bind key, or empty.

        Raises:
            UsageError: It cannot be registered.
        """
        if key:
            try:
                sealed = Sealing(self._settings.data).seal(key)
            except (ValueError, OSError) as wrong:
                raise UsageError("the bind key must be hexadecimal, and the data folder must be writable") from wrong
            device = msgspec.structs.replace(device, sealed_key=sealed)
        return self.ask(EnrolDevice(device=device)).made

    def revoke(self, id_: str) -> int:
        """Nobody speaks as this bridge any more; returns how many devices are taken down with it.

        The broker first: from then on it refuses, whatever becomes of the rest.

        Raises:
            UsageError: There is no such bridge.
            BrokerError: The broker's files cannot be changed.
        """
        registry = self.registry()
        if id_ not in {bridge.id for bridge in registry.bridges}:
            raise UsageError(f"there is no bridge {id_}")
        self._files().remove(id_)
        self.ask(RevokeBridge(bridge=id_))
        return sum(d.bridge == id_ and d.status is DeviceStatus.ACTIVE for d in registry.devices)

    def account(self, account: Account, *, again: bool) -> str:
        """Make an account, or give one that is there a new password; returns the one-time password.

        Raises:
            UsageError: It is refused.
        """
        password = one_time_password()
        hashed = hash_password(password)
        if again:
            self.ask(SetPassword(login=account.login, password_hash=hashed))
        else:
            self.ask(SaveAccount(account=msgspec.structs.replace(account, password_hash=hashed), is_new=True))
        return password

    def registry(self) -> Registry:
        """What is registered now.

        Raises:
            UsageError: The store cannot be read.
        """
        url = store_url(self._settings)
        file = store_file(url)
        if file is not None and not file.is_file():
            return Registry()
        try:
            engine = open_engine(url)
            registry = load_registry(engine)
            engine.dispose()
        except StoreError as failure:
            raise UsageError(f"the store cannot be read: {str(failure).partition(chr(10))[0]}") from failure
        return registry

    def accounts(self) -> list[str]:
        """Who has an account at the broker; empty where its files are not ours."""
        return self._files().names() if self._settings.broker_files else []

    def ask(self, command: AnyRegistryCommand) -> Answer:
        """Have a command carried out: by the running gateway, else here.

        Raises:
            UsageError: It is refused; the message has the word.
        """
        command = msgspec.structs.replace(command, by=self._by)
        answer = self._of_running(command) or self._here(command)
        if answer.refused:
            raise UsageError(f"refused: {answer.refused} (docs/provisioning.md says what it means)")
        self.recorded &= answer.recorded
        return answer

    def _of_running(self, command: AnyRegistryCommand) -> Answer | None:
        """The running gateway's answer; None when none runs."""
        s = self._settings
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(s.host, s.host)  # noqa: S104 - asked of, not bound
        word = Tokens(sign_in_secret(s, keep=True).get_secret_value(), timedelta()).local_pass()
        asked = Request(
            f"http://{host}:{s.port}/api/registry",
            data=msgspec.json.encode(command),
            headers={"Authorization": f"Bearer {word}", "Content-Type": "application/json"},
        )
        try:
            with build_opener(ProxyHandler({})).open(asked, timeout=ANSWER_WITHIN_S) as said:
                return msgspec.json.decode(said.read(), type=Answer)
        except HTTPError as refused:
            raise UsageError(f"the gateway at {host}:{s.port} does not take it: status {refused.code}") from refused
        except (URLError, OSError) as failure:
            if isinstance(getattr(failure, "reason", failure), ConnectionRefusedError):
                return None
            raise UsageError(f"the gateway at {host}:{s.port} does not answer: {failure}") from failure

    def _here(self, command: AnyRegistryCommand) -> Answer:
        """The same rule and the same rows, without a gateway. Homes are told at its next start."""
        store = Store(self._settings)
        try:
            reads, now = store.reads, SystemClock().now()
            directory = Directory(store.registry(), reads.names())
            homes, strays, _ = reads.memories()
            recollection = Recollection(reads.recalled)
            judge = Judge(
                directory, self._settings.policy(), homes, strays, reads.last_sequences(), set(), recollection
            )
            judge.begin()
            answer = judge.command(command, "", now)
            store.write(judge.batch)
        finally:
            store.close()
        return answer

    def _files(self) -> BrokerFiles:
        if not self._settings.broker_files:
            raise BrokerError("set broker_files to the folder of mosquitto's passwords and access rules first")
        return BrokerFiles(Path(self._settings.broker_files), self._settings.broker_reload)


def _prefix(adapter: str, id_: str) -> str:
    return f"{ROOT}/{id_}" if adapter == OWN else f"homes/{id_}"


def device_of(*, bridge: str, inner: str, home: str, role: str, room: str, vendor: str, model: str) -> Device:
    """A device as the command line names it; not in its place yet."""
    stage = DeviceStage.REGISTERED
    return Device(
        id="", bridge=bridge, inner=inner, household=home, role=role, room=room, vendor=vendor, model=model, stage=stage
    )


def picture(credentials: Credentials, out: Path) -> None:
    """The credentials as a QR code (``.png``, ``.svg``) or as text (anything else); for its owner's eyes alone.

    Raises:
        UsageError: The file is there already, or cannot be written.
    """
    try:
        out.touch(mode=0o600, exist_ok=False)
        if out.suffix.lower() in {".png", ".svg"}:
            segno.make_qr(credentials.address).save(str(out), scale=8, border=4)
        else:
            out.write_text(as_text(credentials), encoding="utf-8")
    except FileExistsError as there:
        raise UsageError(f"--out {out}: is there already") from there
    except OSError as failure:
        raise UsageError(f"--out {out}: {failure.strerror}") from failure


def as_text(credentials: Credentials) -> str:
    """The credentials for people."""
    c = credentials
    return f"broker    {c.broker}\nusername  {c.username}\npassword  {c.password}\nprefix    {c.prefix}\n{c.address}\n"
