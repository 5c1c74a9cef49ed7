"""The English words of channels: what leads where, what became of a test, why none is sent; for the catalogues."""

from __future__ import annotations

from dashboard.words import mark

WAYS: dict[str, str] = {
    "sms": mark("text message"),
    "voice": mark("call"),
    "record": mark("file on this machine"),
    "mailto": mark("e-mail"),
    "mailtos": mark("e-mail"),
    "wecombot": mark("group robot of WeCom"),
    "dingtalk": mark("group robot of DingTalk"),
    "feishu": mark("group robot of Feishu"),
    "lark": mark("group robot of Feishu"),
    "ntfy": mark("push message"),
    "ntfys": mark("push message"),
    "json": mark("webhook"),
    "jsons": mark("webhook"),
}
"""What is not here is named as its address begins."""

STEPS: dict[str, str] = {
    "asked": mark("asked for"),
    "taken": mark("taken by the channel"),
    "not_taken": mark("not taken"),
    "delivered": mark("delivered"),
    "failed": mark("not delivered"),
    "pressed": mark("a key was pressed"),
}

GOOD, BAD = frozenset({"delivered", "pressed"}), frozenset({"not_taken", "failed"})

REFUSALS: dict[str, str] = {
    "bad_test": mark("This is neither a telephone number nor a channel that is set up."),
    "no_address": mark("No verified address of yours is registered for this channel."),
    "no_carrier": mark("No provider for this is set up (providers in the settings)."),
    "too_many_tests": mark("These are too many tests at once: six, and then one a minute."),
}
"""Why no test is sent."""
