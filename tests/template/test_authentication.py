"""Authentication: public routes, the authorizer and its permissions."""

import re

import pytest

from herald.aws.key_table import DynamoKeys
from herald.runtime.settings import Settings
from tests.template.template import (
    FUNCTIONS,
    PARAMETERS,
    RESOURCES,
    TEMPLATE,
    VARIABLES,
    events,
    of_type,
    statements,
    with_default_parameters,
)

AUTHORIZER = FUNCTIONS["AuthorizerFunction"]
AUTH = of_type("AWS::Serverless::HttpApi")["HttpApi"]["Auth"]
NAMES = ("/v1/models", "/v1/models/{id}", "/v1/audio/models")
OPEN = ("/health", "/openapi.json", "/docs", "/studio", "/", *NAMES)
PUBLIC = {("GET", path) for path in OPEN} | {("OPTIONS", "/{proxy+}")}
WHEN_TOKENS = {"HERALD_JWT_ISSUER": "JwtIssuer", "HERALD_JWT_AUDIENCE": "JwtAudience"}
TOKENS = {
    **WHEN_TOKENS,
    "HERALD_JWT_TENANT_CLAIM": "JwtTenantClaim",
    "HERALD_TOKEN_CHARACTERS_A_DAY": "TokenCharactersADay",
    "HERALD_TOKEN_REQUESTS_A_SECOND": "TokenRequestsASecond",
}


def test_every_route_except_public_ones_has_the_authorizer():
    assert AUTH["DefaultAuthorizer"] == "Key"
    public = [event for _, event in events("HttpApi") if "Auth" in event]
    assert {(event["Method"], event["Path"]) for event in public} == PUBLIC
    assert all(event["Auth"] == {"Authorizer": "NONE"} for event in public)


def test_the_names_of_voices_are_public_but_pass_the_authorizer():
    """With a key, the list has the tenant's custom voices. The authorizer refuses no request."""
    (event,) = [event for _, event in events("HttpApi") if event.get("Path") == "/v1/audio/voices"]
    assert (event["Method"], "Auth" in event) == ("GET", False)


def test_the_authorizer_runs_for_every_request_and_its_functions_refuse():
    """With a header as identity, API Gateway responds 401 itself to requests without it; by a constant, none is cached.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
    """
    key = {
        "FunctionArn": {"GetAtt": "AuthorizerFunction.Arn"},
        # Without it API Gateway may not invoke the function, and responds 500.
        "EnableFunctionDefaultPermissions": True,
        "AuthorizerPayloadFormatVersion": "2.0",
        "EnableSimpleResponses": True,
        "Identity": {"Context": ["routeKey"], "ReauthorizeEvery": 0},
    }
    assert AUTH["Authorizers"] == {"Key": key}


def test_the_authorizer_times_out_before_the_api():
    assert AUTHORIZER["Timeout"] < 10  # docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer


def test_the_authorizer_may_only_read_keys():
    (statement,) = statements(AUTHORIZER["Policies"])
    assert statement["Action"] == "dynamodb:GetItem"
    assert statement["Resource"] == {"GetAtt": "KeyTable.Arn"}
    assert statement["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["key#*"]}}


def test_the_policy_allows_the_reads_of_keys():
    asked = []

    class Table:
        def get_item(self, **given):
            asked.append(given["Key"]["id"]["S"])
            return {}

    assert DynamoKeys(Table(), table="keys").get("abcdefghijkl") is None
    assert asked == ["key#abcdefghijkl"]


def test_the_authorizer_has_no_voice_and_engine_layers():
    assert AUTHORIZER["Layers"] == [{"Ref": "CoreLayer"}]


def test_token_settings_are_passed_to_the_functions_that_verify_tokens():
    for function in ("AuthorizerFunction", "SpeechStreamFunction", "SpeechFunction", "ApiFunction"):
        variables = VARIABLES[function]
        assert {name: value["Ref"] for name, value in variables.items() if "JWT" in name or "TOKEN" in name} == TOKENS
    fields = {field.alias: name for name, field in Settings.model_fields.items()}
    for name in TOKENS:
        assert with_default_parameters(variables[name]) == str(Settings.model_fields[fields[name]].default)


def test_tokens_require_an_audience():
    rule = TEMPLATE["Rules"]["IssuerNeedsAnAudience"]
    issuer, audience = ({"Not": [{"Equals": [{"Ref": name}, ""]}]} for name in WHEN_TOKENS.values())
    assert (rule["RuleCondition"], [one["Assert"] for one in rule["Assertions"]]) == (issuer, [audience])


@pytest.mark.parametrize("issuer", ["http://issuer.example.com", "issuer.example.com", "https://", "https://a b"])
def test_an_issuer_requires_tls(issuer):
    assert not re.fullmatch(PARAMETERS["JwtIssuer"]["AllowedPattern"], issuer)


@pytest.mark.parametrize(
    "issuer", ["", "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example", "https://a.example/"]
)
def test_valid_issuers_are_accepted(issuer):
    assert re.fullmatch(PARAMETERS["JwtIssuer"]["AllowedPattern"], issuer)


def test_keys_survive_the_stack_and_have_a_separate_table():
    table = RESOURCES["KeyTable"]
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["Properties"]["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


def test_no_function_may_write_keys():
    shared = {name: policy["PolicyDocument"] for name, policy in of_type("AWS::IAM::ManagedPolicy").items()}
    inline = [one for function in FUNCTIONS.values() for one in function.get("Policies", []) if "Statement" in one]
    writing = [one for one in statements([*shared.values(), *inline]) if "KeyTable" in str(one["Resource"])]
    assert writing
    for statement in writing:
        if statement["Action"] != "dynamodb:GetItem" and "BatchGet" not in str(statement["Action"]):
            leading = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
            assert not [prefix for prefix in leading if prefix.startswith(("key", "*"))]
