"""The tongues a carrier of the town understands: how an order is checked and answered, and how a report is made.

Written from the providers' papers, apart from the shapes with which the gateway speaks.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qsl

import msgspec

from gateway.notify import signatures

Make = Literal["plain", "aliyun", "tencent"]
FRESH_S = 300


class Ordered(msgspec.Struct, frozen=True, kw_only=True):
    """What was ordered: a text message, or a call with keys that mean something."""

    make: Make
    kind: Literal["sms", "voice"]
    number: str
    reference: str
    template: str
    text: str


class RefusedError(Exception):
    """The order is refused; the message is the provider's word for why."""


def heard(path: str, headers: Mapping[str, str], body: bytes, key: str, secret: str, now: datetime) -> Ordered:
    """Read an order in whichever tongue it is, after checking its signature.

    Args:
        path: Of the address it was posted to.
        headers: By their names in small letters.
        body: As it came.
        key: The account's name.
        secret: The account's secret.
        now: What the clock shows here.

    Raises:
        RefusedError: It is not signed by this account, is too old, or makes no sense.
    """
    try:
        if headers.get("authorization", "").startswith("TC3-"):
            return _tencent(headers, body, key, secret, now)
        if "form" in headers.get("content-type", ""):
            return _aliyun(dict(parse_qsl(body.decode(), keep_blank_values=True)), key, secret)
        return _plain(path, headers, body, key, secret, now)
    except (KeyError, ValueError, TypeError, IndexError) as wrong:
        raise RefusedError("MissingParameter") from wrong


def _plain(path: str, headers: Mapping[str, str], body: bytes, key: str, secret: str, now: datetime) -> Ordered:
    at = headers.get("x-timestamp", "")
    right = hmac.new(secret.encode(), f"{at}\n".encode() + body, "sha256").hexdigest()
    if not hmac.compare_digest(right, headers.get("x-signature", "")):
        raise RefusedError("bad_signature")
    if abs(now.timestamp() - int(at)) > FRESH_S:
        raise RefusedError("too_old")
    told = json.loads(body)
    if told["account"] != key:
        raise RefusedError("no_account")
    kind: Literal["sms", "voice"] = "voice" if path.endswith("/voice") else "sms"
    number, template = str(told["to"]).removeprefix("+86"), str(told["template"])
    text = str(told["text"])
    return Ordered(make="plain", kind=kind, number=number, reference=told["reference"], template=template, text=text)


def _aliyun(fields: dict[str, str], key: str, secret: str) -> Ordered:
    signature = fields.pop("Signature")
    if not hmac.compare_digest(signature, signatures.aliyun_rpc("POST", fields, secret)):
        raise RefusedError("SignatureDoesNotMatch")
    if fields["AccessKeyId"] != key:
        raise RefusedError("InvalidAccessKeyId.NotFound")
    if fields["Action"] == "SendSms":
        kind, number, template, params = "sms", fields["PhoneNumbers"], "TemplateCode", "TemplateParam"
    elif fields["Action"] == "IvrCall":
        kind, number, template, params = "voice", fields["CalledNumber"], "StartCode", "StartTtsParams"
    else:
        raise RefusedError("InvalidAction.NotFound")
    return Ordered(
        make="aliyun",
        kind=kind,  # type: ignore[arg-type]
        number=number,
        reference=fields.get("OutId", ""),
        template=fields[template],
        text=" ".join(json.loads(fields[params]).values()),
    )


def _tencent(headers: Mapping[str, str], body: bytes, key: str, secret: str, now: datetime) -> Ordered:
    at = datetime.fromtimestamp(int(headers["x-tc-timestamp"]), UTC)
    service = headers["authorization"].partition("/tc3_request")[0].rpartition("/")[2]
    if headers["authorization"] != signatures.tencent_tc3(service, headers["host"], body, at, key, secret):
        raise RefusedError("AuthFailure.SignatureFailure")
    if abs((now - at).total_seconds()) > FRESH_S:
        raise RefusedError("AuthFailure.SignatureExpire")
    told = json.loads(body)
    is_text = headers["x-tc-action"] == "SendSms"
    number = told["PhoneNumberSet"][0] if is_text else told["CalledNumber"]
    return Ordered(
        make="tencent",
        kind="sms" if is_text else "voice",
        number=number.removeprefix("+86"),
        reference="",  # the reports of this make do not bring it back
        template=told["TemplateId"],
        text=" ".join(told["TemplateParamSet"]),
    )


def taken(order: Ordered, id_: str) -> dict[str, Any]:
    """The answer to an order that was taken."""
    if order.make == "aliyun":
        return {"Code": "OK", "Message": "OK", "RequestId": id_, "BizId" if order.kind == "sms" else "CallId": id_}
    if order.make == "tencent" and order.kind == "sms":
        status = {"SerialNo": id_, "PhoneNumber": f"+86{order.number}", "Code": "Ok", "Message": "send success"}
        return {"Response": {"SendStatusSet": [status], "RequestId": id_}}
    if order.make == "tencent":
        return {"Response": {"SendStatus": {"CallId": id_, "SessionContext": ""}, "RequestId": id_}}
    return {"code": "ok", "id": id_}


def refused(make: Make, word: str) -> dict[str, Any]:
    """The answer to an order that was refused."""
    if make == "aliyun":
        return {"Code": word, "Message": word, "RequestId": "0"}
    if make == "tencent":
        return {"Response": {"Error": {"Code": word, "Message": word}, "RequestId": "0"}}
    return {"code": word}


LATER: dict[Make, str] = {
    "plain": "busy",
    "aliyun": "isv.BUSINESS_LIMIT_CONTROL",
    "tencent": "LimitExceeded.PhoneNumberDailyLimit",
}
NO_TEMPLATE: dict[Make, str] = {
    "plain": "no_such_template",
    "aliyun": "isv.SMS_TEMPLATE_ILLEGAL",
    "tencent": "FailedOperation.TemplateIncorrectOrUnapproved",
}

FATES = ("delivered", "answered", "busy", "no_answer", "off")


def report(order: Ordered, id_: str, fate: str, key: str = "") -> list[Any]:
    """The bodies by which this make tells what became of an order.

    Args:
        order: What was ordered.
        id_: Under which id it was taken.
        fate: One of ``FATES``.
        key: What was pressed.
    """
    return REPORTS[order.make](order, id_, fate, key)


def _plain_report(order: Ordered, id_: str, fate: str, key: str) -> list[Any]:
    told = {"reference": order.reference, "id": id_, "status": fate}
    return [told, {"reference": order.reference, "id": id_, "status": "", "key": key}] if key else [told]


def _aliyun_report(order: Ordered, id_: str, fate: str, key: str) -> list[Any]:
    if order.kind == "sms":
        good = fate == "delivered"
        word = "DELIVERED" if good else "MK:0001"
        return [
            [
                {
                    "phone_number": order.number,
                    "success": good,
                    "err_code": word,
                    "biz_id": id_,
                    "out_id": order.reference,
                }
            ]
        ]
    code = {"answered": "200000", "busy": "200002", "no_answer": "200003", "off": "200010"}[fate]
    middle = [{"call_id": id_, "status_code": "300000", "dtmf": key, "out_id": order.reference}] if key else []
    end = {"call_id": id_, "status_code": code, "out_id": order.reference, "duration": "10", "dtmf": key}
    return [middle, [end]] if middle else [[end]]


def _tencent_report(order: Ordered, id_: str, fate: str, key: str) -> list[Any]:
    if order.kind == "sms":
        good = fate == "delivered"
        status, word = ("SUCCESS", "DELIVRD") if good else ("FAIL", "UNDELIV")
        return [[{"mobile": order.number, "nationcode": "86", "report_status": status, "errmsg": word, "sid": id_}]]
    result = {"answered": "0", "no_answer": "1"}.get(fate, "2")
    call = {"mobile": order.number, "nationcode": "86", "callid": id_}
    pressed = [{"voicekey_callback": {**call, "call_from": "", "keypress": key}}] if key else []
    return [*pressed, {"voiceprompt_callback": {**call, "result": result, "fee": "1"}}]


REPORTS: dict[Make, Callable[[Ordered, str, str, str], list[Any]]] = {
    "plain": _plain_report,
    "aliyun": _aliyun_report,
    "tencent": _tencent_report,
}
