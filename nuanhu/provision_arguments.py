"""``nuanhu provision``: its arguments, and what it prints."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

import msgspec
import segno

from alerting.casefile import Account, Role
from nuanhu.errors import NOT_RECORDED
from nuanhu.printing import print_json


class Made(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was made or ended, for programs."""

    made: str = ""
    revoked: str = ""
    taken_down: int = 0
    username: str = ""
    password: str = ""
    prefix: str = ""
    broker: str = ""
    file: str = ""
    recorded: bool = True
    """False: the gateway has it in memory alone, because its store is away."""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A bridge in the list."""

    bridge: str
    adapter: str
    prefix: str
    title: str
    devices: int
    revoked: bool
    account: bool


def add_provision(commands: Any) -> None:
    """The command and its acts."""
    provision = commands.add_parser("provision", help="credentials and access rules for a bridge or device; revoke")
    acts = provision.add_subparsers(title="acts", metavar="ACT", required=True)
    bridge = acts.add_parser("bridge", help="a hub, network server or platform link: its prefix and its credentials")
    bridge.add_argument("name", metavar="NAME", help="letters, digits and ._-; its account at the broker too")
    bridge.add_argument("--adapter", default="zigbee2mqtt", help="make of its messages (default zigbee2mqtt)")
    bridge.add_argument("--prefix", default="", metavar="TOPIC", help="what it owns (default homes/NAME)")
    bridge.add_argument("--title", default="", help="what people call it")
    bridge.add_argument("--area", default="", metavar="KEY", help="only homes of this area may use it (default any)")
    bridge.add_argument("--again", action="store_true", help="new credentials for a bridge that is there")
    _add_out(bridge)
    bridge.set_defaults(run=_bridge)
    device = acts.add_parser("device", help="a device; without --bridge one of our own protocol, with credentials")
    device.add_argument("name", metavar="ID", help="its id inside the bridge: IEEE address, DevEUI, serial")
    device.add_argument("--home", required=True, metavar="CASE", help="case number of its home")
    device.add_argument("--role", required=True, help="motion, presence, panic, pendant, door, hub, smoke, gas …")
    device.add_argument("--room", default="", help="living, bedroom, bathroom, kitchen, hall …")
    device.add_argument("--bridge", default="", metavar="NAME", help="the bridge it speaks through")
    device.add_argument("--vendor", default="")
    device.add_argument("--model", default="")
    device.add_argument(
        "--ask-key", action="store_true", help="bind key of a device that encrypts its adverts; asked for"
    )
    _add_out(device)
    device.set_defaults(run=_device)
    revoke = acts.add_parser("revoke", help="nobody speaks as this bridge any more, from now on")
    revoke.add_argument("name", metavar="NAME")
    revoke.set_defaults(run=_revoke)
    account = acts.add_parser("account", help="somebody who may sign in; prints a one-time password")
    account.add_argument("name", metavar="LOGIN", help="2 to 32 small letters, digits, dots or dashes")
    account.add_argument("--role", choices=[it.value for it in Role], default=Role.ADMINISTRATOR.value)
    account.add_argument("--title", default="", metavar="NAME", help="what people call them (default LOGIN)")
    account.add_argument("--area", default="", metavar="KEY", help="nothing outside is seen (default the whole city)")
    account.add_argument("--responder", default="", metavar="ID", help="their entry of the register")
    account.add_argument("--again", action="store_true", help="a new password for an account that is there")
    account.set_defaults(run=_account)
    listing = acts.add_parser("list", help="all bridges with their devices and accounts")
    listing.set_defaults(run=_list)
    for act in acts.choices.values():
        act.add_argument("--settings", type=Path, metavar="FILE", help="settings file (nuanhu.toml)")
        act.add_argument("--json", action="store_true", help="one JSON object as the last line of output")


def _add_out(act: argparse.ArgumentParser) -> None:
    act.add_argument("--broker", default="", metavar="HOST:PORT", help="the broker as devices reach it")
    act.add_argument("--out", type=Path, metavar="FILE", help="into a file (.png, .svg or text) instead of the screen")


def _bridge(asked: argparse.Namespace) -> int:
    provisioning = _provisioning(asked)
    credentials = provisioning.bridge(
        asked.name, asked.adapter, asked.prefix, asked.title, asked.area, again=asked.again
    )
    return _tell(asked, asked.name, credentials, recorded=provisioning.recorded)


def _device(asked: argparse.Namespace) -> int:
    from nuanhu.provision import OWN, device_of  # noqa: PLC0415 - each command loads what it needs

    provisioning = _provisioning(asked)
    credentials = None
    if not asked.bridge:
        credentials = provisioning.bridge(asked.name, OWN, "", "", "", again=False)
        if not provisioning.recorded:  # the store is away: the device would be refused, and the password lost
            return _tell(asked, asked.name, credentials, recorded=False)
    device = device_of(
        bridge=asked.bridge or asked.name,
        inner=asked.name,
        home=asked.home,
        role=asked.role,
        room=asked.room,
        vendor=asked.vendor,
        model=asked.model,
    )
    made = provisioning.device(device, _bind_key() if asked.ask_key else "")
    return _tell(asked, made, credentials, recorded=provisioning.recorded)


def _bind_key() -> str:
    """From the keyboard, else the first line of standard input: never from the command line, which others can see."""
    said = getpass.getpass("bind key (hexadecimal): ") if sys.stdin.isatty() else sys.stdin.readline()
    return said.strip()


def _tell(asked: argparse.Namespace, made: str, credentials: Any, *, recorded: bool) -> int:
    from nuanhu.provision import as_text, picture  # noqa: PLC0415 - each command loads what it needs

    if credentials is not None and asked.out is not None:
        picture(credentials, asked.out)
    if asked.json:
        shown = msgspec.structs.asdict(credentials) if credentials is not None and asked.out is None else {}
        print_json(Made(made=made, file=str(asked.out or ""), recorded=recorded, **shown))
        return _status(recorded=recorded)
    print(f"registered: {made}")
    if credentials is None:
        return _status(recorded=recorded)
    if asked.out is not None:
        print(f"credentials: {asked.out}; they are kept nowhere else")
        return _status(recorded=recorded)
    print(as_text(credentials), end="")
    segno.make_qr(credentials.address).terminal(compact=True)
    print("The password is kept nowhere: it is shown this once.")
    return _status(recorded=recorded)


def _status(*, recorded: bool) -> int:
    """The exit status, and a line to people when the store has not what was asked."""
    if recorded:
        return 0
    print(
        "not recorded: the store is away. The gateway has taken it: it counts once the store is well again, and is "
        "lost if the gateway ends before; look with nuanhu provision list then",
        file=sys.stderr,
    )
    return NOT_RECORDED


def _revoke(asked: argparse.Namespace) -> int:
    provisioning = _provisioning(asked)
    devices = provisioning.revoke(asked.name)
    if asked.json:
        print_json(Made(revoked=asked.name, taken_down=devices, recorded=provisioning.recorded))
    else:
        print(f"revoked: {asked.name}; {devices} devices are taken down with it")
    return _status(recorded=provisioning.recorded)


def _account(asked: argparse.Namespace) -> int:
    wanted = Account(
        login=asked.name,
        name=asked.title or asked.name,
        role=Role(asked.role),
        password_hash="",
        area=asked.area,
        responder=asked.responder,
    )
    provisioning = _provisioning(asked)
    password = provisioning.account(wanted, again=asked.again)
    if asked.json:
        print_json(Made(made=asked.name, password=password, recorded=provisioning.recorded))
        return _status(recorded=provisioning.recorded)
    print(f"login     {asked.name}\npassword  {password}")
    print("The password is kept nowhere: it is shown this once, and must be changed at the first sign-in.")
    return _status(recorded=provisioning.recorded)


def _list(asked: argparse.Namespace) -> int:
    provisioning = _provisioning(asked)
    registry, accounts = provisioning.registry(), set(provisioning.accounts())
    behind: dict[str, int] = {}
    for device in registry.devices:
        behind[device.bridge] = behind.get(device.bridge, 0) + 1
    rows = [
        Listed(
            bridge=it.id,
            adapter=it.adapter,
            prefix=it.prefix,
            title=it.title,
            devices=behind.get(it.id, 0),
            revoked=it.revoked,
            account=it.id in accounts,
        )
        for it in registry.bridges
    ]
    if asked.json:
        print_json({"bridges": rows})
        return 0
    for row in rows:
        state = "revoked" if row.revoked else "account" if row.account else "no account"
        print(f"{row.bridge:<24} {row.adapter:<16} {row.prefix:<32} {row.devices:>4}  {state}  {row.title}".rstrip())
    return 0


def _provisioning(asked: argparse.Namespace) -> Any:
    from nuanhu.provision import Provisioning  # noqa: PLC0415 - each command loads what it needs
    from nuanhu.run import settings_from  # noqa: PLC0415 - the same

    return Provisioning(settings_from(asked.settings), getattr(asked, "broker", ""))
