"""Checks of a broker, made by speaking to it as a bridge and as the gateway would."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from device_adapters.own_protocol import ROOT, encode_online, encode_receipt, encode_status
from gateway.clock import SystemClock
from nuanhu.conformance.findings import Check, Verdict
from nuanhu.conformance.line import Account, Line, Place, RefusedError, SilentError, Will

DEVICE = "conformance"
"""Name of the device as which the checks speak."""

NOT_AUTHORIZED = 135
REFUSED_FROM = 128
QUEUED = 50
BIGGEST_BODY_BYTES = 65_536
UNHEARD_WITHIN_S = 1.0

ABOUT = "broker"
DEAF = "what this account says it cannot hear: give --gateway-username as well"
CONNECTION = "protocol.md#connection"
ACCESS = "broker.md#who-may-do-what"


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """Who speaks in the checks.

    Attributes:
        place: The broker.
        bridge: The account of a bridge, as a device has it.
        gateway: The account of the gateway; the same one where there is only one.
        prefix: Topic prefix of the bridge.
        mqtt5: The broker speaks MQTT 5.
        ears_name: Tells several listeners at one broker apart.
    """

    place: Place
    bridge: Account
    gateway: Account
    prefix: str
    mqtt5: bool = True
    ears_name: str = "gateway"

    def device(self, name: str = "device", *, will: Will | None = None) -> Line:
        """A new connection of the bridge."""
        return Line(self.place, self.bridge, f"{DEVICE}-{name}", mqtt5=self.mqtt5, will=will)

    def ears(self, name: str = "ears", *, lasting: bool = False, fresh: bool = True, by_hand: bool = False) -> Line:
        """A new connection of the gateway."""
        client = f"{DEVICE}-{name}"
        return Line(self.place, self.gateway, client, mqtt5=self.mqtt5, lasting=lasting, fresh=fresh, by_hand=by_hand)

    def status(self, n: int) -> tuple[str, bytes]:
        """A harmless message of the bridge."""
        return encode_status(self.prefix, DEVICE, boot="check", seq=n)


Found = tuple[Verdict, str]
OK: Found = (Verdict.OK, "")


def check_broker(sides: Sides) -> tuple[list[Check], Sides]:
    """All checks of a broker, and the sides with the version of MQTT that it speaks.

    Raises:
        RefusedError: It lets neither side in at all, so that nothing can be checked.
    """
    checks: list[Check] = []

    def note(name: str, section: str, found: Found) -> None:
        checks.append(Check(about=ABOUT, name=name, section=section, verdict=found[0], detail=found[1]))

    sides, spoken = _version(sides)
    note("lets the account in", CONNECTION, OK)
    note("speaks MQTT 5", CONNECTION, spoken)
    note("refuses whoever has no account", ACCESS, _strangers(sides))
    hears = _hears(sides)
    for name, section, look in CHECKS:
        try:
            note(name, section, look(sides, hears))
        except (SilentError, RefusedError) as silent:
            note(name, section, (Verdict.FAILED, str(silent)))
    return checks, sides


def _version(sides: Sides) -> tuple[Sides, Found]:
    try:
        sides.device().leave()
    except RefusedError as refused:
        older = msgspec.structs.replace(sides, mqtt5=False)
        try:
            older.device().leave()
        except RefusedError:
            raise refused from None
        return older, (Verdict.NOT_SEEN, f"only 3.1.1 ({refused}): nobody is told of a forbidden publish")
    return sides, OK


def _strangers(sides: Sides) -> Found:
    if not sides.bridge.username:
        return Verdict.NOT_SEEN, "the checks themselves have no account: give --username"
    nobody = msgspec.structs.replace(sides, bridge=Account())
    try:
        nobody.device("stranger").leave()
    except RefusedError:
        return OK
    return Verdict.FAILED, "anybody may connect"


def _hears(sides: Sides) -> bool:
    """Whether the gateway's side hears what the bridge says; without that most checks see nothing."""
    topic, payload = sides.status(0)
    with sides.ears() as ears, sides.device() as device:
        if ears.subscribe(topic) >= REFUSED_FROM:
            return False
        device.say(topic, payload)
        return ears.until(topic, payload) is not None


def _acknowledges(sides: Sides, _: bool) -> Found:
    with sides.device() as device:
        reason = device.say(*sides.status(1))
    return (Verdict.FAILED, f"refused with reason {reason}") if reason >= REFUSED_FROM else OK


def _delivers(_: Sides, hears: bool) -> Found:
    return OK if hears else (Verdict.NOT_SEEN, DEAF)


def _answers(sides: Sides, _: bool) -> Found:
    topic, payload = encode_receipt(sides.prefix, DEVICE, "check", SystemClock().now())
    with sides.ears() as ears, sides.device() as device:
        if device.subscribe(f"{sides.prefix}/down/+/+") >= REFUSED_FROM:
            return Verdict.FAILED, "the bridge may not subscribe to its receipts"
        if ears.say(topic, payload) >= REFUSED_FROM:
            return Verdict.NOT_SEEN, "this account may not send receipts: give --gateway-username as well"
        return OK if device.until(topic, payload) else (Verdict.NOT_SEEN, "no receipt came: may both accounts do this?")


def _retains(sides: Sides, hears: bool) -> Found:
    if not hears:
        return Verdict.NOT_SEEN, DEAF
    topic, payload = f"{sides.prefix}/up/{DEVICE}/online", encode_online(sides.prefix, online=True)[1]
    with sides.device() as device:
        try:
            device.say(topic, payload, retain=True)
            with sides.ears() as ears:
                ears.subscribe(topic)
                one = ears.until(topic, payload)
        finally:
            device.say(topic, b"", retain=True)
        with sides.ears("later") as ears:
            ears.subscribe(topic)
            rest = ears.next(UNHEARD_WITHIN_S)
    if one is None:
        return Verdict.FAILED, "a retained message did not come to a later subscriber"
    if not one.retain:
        return Verdict.FAILED, "it came without the retain flag: a press of last week would ring as one of now"
    return (Verdict.FAILED, "a retained message cannot be taken back") if rest is not None else OK


def _keeps_the_session(sides: Sides, hears: bool) -> Found:
    """Messages said while the gateway is away come when it is back, all and in order."""
    if not hears:
        return Verdict.NOT_SEEN, DEAF
    with sides.ears("session", lasting=True) as ears:
        ears.subscribe(sides.status(0)[0])
        ears.break_off()
    said = [sides.status(n)[1] for n in range(QUEUED)]
    with sides.device() as device:
        for n in range(QUEUED):
            device.say(*sides.status(n))
    with sides.ears("session", lasting=True, fresh=False) as ears:
        if not ears.session_present:
            return Verdict.FAILED, "the session was gone after a lost connection"
        found = _in_order(ears, said)
    sides.ears("session").leave()
    return found


def _in_order(ears: Line, said: list[bytes]) -> Found:
    came: list[bytes] = []
    while len(came) < len(said) and (one := ears.next()) is not None:
        came.append(one.payload)
    if came == said:
        return Verdict.OK, f"{len(said)} messages"
    if sorted(came) == sorted(said):
        return Verdict.FAILED, "all came, but not in order"
    return Verdict.FAILED, f"{len(set(said) - set(came))} of {len(said)} did not come"


def _sends_again(sides: Sides, hears: bool) -> Found:
    """What was not acknowledged when the connection broke comes again."""
    if not hears:
        return Verdict.NOT_SEEN, DEAF
    said = [sides.status(n)[1] for n in range(10)]
    with sides.ears("again", lasting=True, by_hand=True) as ears, sides.device() as device:
        ears.subscribe(sides.status(0)[0])
        for n in range(10):
            device.say(*sides.status(n))
        came = [ears.next() for _ in said]
        for one in came[:3]:
            if one is not None:
                ears.acknowledge(one)
        ears.subscribe(sides.status(0)[0])  # once this is answered, the broker has the acknowledgements before it
        ears.break_off()
    with sides.ears("again", lasting=True, fresh=False) as ears:
        found = _in_order(ears, said[3:])
    sides.ears("again").leave()
    return found


def _forbids(pattern: str, harm: str) -> Callable[[Sides, bool], Found]:
    def look(sides: Sides, hears: bool) -> Found:
        topic, (allowed, after) = pattern.format(prefix=sides.prefix), sides.status(9)
        with sides.ears() as ears, sides.device() as device:
            ears.subscribe(topic)
            ears.subscribe(allowed)
            reason = device.say(topic, b'{"conformance":"must not arrive"}')
            try:
                device.say(allowed, after)
            except SilentError:
                return Verdict.FAILED, "one forbidden message costs the bridge its connection, buttons and all"
            came = []
            while (one := ears.next(UNHEARD_WITHIN_S)) is not None and one.topic != allowed:
                came.append(one)
        if came:
            return Verdict.FAILED, harm
        if reason == NOT_AUTHORIZED:
            return Verdict.OK, "refused with reason 135"
        if hears:
            return Verdict.OK, "not delivered; the sender is not told"
        return Verdict.NOT_SEEN, DEAF

    return look


def _speaks_the_will(sides: Sides, hears: bool) -> Found:
    if not hears:
        return Verdict.NOT_SEEN, DEAF
    topic, payload = f"{sides.prefix}/up/{DEVICE}/online", encode_online(sides.prefix, online=False)[1]
    with sides.ears() as ears:
        ears.subscribe(topic)
        sides.device("mortal", will=Will(topic, payload)).break_off()
        one = ears.until(topic, payload)
    with sides.device() as device:
        device.say(topic, b"", retain=True)
    return OK if one is not None else (Verdict.FAILED, "the last will of a lost connection was not delivered")


def _takes_the_biggest(sides: Sides, hears: bool) -> Found:
    topic, body = f"{sides.prefix}/up/{DEVICE}/status", b'{"boot":"check","seq":1,"at":null,"padding":"'
    body += b"x" * (BIGGEST_BODY_BYTES - len(body) - 2) + b'"}'
    with sides.ears() as ears, sides.device() as device:
        ears.subscribe(topic)
        if 0 < device.most_bytes < BIGGEST_BODY_BYTES:
            return Verdict.FAILED, f"it takes packets of {device.most_bytes} bytes and no more"
        if device.say(topic, body) >= REFUSED_FROM:
            return Verdict.FAILED, f"a body of {BIGGEST_BODY_BYTES} bytes was refused"
        if hears and ears.until(topic, body) is None:
            return Verdict.FAILED, f"a body of {BIGGEST_BODY_BYTES} bytes was acknowledged and not delivered"
    return OK if hears else (Verdict.NOT_SEEN, f"acknowledged; {DEAF}")


CHECKS: tuple[tuple[str, str, Callable[[Sides, bool], Found]], ...] = (
    ("acknowledges QoS 1", CONNECTION, _acknowledges),
    ("delivers what a bridge says", "protocol.md#topics", _delivers),
    ("delivers receipts to the bridge", "protocol.md#receipt", _answers),
    ("keeps and marks retained messages", "protocol.md#connection", _retains),
    ("keeps a session, its queue and the order", CONNECTION, _keeps_the_session),
    ("sends again what was not acknowledged", CONNECTION, _sends_again),
    (
        "refuses what lies outside the prefix",
        ACCESS,
        _forbids(f"{ROOT}/{DEVICE}-other/up/{DEVICE}/status", "a bridge can speak for any other"),
    ),
    (
        "refuses forged receipts",
        ACCESS,
        _forbids(f"{{prefix}}/down/{DEVICE}/receipt", "a bridge can forge the gateway's receipts"),
    ),
    ("speaks the last will", "protocol.md#connection", _speaks_the_will),
    (f"takes bodies of {BIGGEST_BODY_BYTES} bytes", "protocol.md#topics", _takes_the_biggest),
)
