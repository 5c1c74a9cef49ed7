"""What a device says, held against the protocol: a pure judge of its messages, without a connection or a clock."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

import msgspec

from device_adapters.adapter import NOTHING_KNOWN, Message, Rejected
from device_adapters.own_protocol import CALLS_FOR_HELP, decode, encode_receipt
from device_adapters.signals import Fault
from nuanhu.conformance.findings import Check, Verdict

FIRST_REPEAT_S = (1.5, 4.0)
GROWS_BY = 1.4
LONGEST_PAUSE_S = 75.0
REPEATS_WITHHELD = 2
"""The first event of each device gets its receipt only after so many repeats: 2 + 4 = 6 s."""

GIVE_UP_S = 12.0
QUIET_FROM_S = 4.0
"""So long after a receipt the next repeat would have come."""

CHECK_IN_S = 12 * 3600 + 600

EVENT, RECEIPT, REPEATING = "protocol.md#event", "protocol.md#receipt", "protocol.md#repeating-until-the-receipt"
TOPICS, CONNECTION = "protocol.md#topics", "protocol.md#connection"
MAKER = "protocol.md#what-a-maker-must-do"


class Said(msgspec.Struct):
    """One event and its repeats. Times are real seconds of the same clock."""

    payload: bytes
    topic: str
    kind: str
    times_s: list[float]
    withheld: bool
    receipted_s: float = 0
    after_receipt: int = 0


class Device:
    """What one device has said so far."""

    def __init__(self, name: str) -> None:
        """Nothing yet."""
        self.name = name
        self.events: dict[str, Said] = {}
        self.newest: dict[str, int] = {}
        self.used: dict[tuple[str, int], bytes] = {}
        self.statuses_s: list[float] = []
        self.messages = 0
        self.wrong: dict[str, str] = {}
        """Name of a check -> first thing found wrong."""
        self.asked = ""
        self.answered = False

    def blame(self, check: str, what: str) -> None:
        """Remember the first fault of a kind."""
        self.wrong.setdefault(check, what)


class Watch:
    """Judges the messages of one bridge, and says which receipts to send.

    Args:
        prefix: Topic prefix of the bridge.
        only: Name of the one device to look at; empty: all.
    """

    def __init__(self, prefix: str, only: str = "") -> None:
        """Nothing heard yet."""
        self._prefix = prefix
        self._only = only
        self.devices: dict[str, Device] = {}
        self.online = ""
        self.went_offline = False
        self.online_retained = True
        self.strange: list[str] = []
        self.other_gateway = False
        self._ours: set[tuple[str, str]] = set()

    def hear(
        self, at_s: float, now: datetime, topic: str, payload: bytes, *, qos: int, retain: bool
    ) -> list[tuple[str, bytes]]:
        """Take in one message.

        Args:
            at_s: When it came, real seconds.
            now: The same as service time, aware UTC.
            topic: Whole topic.
            payload: Its bytes.
            qos: As it came.
            retain: Whether it was published with the retain flag.

        Returns:
            Receipts to send now, as (topic, payload).
        """
        match topic[len(self._prefix) + 1 :].split("/"):
            case ["up", "online"]:
                self._online(payload, retain=retain)
            case ["up", device, ("event" | "status") as what] if self._only in {"", device}:
                one = self.devices.setdefault(device, Device(device))
                self._message(one, now, topic, payload, qos=qos, retain=retain)
                if what == "event":
                    return self._event(one, at_s, now, topic, payload)
                one.statuses_s.append(at_s)
            case ["down", device, "receipt"]:
                self.other_gateway |= (device, _field(payload, "id")) not in self._ours
            case ["up", _, "event" | "status"] | ["down", *_]:
                pass
            case _:
                self.strange.append(topic)
        return []

    def due(self, at_s: float, now: datetime) -> list[tuple[str, bytes]]:
        """Receipts for events that nobody repeats: there is nothing more to be learnt by waiting."""
        return [
            self._receipt(one, id_, said, at_s, now)
            for one in self.devices.values()
            for id_, said in one.events.items()
            if not said.receipted_s and at_s - said.times_s[-1] > GIVE_UP_S
        ]

    def _online(self, payload: bytes, *, retain: bool) -> None:
        state = _field(payload, "state")
        if state not in {"online", "offline"}:
            self.strange.append("up/online")
            return
        self.online_retained &= retain
        self.went_offline |= state == "offline"
        self.online = state if state == "online" else self.online

    def _message(self, one: Device, now: datetime, topic: str, payload: bytes, *, qos: int, retain: bool) -> None:
        one.messages += 1
        if qos == 0:
            one.blame("QoS 1", "a message came with QoS 0")
        if retain:
            one.blame("nothing retained", "a message was published with the retain flag")
        try:
            signals = decode(Message(topic, payload, now), self._prefix, NOTHING_KNOWN)
        except Rejected as reason:
            one.blame("valid messages", str(reason))
            return
        broken = next((s.text for s in signals if isinstance(s, Fault) and s.code == "malformed"), None)
        body = msgspec.json.decode(payload)
        if broken is not None:
            one.blame("valid messages", str(broken))
        elif "at" not in body:
            one.blame("valid messages", "`at` is missing: it is `null` without a clock")
        elif body["at"] is not None and signals[0].device_time is None:
            one.blame("plausible times", f"`at` is {body['at']!r}: `null` until the clock was set")
        self._count(one, body, payload)

    @staticmethod
    def _count(one: Device, body: dict[str, Any], payload: bytes) -> None:
        boot, seq = body.get("boot"), body.get("seq")
        if not isinstance(boot, str) or not isinstance(seq, int):
            return
        before = one.used.setdefault((boot, seq), payload)
        if before != payload:
            one.blame("boot and sequence", f"number {seq} of boot {boot} was used for two messages")
        is_new = before is payload
        overtakes = body.get("kind") in CALLS_FOR_HELP or body.get("buffered") is True
        if is_new and not overtakes:
            if seq < one.newest.get(boot, -1):
                one.blame("boot and sequence", f"number {seq} of boot {boot} came after {one.newest[boot]}")
            one.newest[boot] = seq

    def _event(self, one: Device, at_s: float, now: datetime, topic: str, payload: bytes) -> list[tuple[str, bytes]]:
        id_ = _field(payload, "id")
        if not id_:
            return []
        said = one.events.get(id_)
        if said is None:
            said = Said(payload, topic, _field(payload, "kind"), [at_s], withheld=not one.events)
            one.events[id_] = said
            one.answered |= bool(one.asked) and said.kind == "well"
        elif said.payload != payload:
            one.blame("unique ids", f"id {id_} was used for two different events")
            return [self._receipt(one, id_, said, at_s, now)]
        else:
            said.times_s.append(at_s)
            said.after_receipt += bool(said.receipted_s)
            if said.after_receipt > 1:
                one.blame("stops at the receipt", f"event {id_} was repeated {said.after_receipt} times after it")
        if said.withheld and len(said.times_s) <= REPEATS_WITHHELD:
            return []
        return [self._receipt(one, id_, said, at_s, now)]

    def _receipt(self, one: Device, id_: str, said: Said, at_s: float, now: datetime) -> tuple[str, bytes]:
        said.receipted_s = said.receipted_s or at_s
        self._ours.add((one.name, id_))
        return encode_receipt(self._prefix, one.name, id_, now)

    def checks(self, at_s: float) -> list[Check]:
        """How it stands at ``at_s``, real seconds."""
        about = f"bridge {self._prefix}"
        found = [
            _check(about, "says that it is online", CONNECTION, seen=bool(self.online)),
            _check(
                about,
                "last will: offline",
                CONNECTION,
                seen=self.went_offline,
                detail="" if self.went_offline else "pull its plug while this runs",
            ),
        ]
        if self.online and not self.online_retained:
            found[0] = _check(about, found[0].name, CONNECTION, wrong="it was not retained")
        strange = f"{self.strange[0]} and {len(self.strange)} in all" if self.strange else ""
        found.append(_check(about, "topics of the protocol alone", TOPICS, seen=bool(self.devices), wrong=strange))
        rival = "another gateway sends receipts: what is repeated, and when, cannot be judged"
        if self.other_gateway:
            found.append(_check(about, "alone with this check", RECEIPT, wrong=rival))
        if not self.devices:
            found.append(_check(f"device {self._only or '(any)'}", "says anything at all", EVENT))
        for one in self.devices.values():
            found += _of_device(one, at_s)
        return found


def _of_device(one: Device, at_s: float) -> list[Check]:
    about, wrong = f"device {one.name}", one.wrong.get
    events = list(one.events.values())
    repeated, why = _repeating(events, at_s)
    stopped = any(s.receipted_s and at_s - s.receipted_s > QUIET_FROM_S for s in events)
    kinds = sorted({said.kind for said in events})
    checked_in, spoke = _check_in(one)
    said = f"{one.messages} messages"
    return [
        _check(about, "valid messages", EVENT, seen=True, wrong=wrong("valid messages", ""), detail=said),
        _check(about, "plausible times", "protocol.md#time", seen=True, wrong=wrong("plausible times", "")),
        _check(about, "QoS 1", TOPICS, seen=True, wrong=wrong("QoS 1", "")),
        _check(about, "nothing retained", CONNECTION, seen=True, wrong=wrong("nothing retained", "")),
        _check(about, "unique ids", EVENT, seen=bool(events), wrong=wrong("unique ids", ""), detail=" ".join(kinds)),
        _check(about, "boot and sequence", EVENT, seen=one.messages > 1, wrong=wrong("boot and sequence", "")),
        _check(about, "repeats until the receipt", REPEATING, seen=repeated, wrong=why),
        _check(
            about,
            "stops at the receipt",
            REPEATING,
            seen=stopped,
            wrong=wrong("stops at the receipt", ""),
        ),
        _check(about, "calls for help", EVENT, seen="panic" in kinds, detail="" if "panic" in kinds else "press it"),
        _check(about, "checks in", MAKER, seen=bool(one.statuses_s), wrong=checked_in, detail=spoke),
        _check(about, "answers a prompt (optional)", "protocol.md#prompt", seen=one.answered),
    ]


def _repeating(events: list[Said], at_s: float) -> tuple[bool, str]:
    """Whether a withheld receipt was seen to be waited for, and what was wrong with that."""
    withheld = next((said for said in events if said.withheld), None)
    if withheld is None:
        return False, ""
    times = withheld.times_s
    pauses = [later - earlier for earlier, later in pairwise(times)]
    waited_s = (withheld.receipted_s or at_s) - times[-1]
    if not pauses:
        return False, f"not repeated in {waited_s:.0f} s without a receipt" if waited_s > GIVE_UP_S - 2 else ""
    if not FIRST_REPEAT_S[0] <= pauses[0] <= FIRST_REPEAT_S[1]:
        return True, f"first repeated after {pauses[0]:.1f} s, not 2 s"
    pauses = pauses[:REPEATS_WITHHELD]
    for before, after in pairwise(pauses):
        if not before * GROWS_BY <= after <= LONGEST_PAUSE_S:
            return True, f"repeated after {before:.1f} s and then {after:.1f} s: each pause is twice the one before"
    return len(pauses) > 1, "" if len(pauses) > 1 or waited_s < GIVE_UP_S - 2 else "repeated once, then no more"


def _check_in(one: Device) -> tuple[str, str]:
    """What is wrong with a device's regular signs of life, and what was seen of them."""
    times = one.statuses_s
    pauses = [later - earlier for earlier, later in pairwise(times)]
    if pauses and max(pauses) > CHECK_IN_S:
        return f"{max(pauses) / 3600:.1f} h without a status: at most 12 h", ""
    if pauses:
        return "", f"every {max(pauses):.0f} s at most"
    return "", "one status; listen for longer to see the interval" if times else "no status: restart it"


def _check(about: str, name: str, section: str, *, seen: bool = False, wrong: str = "", detail: str = "") -> Check:
    verdict = Verdict.FAILED if wrong else Verdict.OK if seen else Verdict.NOT_SEEN
    return Check(about=about, name=name, section=section, verdict=verdict, detail=wrong or detail)


def _field(payload: bytes, name: str) -> str:
    """A text field of a JSON object; empty when there is none."""
    try:
        body = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""
