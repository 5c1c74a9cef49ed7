"""Group robots of WeCom, DingTalk and Feishu: they answer HTTP 200 also when they refuse, so the answer is read.

Addresses are Apprise's and are parsed by it; what it sends is sent here, because it takes any 200 for success.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from gateway.clock import host_time
from gateway.notify.port import Outgoing, Sent
from gateway.notify.provider import read_answer
from gateway.notify.shapes import Reading
from gateway.notify.web import NoReplyError, post

WITHIN_S = 5.0
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
DINGTALK = "https://oapi.dingtalk.com/robot/send"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/"
LARK = "https://open.larksuite.com/open-apis/bot/v2/hook/"

ANSWER = Reading(code=("errcode", "code", "StatusCode"), taken=("0",), retry=("-1", "45009", "130101", "11232"))
"""Zero is taken; busy, or too many at once, may be taken later; all else is refused: key, word or address is wrong."""

Built = tuple[str, dict[str, Any]]


class Robot:
    """One group robot.

    Args:
        build: Address and body for a text.
    """

    def __init__(self, build: Callable[[str], Built]) -> None:
        """Send nothing yet."""
        self._build = build

    def send(self, page: Outgoing) -> Sent:
        """Send, and read whether it was taken."""
        url, body = self._build(page.text)
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "nuanhu"}
        try:
            reply = post(url, msgspec.json.encode(body), headers, WITHIN_S)
        except NoReplyError:
            return Sent(error="not_taken", retry=True)
        return read_answer(ANSWER, reply)


def wecom(key: str) -> Robot:
    """企业微信群机器人, by its key."""
    return Robot(lambda text: (f"{WECOM}?{urlencode({'key': key})}", {"msgtype": "text", "text": {"content": text}}))


def dingtalk(token: str, secret: str, mobiles: list[str], now: Callable[[], datetime] = host_time) -> Robot:
    """钉钉群机器人.

    Args:
        token: Of its webhook.
        secret: 加签; empty: a key word or an address protects it.
        mobiles: Who is named in the message, by their telephones.
        now: What the host's clock shows.
    """

    def build(text: str) -> Built:
        fields = {"access_token": token}
        if secret:
            at = str(int(now().timestamp() * 1000))
            mac = hmac.digest(secret.encode(), f"{at}\n{secret}".encode(), "sha256")
            fields |= {"timestamp": at, "sign": base64.b64encode(mac).decode()}
        body = {"msgtype": "text", "text": {"content": text}, "at": {"atMobiles": mobiles, "isAtAll": False}}
        return f"{DINGTALK}?{urlencode(fields)}", body

    return Robot(build)


def feishu(token: str, *, abroad: bool = False) -> Robot:
    """飞书群机器人; ``abroad``: Lark."""
    place = (LARK if abroad else FEISHU) + quote(token, safe="")
    return Robot(lambda text: (place, {"msg_type": "text", "content": {"text": text}}))
