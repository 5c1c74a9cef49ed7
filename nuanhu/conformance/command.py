"""``nuanhu conformance``: the checks of a broker, then of the devices that speak there meanwhile."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import msgspec

from device_adapters.own_messages import DEVICE_NAME
from device_adapters.own_protocol import ROOT, encode_prompt
from gateway.clock import SystemClock
from nuanhu.conformance.broker import REFUSED_FROM, Sides, check_broker
from nuanhu.conformance.device import Watch
from nuanhu.conformance.findings import Check, Findings, findings
from nuanhu.conformance.line import Account, Place, RefusedError
from nuanhu.errors import UsageError

LOOK_EVERY_S = 0.25
PROMPT_AFTER = 0.5
"""Devices are asked when this part of the time is over."""

ANSWER_WITHIN = timedelta(minutes=2)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says; ``for_s`` 0: no listening to devices."""

    broker: str
    bridge: Account = Account()
    gateway: Account = Account()
    ca_file: str = ""
    prefix: str = ""
    device: str = ""
    for_s: float = 0.0
    quiet: bool = False


def conformance(asked: Asked) -> Findings:
    """Check; takes some ten seconds and the time of listening.

    Raises:
        UsageError: The arguments make no sense, or the broker cannot be reached or lets nobody in.
    """
    place = _place(asked)
    prefix = asked.prefix or f"{ROOT}/{asked.bridge.username or 'conformance'}"
    _check_prefix(prefix, asked.device)
    gateway = asked.gateway if asked.gateway.username else asked.bridge
    sides = Sides(place=place, bridge=asked.bridge, gateway=gateway, prefix=prefix)
    try:
        checks, sides = check_broker(sides)
    except RefusedError as refused:
        raise UsageError(f"broker {asked.broker}: {refused}") from refused
    if asked.for_s > 0:
        checks += listen(sides, asked)
    return findings(asked.broker, checks)


def listen(sides: Sides, asked: Asked) -> list[Check]:
    """Be the gateway of one bridge for a while: hear, withhold, send receipts, ask once."""
    clock, watch = SystemClock(), Watch(sides.prefix, asked.device)
    began_s = clock.monotonic_s()
    if not asked.quiet:
        print(f"listening to {sides.prefix} for {asked.for_s:.0f} s: press, walk past, pull plugs …", file=sys.stderr)
    with sides.ears(sides.ears_name) as line:
        for wanted in (f"{sides.prefix}/up/#", f"{sides.prefix}/down/#"):
            if line.subscribe(wanted) >= REFUSED_FROM and wanted.endswith("up/#"):
                raise UsageError(f"this account may not hear {wanted}: give --gateway-username as well")
        while (passed_s := clock.monotonic_s() - began_s) < asked.for_s:
            one = line.next(LOOK_EVERY_S)
            at_s, now = clock.monotonic_s(), clock.now()
            answers = watch.due(at_s, now)
            if one is not None:
                answers += watch.hear(at_s, now, one.topic, one.payload, qos=one.qos, retain=one.retain)
            if passed_s > asked.for_s * PROMPT_AFTER:
                answers += _prompts(watch, sides.prefix, now)
            for answer in answers:
                line.send(*answer)
        return watch.checks(clock.monotonic_s())


def _prompts(watch: Watch, prefix: str, now: datetime) -> list[tuple[str, bytes]]:
    """A question to each device that was not asked yet."""
    unasked = [device for device in watch.devices.values() if not device.asked]
    for device in unasked:
        device.asked = f"conformance-{now:%H%M%S}"
    return [encode_prompt(prefix, device.name, device.asked, now + ANSWER_WITHIN) for device in unasked]


def _place(asked: Asked) -> Place:
    address = asked.broker.removeprefix("mqtts://").removeprefix("mqtt://")
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536:  # noqa: PLR2004 - ports
        raise UsageError("--broker must be HOST:PORT")
    return Place(host=host, port=int(port), ca_file=asked.ca_file)


def _check_prefix(prefix: str, device: str) -> None:
    levels = prefix.split("/")
    if not prefix.startswith(f"{ROOT}/") or len(levels) != len(ROOT.split("/")) + 1 or not levels[-1]:
        raise UsageError(f"--prefix must be {ROOT}/<bridge>")
    if any(letter in prefix for letter in "+#"):
        raise UsageError("--prefix must name one bridge, without wildcards")
    if device and not DEVICE_NAME.fullmatch(device):
        raise UsageError("--device: 1 to 64 of A-Z a-z 0-9 . _ : -")
