"""Providers described as data: what an order looks like, how it is signed, what answers and reports mean.

Every provider differs, and none of them needs code: a shape is a value, also one that a deployer writes as JSON.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

from gateway.notify.port import ChannelError


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a shape. Paths are dotted: ``Response.SendStatusSet.0.Code``."""


class Signing(Part, frozen=True, kw_only=True):
    """How an order is signed.

    Attributes:
        how: ``none``; ``bearer`` (the secret in a header); ``mac`` (ours: HMAC-SHA256 over time and body);
            ``digest`` (of some fields, into a field); ``aliyun``; ``tencent``.
        algorithm: For ``digest``: see ``signatures.digest``.
        text: For ``digest``: what it is taken of, with places in braces.
        into: For ``digest``: the field.
        service: For ``tencent``: first word of the host.
    """

    how: Literal["none", "bearer", "mac", "digest", "aliyun", "tencent"] = "none"
    algorithm: str = "md5"
    text: str = "{key}{secret}{timestamp_s}"
    into: str = "sign"
    service: str = ""


class Reading(Part, frozen=True, kw_only=True):
    """How the answer to an order is read. What is neither taken nor to be tried again is refused for good.

    Attributes:
        code: Where the word is that says it: the first path that is there; none there: the empty word.
        taken: Words that say it was taken.
        retry: Beginnings of words that say it may be taken later.
        id: Where the provider's own id is; when set, an order without one is not taken.
    """

    code: tuple[str, ...]
    taken: tuple[str, ...]
    retry: tuple[str, ...] = ()
    id: str = ""


class Order(Part, frozen=True, kw_only=True):
    """What is posted for one text message or one call.

    In ``body`` and ``headers`` a place in braces is filled: ``{number}``, ``{number_e164}``, ``{reference}``,
    ``{template}``, ``{text}`` and the page's other words, ``{key}``, ``{secret}``, ``{app}``, ``{signature}``,
    ``{caller}``, ``{after_key}``, ``{region}``, ``{nonce}``, ``{timestamp_s}``, ``{timestamp_ms}``, ``{time_iso}``.
    A value that is ``{params}``, ``{params_list}``, ``{params_json}`` or ``{keys}`` alone becomes that object, list
    or text.

    Attributes:
        url: Where; one that begins with a stroke goes below the address of the settings.
        body: The fields.
        encoding: ``json`` or ``form``.
        headers: Besides content type and signature.
        signing: How it is signed.
        answer: How the answer is read.
    """

    url: str
    body: dict[str, Any]
    answer: Reading
    encoding: Literal["json", "form"] = "json"
    headers: dict[str, str] = {}
    signing: Signing = Signing()


class Reports(Part, frozen=True, kw_only=True):
    """How a provider's callback is read: an object, or a list of them.

    Attributes:
        signed: ``mac``: signed as our own orders are; ``path``: only by the secret word in the address.
        within: Below which paths reports are; the empty one is the object itself.
        reference: Where our reference is.
        id: Where the provider's own id is, for reports without our reference.
        status: Where the word is that says what became of it.
        delivered: Words for: the telephone has it, the call was answered.
        failed: Our word by theirs, for why not; what is nowhere listed is a failure in the provider's own word.
        silent: Words that say neither.
        key: Where the keys are that were pressed.
        answer: What the provider wants to hear.
    """

    signed: Literal["mac", "path"] = "path"
    within: tuple[str, ...] = ("",)
    reference: tuple[str, ...] = ()
    id: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()
    failed: dict[str, str] = {}
    silent: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    answer: dict[str, Any] = msgspec.field(default_factory=lambda: {"code": 0, "msg": "ok"})


class Shape(Part, frozen=True, kw_only=True):
    """One make of provider. ``sms`` or ``voice`` is absent where it has no such thing."""

    sms: Order | None = None
    voice: Order | None = None
    reports: Reports = Reports()


def read_shape(name: str) -> Shape:
    """A built-in shape by its name, or one from a file.

    Raises:
        ChannelError: There is none, or it is not understood.
    """
    if name in SHAPES:
        return SHAPES[name]
    try:
        return msgspec.json.decode(Path(name).read_bytes(), type=Shape)
    except OSError as failure:
        raise ChannelError(f"providers: no shape {name}, built in or as a file") from failure
    except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
        raise ChannelError(f"providers: the shape {name} is not understood: {wrong}") from wrong


_OWN = {"account": "{key}", "to": "{number_e164}", "reference": "{reference}", "template": "{template}"}
_OWN_ANSWER = Reading(code=("code",), taken=("ok",), retry=("busy", "later"), id="id")

PLAIN = Shape(
    sms=Order(
        url="/sms",
        body={**_OWN, "text": "{text}", "params": "{params}"},
        signing=Signing(how="mac"),
        answer=_OWN_ANSWER,
    ),
    voice=Order(
        url="/voice",
        body={**_OWN, "text": "{text}", "params": "{params}", "keys": "{keys}"},
        signing=Signing(how="mac"),
        answer=_OWN_ANSWER,
    ),
    reports=Reports(
        signed="mac",
        reference=("reference",),
        id=("id",),
        status=("status",),
        delivered=("delivered", "answered"),
        failed={"off": "off", "busy": "busy", "no_answer": "no_answer", "rejected": "rejected"},
        silent=("ringing", "hung_up"),
        key=("key",),
    ),
)
"""Ours: what a small provider, a modem box or an SMPP gateway of one's own can easily speak. docs/notification.md."""

_ALIYUN = {
    "AccessKeyId": "{key}",
    "Format": "JSON",
    "SignatureMethod": "HMAC-SHA1",
    "SignatureVersion": "1.0",
    "SignatureNonce": "{nonce}",
    "Timestamp": "{time_iso}",
    "Version": "2017-05-25",
    "RegionId": "{region}",
    "OutId": "{reference}",
}
_ALIYUN_RETRY = (
    "Throttling",
    "isp.",
    "isv.BUSINESS_LIMIT",
    "isv.OUT_OF_SERVICE",
    "ServiceUnavailable",
    "InternalError",
)

ALIYUN = Shape(
    sms=Order(
        url="https://dysmsapi.aliyuncs.com/",
        encoding="form",
        body={
            **_ALIYUN,
            "Action": "SendSms",
            "PhoneNumbers": "{number}",
            "SignName": "{signature}",
            "TemplateCode": "{template}",
            "TemplateParam": "{params_json}",
        },
        signing=Signing(how="aliyun"),
        answer=Reading(code=("Code",), taken=("OK",), retry=_ALIYUN_RETRY, id="BizId"),
    ),
    voice=Order(
        url="https://dyvmsapi.aliyuncs.com/",
        encoding="form",
        body={
            **_ALIYUN,
            "Action": "IvrCall",
            "CalledShowNumber": "{caller}",
            "CalledNumber": "{number}",
            "StartCode": "{template}",
            "StartTtsParams": "{params_json}",
            "MenuKeyMap.1.Key": "1",
            "MenuKeyMap.1.Code": "{after_key}",
            "MenuKeyMap.2.Key": "2",
            "MenuKeyMap.2.Code": "{after_key}",
            "PlayTimes": "3",
        },
        signing=Signing(how="aliyun"),
        answer=Reading(code=("Code",), taken=("OK",), retry=_ALIYUN_RETRY, id="CallId"),
    ),
    reports=Reports(
        reference=("out_id",),
        id=("biz_id", "call_id"),
        status=("status_code", "success"),
        delivered=("true", "200000", "200001", "200008"),
        failed={
            "false": "not_delivered",
            "200002": "busy",
            "200003": "no_answer",
            "200005": "unreachable",
            "200007": "unreachable",
            "200010": "off",
            "200011": "unreachable",
        },
        silent=("300000",),
        key=("dtmf",),
        answer={"code": 0, "msg": "成功"},
    ),
)
"""Aliyun 短信服务 (SendSms, SmsReport) and 语音服务 (IvrCall, VoiceReport, VoiceCallReport)."""

_TENCENT_HEADERS = {"X-TC-Region": "{region}", "X-TC-Timestamp": "{timestamp_s}"}
_TENCENT_RETRY = ("RequestLimitExceeded", "InternalError", "LimitExceeded", "ServiceUnavailable")

TENCENT = Shape(
    sms=Order(
        url="https://sms.tencentcloudapi.com/",
        headers={**_TENCENT_HEADERS, "X-TC-Action": "SendSms", "X-TC-Version": "2021-01-11"},
        body={
            "PhoneNumberSet": ["{number_e164}"],
            "SmsSdkAppId": "{app}",
            "SignName": "{signature}",
            "TemplateId": "{template}",
            "TemplateParamSet": "{params_list}",
            "SessionContext": "{reference}",
        },
        signing=Signing(how="tencent", service="sms"),
        answer=Reading(
            code=("Response.Error.Code", "Response.SendStatusSet.0.Code"),
            taken=("Ok",),
            retry=_TENCENT_RETRY,
            id="Response.SendStatusSet.0.SerialNo",
        ),
    ),
    voice=Order(
        url="https://vms.tencentcloudapi.com/",
        headers={**_TENCENT_HEADERS, "X-TC-Action": "SendTtsVoice", "X-TC-Version": "2020-09-02"},
        body={
            "TemplateId": "{template}",
            "CalledNumber": "{number_e164}",
            "VoiceSdkAppid": "{app}",
            "TemplateParamSet": "{params_list}",
            "PlayTimes": 2,
            "SessionContext": "{reference}",
        },
        signing=Signing(how="tencent", service="vms"),
        answer=Reading(
            code=("Response.Error.Code",), taken=("",), retry=_TENCENT_RETRY, id="Response.SendStatus.CallId"
        ),
    ),
    reports=Reports(
        within=("", "voiceprompt_callback", "voicekey_callback"),
        id=("sid", "callid"),
        status=("report_status", "result"),
        delivered=("SUCCESS", "0"),
        failed={"FAIL": "not_delivered", "1": "no_answer", "2": "unreachable"},
        key=("keypress",),
        answer={"result": 0, "errmsg": "OK"},
    ),
)
"""Tencent Cloud 短信 (SendSms) and 语音消息 (SendTtsVoice), with their status and key reports."""

SHAPES: dict[str, Shape] = {"plain": PLAIN, "aliyun": ALIYUN, "tencent": TENCENT}
