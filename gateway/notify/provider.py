"""One provider of text messages and calls: an order from its shape and the settings, its answer in our words."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from gateway.clock import host_time
from gateway.notify import signatures
from gateway.notify.port import ChannelError, Outgoing, Sent
from gateway.notify.shapes import Order, Reading, Shape, read_shape
from gateway.notify.web import NoReplyError, Reply, post
from gateway.paging.numbers import e164, is_subscriber, normal

log = logging.getLogger(__name__)

Kind = Literal["sms", "voice"]
WORDS = (
    *("centre", "priority", "kind", "place", "since", "incident", "link", "desk_phone", "text"),
    *("round", "step", "again"),
)
"""What a page can put into the places of a template."""

TOO_MANY, BROKEN = 429, 500
PLACE = re.compile(r"\{(\w+)\}")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class ProviderSettings(BaseModel):
    """One provider of text messages and calls.

    Attributes:
        shape: ``plain``, ``aliyun``, ``tencent``, or a JSON file that describes another.
        url: Its address; for ``aliyun`` and ``tencent`` only to go through a relay of one's own.
        key: Account, AccessKey id, SecretId.
        secret: Signs orders.
        callback_secret: Signs reports, or is the secret word in their address; empty: no reports are taken.
        sms_template: Template id for text messages; ``plain`` needs none.
        voice_template: Template id for calls.
        after_key: Template id of what is said when a key was pressed (``aliyun``).
        params: Template's parameters: name and text, with the page's words in braces, in the template's order.
        signature: 短信签名, as registered.
        app: SdkAppId (``tencent``).
        caller: Number that is shown to whoever is called (``aliyun``).
        region: Region of the provider.
        timeout_s: So long is waited for connecting, and again for the answer.
        carries: What it is used for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    shape: str = "plain"
    url: str = ""
    key: str = ""
    secret: SecretStr = SecretStr("")
    callback_secret: SecretStr = SecretStr("")
    sms_template: str = ""
    voice_template: str = ""
    after_key: str = ""
    params: dict[str, str] = {"text": "{text}"}
    signature: str = ""
    app: str = ""
    caller: str = ""
    region: str = ""
    timeout_s: float = Field(default=4.0, ge=0.1, le=10)
    carries: tuple[Kind, ...] = ("sms", "voice")

    @field_validator("url")
    @classmethod
    def _private(cls, url: str) -> str:
        place = urlsplit(url)
        if url and (place.scheme not in {"http", "https"} or not place.hostname):
            raise ValueError("must be an http or https address")
        if place.scheme == "http" and place.hostname not in LOOPBACK:
            raise ValueError("must be https, except on this machine")
        return url.rstrip("/")


class Provider:
    """Carries text messages and calls.

    Args:
        name: In the settings.
        settings: The deployer's.
        home_code: The centre's own area code.
        now: What the host's clock shows: providers compare it with theirs.

    Raises:
        ChannelError: The shape is not understood, or needs something that is not set.
    """

    def __init__(
        self, name: str, settings: ProviderSettings, home_code: str = "", now: Callable[[], datetime] = host_time
    ) -> None:
        """Prepare, and fill one order of each kind for trial."""
        self.name = name
        self.settings = settings
        self.shape: Shape = read_shape(settings.shape)
        self._home_code = home_code
        self._now = now
        for kind in settings.carries:
            order = self.order(kind)
            if order is not None:
                if order.url.startswith("/") and not settings.url:
                    raise ChannelError(f"providers.{name}: url is missing")
                self._built(order, Outgoing(recipient="", text="", reference="0.0.0"), "13800000000", kind)

    def order(self, kind: Kind) -> Order | None:
        """What it posts for one of these; None when it does not carry them."""
        return getattr(self.shape, kind) if kind in self.settings.carries else None

    def send(self, page: Outgoing, kind: Kind, number: str) -> Sent:
        """Order one text message or one call, and wait for the answer; does not raise for the network."""
        order, plain = self.order(kind), normal(number, self._home_code)
        if order is None:
            return Sent(error="not_carried")
        if not is_subscriber(plain):
            return Sent(error="bad_number")
        try:
            reply = post(*self._built(order, page, plain, kind), self.settings.timeout_s)
        except NoReplyError as failure:
            return Sent(error="provider_down" if str(failure) == "no_connection" else "provider_silent", retry=True)
        return msgspec.structs.replace(read_answer(order.answer, reply), carrier=self.name)

    def _built(self, order: Order, page: Outgoing, number: str, kind: Kind) -> tuple[str, bytes, dict[str, str]]:
        """Address, body and headers of an order."""
        at, secret = self._now(), self.settings.secret.get_secret_value()
        url = self._url(order)
        values = self._values(page, number, kind, at)
        body = {name: self._filled(value, values, page) for name, value in order.body.items()}
        headers = {name: self._text(value, values) for name, value in order.headers.items()}
        signing = order.signing
        if signing.how == "digest":
            body[signing.into] = signatures.digest(signing.algorithm, self._text(signing.text, values), secret)
        elif signing.how == "aliyun":
            fields = {name: str(value) for name, value in body.items() if value != ""}
            body = {**fields, "Signature": signatures.aliyun_rpc("POST", fields, secret)}
        if order.encoding == "form":
            content, kind_of = urlencode(body).encode(), "application/x-www-form-urlencoded"
        else:
            content, kind_of = msgspec.json.encode(body), signatures.JSON
        headers |= {"Content-Type": kind_of, "Accept": "application/json", "User-Agent": "nuanhu"}
        if signing.how == "bearer":
            headers["Authorization"] = f"Bearer {secret}"
        elif signing.how == "mac":
            headers["X-Timestamp"] = values["timestamp_s"]
            headers["X-Signature"] = signatures.body_mac(secret, values["timestamp_s"], content)
        elif signing.how == "tencent":
            place = urlsplit(url)
            headers["Authorization"] = signatures.tencent_tc3(
                signing.service, place.netloc, content, at, self.settings.key, secret
            )
        return url, content, headers

    def _url(self, order: Order) -> str:
        if order.url.startswith("/"):
            return self.settings.url + order.url
        if not self.settings.url:
            return order.url
        own, made = urlsplit(self.settings.url), urlsplit(order.url)
        return urlunsplit((own.scheme, own.netloc, own.path + made.path, made.query, ""))

    def _values(self, page: Outgoing, number: str, kind: Kind, at: datetime) -> dict[str, str]:
        s = self.settings
        words = {**dict.fromkeys(WORDS, ""), **page.words, "text": page.text}
        return words | {
            "number": number,
            "number_e164": e164(number),
            "reference": page.reference,
            "template": s.sms_template if kind == "sms" else s.voice_template,
            "key": s.key,
            "secret": s.secret.get_secret_value(),
            "app": s.app,
            "signature": s.signature,
            "caller": s.caller,
            "after_key": s.after_key,
            "region": s.region or ("cn-hangzhou" if s.shape == "aliyun" else "ap-guangzhou"),
            "nonce": secrets.token_hex(16),
            "timestamp_s": str(int(at.timestamp())),
            "timestamp_ms": str(int(at.timestamp() * 1000)),
            "time_iso": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        }

    def _filled(self, value: Any, values: Mapping[str, str], page: Outgoing) -> Any:
        """A value of the body with its places filled."""
        if isinstance(value, dict):
            return {name: self._filled(inner, values, page) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._filled(inner, values, page) for inner in value]
        if not isinstance(value, str):
            return value
        params = {name: self._text(text, values) for name, text in self.settings.params.items()}
        whole: dict[str, Any] = {
            "{params}": params,
            "{params_list}": list(params.values()),
            "{params_json}": msgspec.json.encode(params).decode(),
            "{keys}": list(page.keys),
        }
        return whole[value] if value in whole else self._text(value, values)

    def _text(self, text: str, values: Mapping[str, str]) -> str:
        try:
            return PLACE.sub(lambda place: values[place[1]], text)
        except KeyError as unknown:
            raise ChannelError(f"providers.{self.name}: nothing is known as {{{unknown.args[0]}}}") from None


def at_path(told: Any, path: str) -> Any:
    """What is at a dotted path of a JSON value; None when there is nothing."""
    for step in path.split(".") if path else ():
        if isinstance(told, dict):
            told = told.get(step)
        elif isinstance(told, list) and step.isdigit() and int(step) < len(told):
            told = told[int(step)]
        else:
            return None
    return told


def word_at(told: Any, paths: tuple[str, ...]) -> str:
    """The first text, number or truth that is at one of the paths; empty when there is none."""
    for path in paths:
        found = at_path(told, path)
        if isinstance(found, bool):
            return str(found).lower()
        if isinstance(found, str | int) and found != "":
            return str(found)
    return ""


def read_answer(reading: Reading, reply: Reply) -> Sent:
    """What an answer says: taken, to be tried again, or refused for good."""
    if reply.status >= BROKEN:
        return Sent(error="provider_down", retry=True)
    if reply.status == TOO_MANY:
        return Sent(error="throttled", retry=True)
    try:
        told = msgspec.json.decode(reply.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Sent(error="provider_down", retry=True)
    code, id_ = word_at(told, reading.code), word_at(told, (reading.id,)) if reading.id else ""
    if code in reading.taken and (id_ or not reading.id):
        return Sent(id=id_)
    log.warning("a provider did not take an order: HTTP %d, %s", reply.status, code[:60] or "no word for why")
    if code.startswith(reading.retry):
        return Sent(error="throttled", retry=True)
    return Sent(error="refused")
