"""The command line: ``nuanhu COMMAND``. Exit status 0 = good, 1 = found something wrong, 2 = wrong arguments."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.broker import BrokerError
from gateway.notify import ChannelError
from gateway.store.engine import StoreUnusableError
from gateway.store.seat import StoreTakenError
from nuanhu import event_loop
from nuanhu.backup_arguments import add_backup
from nuanhu.bench.command import add_bench
from nuanhu.errors import UsageError
from nuanhu.evaluate.arguments import add_evaluate
from nuanhu.import_homes import add_import
from nuanhu.port import PortTakenError
from nuanhu.printing import print_json
from nuanhu.provision_arguments import add_provision
from nuanhu.replay.arguments import add_replay

if TYPE_CHECKING:
    from nuanhu.continuity import PackReport

Command = Callable[[argparse.Namespace], int]

LEAST_FOR_S = 30
MOST_PORT = 65_535

DECODE_EXAMPLE = """one JSON object a line, for example:
  {"topic": "zigbee2mqtt/0x00124b00a1b2c3d4", "payload": "{\\"action\\": \\"emergency\\"}"}
  {"family": "lorawan-codec", "vendor": "Milesight", "model": "WS202",
   "input": {"encoding": "hex", "f_port": 85, "data": "01755c030001040000"}}   (on one line)"""
TOLD_IN_ONE_LINE = (
    UsageError,
    ChannelError,
    PortTakenError,
    BrokerError,
    StoreTakenError,
    StoreUnusableError,
    FileNotFoundError,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.run is None:
        parser.print_help()
        return 2
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    command: Command = asked.run
    try:
        return command(asked)
    except TOLD_IN_ONE_LINE as wrong:
        print(f"nuanhu: {wrong}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nuanhu", description="Safety-monitoring gateway for people who live alone.")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_demo(commands)
    _add_run(commands)
    _add_simulate(commands)
    _add_decode(commands)
    add_evaluate(commands)
    add_replay(commands)
    _add_conformance(commands)
    _add_continuity(commands)
    add_backup(commands)
    add_provision(commands)
    add_import(commands)
    _add_crash_test(commands)
    add_bench(commands)
    for command in commands.choices.values():
        command.add_argument("--json", action="store_true", help="one JSON object as the last line of output")
    return parser


def _add_demo(commands: Any) -> None:
    demo_ = commands.add_parser("demo", help="a whole town with broker, gateway and screens")
    demo_.add_argument("--households", type=int, default=300, help="homes in the town (1-3000, default 300)")
    demo_.add_argument("--port", type=int, default=8080, help="port of the screens (default 8080)")
    demo_.add_argument("--seed", type=int, default=1, help="another seed is another town")
    demo_.add_argument("--speed", type=float, default=1.0, help="how much faster than real time the town lives (1-60)")
    demo_.add_argument("--for", dest="for_s", type=float, metavar="S", help="end by itself after S (30 or more)")
    demo_.add_argument("--play", type=Path, metavar="FILE", help="a real home's log as one more household")
    demo_.add_argument("--data", type=Path, help="folder that keeps the town (default: var/demo/ and its name)")
    demo_.add_argument("--fresh", action="store_true", help="forget what the folder holds and begin anew")
    demo_.add_argument("--mqtt-port", type=int, default=1883, help="port of the broker when free (default 1883)")
    demo_.add_argument("--broker", choices=("auto", "mosquitto", "nats"), default="auto", help="make of the broker")
    demo_.add_argument(
        "--tongue", choices=("zh", "en", "both"), help="language here (default: by the locale, else both)"
    )
    demo_.set_defaults(run=_demo)


def default_folder(households: int, seed: int, play: Path | None) -> Path:
    """Where a demo keeps its town: another town is another folder, so that each is found again."""
    return Path("var/demo") / f"{households}-{seed}{f'-{play.stem}' if play else ''}"


def _demo(asked: argparse.Namespace) -> int:
    _check_port(asked.port, "--port")
    _check_port(asked.mqtt_port, "--mqtt-port")
    from nuanhu.demo.command import DemoOptions, demo  # noqa: PLC0415 - each command loads what it needs
    from nuanhu.demo.welcome import tongue_of  # noqa: PLC0415

    if asked.for_s is not None and asked.for_s < LEAST_FOR_S:
        raise UsageError(f"--for must be at least {LEAST_FOR_S} seconds")
    options = DemoOptions(
        households=asked.households,
        port=asked.port,
        seed=asked.seed,
        speed=asked.speed,
        for_s=asked.for_s,
        play=asked.play,
        data=asked.data or default_folder(asked.households, asked.seed, asked.play),
        fresh=asked.fresh,
        mqtt_port=asked.mqtt_port,
        broker=asked.broker,
        quiet=asked.json,
        tongue=asked.tongue or tongue_of(),
    )
    report = event_loop.run(demo(options))
    if asked.json:
        print_json(report)
    return 0 if report.good or asked.for_s is None else 1


def _check_port(port: int, option: str) -> None:
    if not 0 <= port <= MOST_PORT:
        raise UsageError(f"{option} must be 0 to {MOST_PORT}")


def _add_run(commands: Any) -> None:
    run = commands.add_parser("run", help="the gateway in production")
    run.add_argument("--settings", type=Path, metavar="FILE", help="settings file (nuanhu.toml)")
    run.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    from nuanhu.run import run  # noqa: PLC0415 - each command loads what it needs

    return event_loop.run(run(asked.settings))


def _add_simulate(commands: Any) -> None:
    simulate = commands.add_parser("simulate", help="the town alone, against any broker")
    simulate.add_argument("--broker", required=True, metavar="HOST:PORT", help="address of the broker")
    simulate.add_argument("--households", type=int, default=300)
    simulate.add_argument("--seed", type=int, default=1)
    simulate.add_argument("--speed", type=float, default=1.0)
    simulate.add_argument("--for", dest="for_s", type=float, metavar="S", help="end after S seconds")
    simulate.add_argument("--username", help="one account for the whole town (default: one for each bridge)")
    simulate.add_argument("--password", default="")
    simulate.set_defaults(run=_simulate)


def _simulate(asked: argparse.Namespace) -> int:
    from nuanhu.simulate import run  # noqa: PLC0415 - each command loads what it needs

    host, _, port = asked.broker.removeprefix("mqtt://").rpartition(":")
    if not host or not port.isdigit():
        raise UsageError("--broker must be HOST:PORT")
    return run(
        host=host,
        port=int(port),
        households=asked.households,
        seed=asked.seed,
        speed=asked.speed,
        seconds=asked.for_s,
        username=asked.username,
        password=asked.password,
    )


def _add_decode(commands: Any) -> None:
    decode = commands.add_parser(
        "decode",
        help="messages on standard input, signals on standard output",
        epilog=DECODE_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    decode.add_argument("--makes", type=Path, metavar="FILE", help="TOML file that declares further makes")
    decode.set_defaults(run=_decode)
    devices = commands.add_parser("devices", help="the table of supported devices")
    devices.set_defaults(run=_devices)


def _decode(asked: argparse.Namespace) -> int:
    from nuanhu.decode import run  # noqa: PLC0415 - each command loads what it needs
    from nuanhu.makes import adopt_declared  # noqa: PLC0415 - the same

    if asked.makes is not None:
        adopt_declared(asked.makes)
    return run(sys.stdin, sys.stdout)


def _devices(_: argparse.Namespace) -> int:
    from device_adapters.supported import tables  # noqa: PLC0415 - each command loads what it needs

    print(tables(), end="")
    return 0


def _add_crash_test(commands: Any) -> None:
    crash = commands.add_parser("crash-test", help="kill gateway and broker while people press: is anything lost?")
    crash.add_argument("--kills", type=int, default=20, help="how often (1-2000, default 20); 3 to 4 seconds each")
    crash.add_argument("--seed", type=int, default=1, help="another seed is another town and another plan of kills")
    crash.set_defaults(run=_crash_test)


def _crash_test(asked: argparse.Namespace) -> int:
    from nuanhu.crash_test.report import show  # noqa: PLC0415
    from nuanhu.crash_test.run import MOST_KILLS, crash_test  # noqa: PLC0415 - each command loads what it needs

    if not 1 <= asked.kills <= MOST_KILLS:
        raise UsageError(f"--kills must be 1 to {MOST_KILLS}")
    report = event_loop.run(crash_test(asked.kills, asked.seed, quiet=asked.json))
    print_json(report) if asked.json else show(report)
    return 0 if report.good else 1


def _add_continuity(commands: Any) -> None:
    continuity = commands.add_parser("continuity", help="what people need while the system is down")
    acts = continuity.add_subparsers(title="acts", metavar="ACT", required=True)
    opening = acts.add_parser("open", help="a pack -> one page for browser and printer; asks for the passphrase")
    opening.add_argument("file", type=Path, metavar="FILE", help="the pack (continuity.pack)")
    opening.add_argument("--out", type=Path, metavar="PAGE", default=Path("pack.html"), help="default pack.html")
    opening.add_argument("--language", choices=("zh_CN", "en"), default="zh_CN", help="language of the page (zh_CN)")
    opening.set_defaults(run=_continuity_open)
    writing = acts.add_parser("write", help="write the pack now, from the store")
    writing.add_argument("--settings", type=Path, metavar="FILE", help="settings file (nuanhu.toml)")
    writing.set_defaults(run=_continuity_write)
    for act in acts.choices.values():
        act.add_argument("--json", action="store_true", help="one JSON object as the last line of output")


def _continuity_open(asked: argparse.Namespace) -> int:
    from nuanhu.continuity import open_pack  # noqa: PLC0415 - each command loads what it needs

    return _tell_pack(open_pack(asked.file, asked.out, asked.language), as_json=asked.json)


def _continuity_write(asked: argparse.Namespace) -> int:
    from nuanhu.continuity import write_now  # noqa: PLC0415 - each command loads what it needs

    return _tell_pack(write_now(asked.settings), as_json=asked.json)


def _tell_pack(report: PackReport, *, as_json: bool) -> int:
    if as_json:
        print_json(report)
    else:
        at = report.written_at.astimezone().isoformat(" ", "seconds")
        print(f"{report.file}: {report.open} open incidents, {report.homes} homes, as of {at}")
    return 0


def _add_conformance(commands: Any) -> None:
    check = commands.add_parser("conformance", help="does a broker, a bridge or a device keep our protocol")
    check.add_argument("--broker", required=True, metavar="HOST:PORT", help="address of the broker")
    check.add_argument("--username", default="", help="account of the bridge, as a device has it")
    check.add_argument("--password", default="")
    check.add_argument("--gateway-username", default="", help="account that hears all (default: the same)")
    check.add_argument("--gateway-password", default="")
    check.add_argument("--ca", default="", metavar="FILE", help="certificate authority of the broker's TLS")
    check.add_argument("--prefix", default="", metavar="nuanhu/1/BRIDGE", help="topics of the bridge")
    check.add_argument("--device", default="", metavar="ID", help="look at this device alone")
    check.add_argument("--for", dest="for_s", type=float, default=0.0, metavar="S", help="listen to devices for S")
    check.set_defaults(run=_conformance)


def _conformance(asked: argparse.Namespace) -> int:
    from nuanhu.conformance.command import Asked, conformance  # noqa: PLC0415 - each command loads what it needs
    from nuanhu.conformance.findings import table  # noqa: PLC0415
    from nuanhu.conformance.line import Account  # noqa: PLC0415

    found = conformance(
        Asked(
            broker=asked.broker,
            bridge=Account(asked.username, asked.password),
            gateway=Account(asked.gateway_username, asked.gateway_password),
            ca_file=asked.ca,
            prefix=asked.prefix,
            device=asked.device,
            for_s=asked.for_s,
            quiet=asked.json,
        )
    )
    if asked.json:
        print_json(found)
    else:
        print(table(found))
    return 1 if found.failed else 0
