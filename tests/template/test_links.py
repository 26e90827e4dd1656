"""CloudFront: deployed only with a public key, and restricted to links signed by one of two keys."""

import re

import pytest

from tests.template.lifecycle import NOTHING, resolved
from tests.template.template import FUNCTIONS, PARAMETERS, RESOURCES, VARIABLES, of_type
from tests.template.translated import translate

CDN = {name: one for name, one in RESOURCES.items() if name.startswith("Link")}
KEY = f"{'M' * 64},{'I' * 64},IB"
DEFAULTS = {name: str(one.get("Default", "")) for name, one in PARAMETERS.items()} | {
    "LinkKeyA": "KA",
    "LinkKeyB": "KB",
}
ONE = DEFAULTS | {"LinkPublicKeyA": KEY}
BOTH = ONE | {"LinkPublicKeyB": KEY.replace("I", "J")}


def only(kind):
    (found,) = of_type(f"AWS::CloudFront::{kind}").values()
    return found


def deployed(given):
    return translate({name: one for name, one in given.items() if name in PARAMETERS})["Resources"]


def exists(name, given):
    return name in deployed(given)


@pytest.mark.parametrize("name", CDN)
def test_it_is_deployed_only_with_a_public_key(name):
    assert not exists(name, DEFAULTS)
    assert exists(name, BOTH)


def test_all_cloudfront_resources_are_in_that_section():
    assert {name for name, one in RESOURCES.items() if one["Type"].startswith("AWS::CloudFront::")} <= set(CDN)


@pytest.mark.parametrize("slot", ["A", "B"])
def test_either_key_is_enough(slot):
    given = DEFAULTS | {f"LinkPublicKey{slot}": KEY}
    assert exists("LinkDistribution", given)
    assert [one for one in ("A", "B") if exists(f"LinkKey{one}", given)] == [slot]


def test_the_distribution_requires_signatures_of_the_key_group():
    config = only("Distribution")["DistributionConfig"]
    assert config["Enabled"] is True
    assert "CacheBehaviors" not in config
    behaviour = config["DefaultCacheBehavior"]
    assert behaviour["TrustedKeyGroups"] == [{"Ref": "LinkKeys"}]
    assert (behaviour["ViewerProtocolPolicy"], behaviour["AllowedMethods"]) == ("https-only", ["GET", "HEAD"])
    keys = only("KeyGroup")["KeyGroupConfig"]["Items"]
    assert (resolved(keys, ONE), resolved(keys, BOTH)) == (["KA"], ["KA", "KB"])


def test_it_signs_its_requests_to_the_bucket():
    (origin,) = only("Distribution")["DistributionConfig"]["Origins"]
    assert origin["DomainName"] == {"GetAtt": "AudioBucket.RegionalDomainName"}
    assert origin["OriginAccessControlId"] == {"GetAtt": "LinkOriginAccess.Id"}
    access = only("OriginAccessControl")["OriginAccessControlConfig"]
    assert (access["OriginAccessControlOriginType"], access["SigningBehavior"]) == ("s3", "always")


def test_only_the_file_name_is_forwarded_to_s3():
    cache = only("CachePolicy")["CachePolicyConfig"]
    asked = cache["ParametersInCacheKeyAndForwardedToOrigin"]
    assert asked["QueryStringsConfig"] == {
        "QueryStringBehavior": "whitelist",
        "QueryStrings": ["response-content-disposition"],
    }
    assert asked["CookiesConfig"] == {"CookieBehavior": "none"}
    assert asked["HeadersConfig"] == {"HeaderBehavior": "none"}
    assert cache["MaxTTL"] <= 60, "deleted files and replaced reports must leave the cache soon"


def policy(given):
    return deployed(given)["AudioBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]


def test_the_bucket_allows_only_this_distribution_and_the_paths_of_links():
    assert [statement["Sid"] for statement in policy(DEFAULTS)] == ["TlsOnly"]
    (_, links) = policy(ONE)
    assert (links["Effect"], links["Action"]) == ("Allow", "s3:GetObject")
    assert links["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    bucket = "arn:aws:s3:::herald-storage-audiobucket"
    assert links["Resource"] == [f"{bucket}/audio/*", f"{bucket}/kept/*", f"{bucket}/batches/*/report/*"]
    ((name, distribution),) = links["Condition"]["StringEquals"].items()
    assert name == "aws:SourceArn"
    assert re.fullmatch(r"arn:aws:cloudfront::\d+:distribution/[^*]+", distribution)


@pytest.mark.parametrize("slot", ["A", "B"])
def test_a_public_key_is_converted_to_pem(slot):
    config = RESOURCES[f"LinkKey{slot}"]["Properties"]["PublicKeyConfig"]
    (text, lines) = config["EncodedKey"]["Sub"]
    assert lines == {"Lines": {"Join": ["\n", {"Split": [",", {"Ref": f"LinkPublicKey{slot}"}]}]}}
    assert text == "-----BEGIN PUBLIC KEY-----\n${Lines}\n-----END PUBLIC KEY-----\n"
    assert config["CallerReference"] == {"Select": [1, {"Split": [",", {"Ref": f"LinkPublicKey{slot}"}]}]}


SIGNING = {"ApiFunction", "SpeechFunction"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_functions_that_create_links_read_the_keys(name):
    policies = resolved(FUNCTIONS[name].get("Policies", []), ONE | {one: one for one in RESOURCES})
    assert ("LinksPolicy" in policies) == (name in SIGNING)
    without = resolved(FUNCTIONS[name].get("Policies", []), DEFAULTS | {one: one for one in RESOURCES})
    assert "LinksPolicy" not in without


def test_functions_have_link_settings_only_with_a_distribution():
    names = ("LINK_DOMAIN", "LINK_KEY_A", "LINK_KEY_B", "LINK_SECRET")
    shown = {name: VARIABLES["ApiFunction"][f"HERALD_{name}"] for name in names}
    assert resolved(shown, DEFAULTS) == dict.fromkeys(names, "")
    domain, secret = {"GetAtt": "LinkDistribution.DomainName"}, {"Sub": "${AWS::StackName}/link-keys"}
    expected = {"LINK_DOMAIN": domain, "LINK_KEY_A": "KA", "LINK_KEY_B": "", "LINK_SECRET": secret}
    assert resolved(shown, ONE) == expected


def test_the_permitted_secret_is_the_configured_one():
    (statement,) = of_type("AWS::IAM::ManagedPolicy")["LinksPolicy"]["PolicyDocument"]["Statement"]
    assert statement["Action"] == "secretsmanager:GetSecretValue"
    assert statement["Resource"]["Sub"].endswith(":secret:${AWS::StackName}/link-keys-??????")


def test_a_reference_to_a_missing_resource_is_empty():
    assert resolved({"a": {"Ref": "AWS::NoValue"}}, {}) == {}
    assert resolved({"Ref": "AWS::NoValue"}, {}) is NOTHING
