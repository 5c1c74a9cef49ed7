"""Orders are signed as the providers' own published examples are."""

from __future__ import annotations

from datetime import UTC, datetime

from gateway.notify import signatures

DESCRIBE_REGIONS = {
    "AccessKeyId": "testid",
    "Action": "DescribeRegions",
    "Format": "XML",
    "SignatureMethod": "HMAC-SHA1",
    "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
    "SignatureVersion": "1.0",
    "Timestamp": "2016-02-23T12:46:24Z",
    "Version": "2014-05-26",
}
"""The example in Aliyun's paper on RPC signatures, with the secret ``testsecret``."""

DESCRIBE_INSTANCES = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
"""The body of the example in Tencent Cloud's paper on signature 3."""


def test_aliyun_s_published_example() -> None:
    assert signatures.aliyun_rpc("GET", DESCRIBE_REGIONS, "testsecret") == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


def test_aliyun_signs_every_field_and_the_method() -> None:
    fields = DESCRIBE_REGIONS
    signed = signatures.aliyun_rpc("POST", fields, "testsecret")
    assert signed != "OLeaidS1JvxuMvnyHOwuJ+uX5qY="
    for name in fields:
        assert signatures.aliyun_rpc("POST", {**fields, name: "another"}, "testsecret") != signed


def test_aliyun_encodes_as_its_paper_says() -> None:
    assert signatures.percent_encoded("a b*c~d/e+中") == "a%20b%2Ac~d%2Fe%2B%E4%B8%AD"


def test_tencent_s_published_example() -> None:
    signed = signatures.tencent_tc3(
        "cvm",
        "cvm.tencentcloudapi.com",
        DESCRIBE_INSTANCES,
        datetime.fromtimestamp(1551113065, UTC),
        "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
        "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
    )
    assert signed == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


def test_our_own_is_a_plain_hmac_over_time_and_body() -> None:
    # printf '1700000000\n{"to":"x"}' | openssl dgst -sha256 -hmac key
    told = signatures.body_mac("key", "1700000000", b'{"to":"x"}')
    assert told == "fcdd568e88fb4f758e8144ffd93ee8f3a954a5f44a2dac0f5bfa9edbf450ccb1"


def test_a_digest_of_fields_is_what_small_providers_ask_for() -> None:
    assert signatures.digest("md5", "abc", "") == "900150983cd24fb0d6963f7d28e17f72"
    assert signatures.digest("sha256", "abc", "").startswith("ba7816bf8f01cfea")
    told = signatures.digest("hmac_md5", "what do ya want for nothing?", "Jefe")  # RFC 2202
    assert told == "750c783e6ab0b503eaa86e310a5db738"
