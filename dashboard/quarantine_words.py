"""Why a message was set aside, in the screens' words: by how the adapter's own reason begins."""

from __future__ import annotations

from dashboard.words import mark

CUT_OFF = mark("A frame that is cut off or has an unknown part")
LENGTH = mark("Not as long as its format says")
SHAPE = mark("Not the shape its maker documents")
TOPIC = mark("A topic that does not fit the message")
STATE = mark("A state its format does not have")

SET_ASIDE: dict[str, str] = {
    "not JSON": mark("Not JSON"),
    "not a JSON object": mark("Not JSON"),
    "data is not JSON": mark("Not JSON"),
    "not UTF-8": mark("Not UTF-8 text"),
    "an action that is not UTF-8": mark("Not UTF-8 text"),
    "not hexadecimal": mark("A frame that is not hexadecimal"),
    "data is not base64": mark("A frame that is not base64"),
    "wrong shape": SHAPE,
    "no list where": SHAPE,
    "an uplink without": SHAPE,
    "a location event without": SHAPE,
    "no advert in it": SHAPE,
    "not BTHome": mark("Not the version of BTHome that is read"),
    "larger than": mark("Too large"),
    "nested deeper than": mark("Nested too deep"),
    "unknown topic": mark("A topic nobody is registered for"),
    "topic is not below": mark("A topic outside the bridge's own"),
    "no such topic": mark("A topic the protocol does not have"),
    "not the topic of": TOPIC,
    "not a ChirpStack": TOPIC,
    "not a device topic of": TOPIC,
    "no such event": mark("An event its maker does not document"),
    "no such message": mark("A message its maker does not document"),
    "no such frame": mark("A message its maker does not document"),
    "no such port": mark("A port its maker does not document"),
    "unknown or cut-off": CUT_OFF,
    "a MiBeacon": CUT_OFF,
    "an advert of": LENGTH,
    "a frame of": LENGTH,
    "more adverts than": mark("More adverts than are read of one report"),
    "kind ": STATE,
    "online is neither": STATE,
    "availability is neither": STATE,
    "LWT is neither": STATE,
    "unregistered device": mark("A device that is not registered"),
    "unregistered bridge": mark("A bridge that is not registered"),
    "no adapter": mark("No adapter for this bridge"),
    "writer failed": mark("The gateway itself failed over it"),
}
UNREAD = mark("Its adapter cannot use it")
"""For every other reason: the adapter's own words stand behind it."""


def word_of(reason: str) -> str:
    """The English word for a reason, translated in the catalogues; ``UNREAD`` where none is known."""
    return next((said for begins, said in SET_ASIDE.items() if reason.startswith(begins)), UNREAD)
