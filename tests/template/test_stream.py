"""The streaming function: a program run by the Lambda Web Adapter, with a function URL."""

import stat
from typing import get_args

import pytest

from herald.runtime.settings import Settings
from herald.web.routes import STREAM_PATHS
from herald.web.stream_app import AFTER_RESTORE
from tests.template.template import (
    FUNCTIONS,
    MAPPINGS,
    PARAMETERS,
    RESOURCES,
    ROOT,
    TEMPLATE,
    as_list,
    with_default_parameters,
)
from tests.template.test_permissions import granted
from tests.template.translated import translate

STREAM = FUNCTIONS["SpeechStreamFunction"]
SPEECH = FUNCTIONS["SpeechFunction"]
VARIABLES = STREAM["Environment"]["Variables"]
AUTH = Settings.model_fields["stream_auth"]


def test_its_handler_is_an_executable_for_the_adapter():
    program = ROOT / "src" / STREAM["Handler"]
    package = ".".join(program.parent.relative_to(ROOT / "src").parts)
    assert program.read_text().startswith("#!/bin/sh\n")
    assert program.read_text().endswith(f"exec python3.13 -m {package}\n")
    assert program.stat().st_mode & stat.S_IXOTH
    assert TEMPLATE["Globals"]["Function"]["Runtime"] == "python3.13"


def test_the_adapter_streams_checks_readiness_and_reports_restores():
    assert VARIABLES["AWS_LAMBDA_EXEC_WRAPPER"] == "/opt/bootstrap"
    assert VARIABLES["AWS_LWA_INVOKE_MODE"] == "response_stream"
    assert VARIABLES["AWS_LWA_READINESS_CHECK_PATH"] in STREAM_PATHS
    assert VARIABLES["AWS_LWA_SNAPSTART_AFTER_RESTORE_PATH"] == AFTER_RESTORE
    assert int(VARIABLES["PORT"]) not in {3000, 9001}, "reserved according to the adapter's guide"


def test_its_url_streams_and_its_authorization_is_a_parameter():
    assert STREAM["FunctionUrlConfig"]["InvokeMode"] == "RESPONSE_STREAM"
    assert VARIABLES["HERALD_STREAM_AUTH"] == {"Ref": "StreamAuthType"}
    assert PARAMETERS["StreamAuthType"]["AllowedValues"] == [*get_args(AUTH.annotation)]
    assert with_default_parameters(VARIABLES["HERALD_STREAM_AUTH"]) == AUTH.default == "NONE"


def test_it_has_the_adapter_within_the_limit_of_layers():
    *ours, adapter = STREAM["Layers"]
    assert ours == [{"Ref": name} for name in ("CoreLayer", "EngineLayer", "VoiceLayer", "WebLayer")]
    assert len(STREAM["Layers"]) <= 5
    arn, values = adapter["Sub"]
    assert arn.endswith(":${Account}:layer:LambdaAdapterLayer${Processor}:${Version}")
    assert values["Processor"] == {"FindInMap": ["Build", "Architecture", "InLayerNames"]}
    assert int(MAPPINGS["LambdaWebAdapter"]["Version"]["Number"]) >= 30, "the first with SnapStart"


def test_no_other_function_has_the_web_server_layer():
    assert [name for name, one in FUNCTIONS.items() if {"Ref": "WebLayer"} in one["Layers"]] == ["SpeechStreamFunction"]


@pytest.mark.parametrize(
    "setting", ["MemorySize", "AutoPublishAlias", "AutoPublishAliasAllProperties", "VersionDeletionPolicy"]
)
def test_it_has_the_settings_of_the_buffered_function(setting):
    assert STREAM[setting] == SPEECH[setting]


def test_its_concurrency_is_a_parameter():
    reserved = {"If": ["ReserveConcurrency", {"Ref": "ReservedConcurrency"}, {"Ref": "AWS::NoValue"}]}
    waited_for = {"AuthorizerFunction", "SpeechFunction", "SpeechStreamFunction"}
    assert {
        name for name, one in FUNCTIONS.items() if one.get("ReservedConcurrentExecutions") == reserved
    } == waited_for
    others = {
        name: one["ReservedConcurrentExecutions"]["If"][:2]
        for name, one in FUNCTIONS.items()
        if name not in waited_for and "ReservedConcurrentExecutions" in one
    }
    assert others == {"SpeakItemsFunction": ["ReserveConcurrency", {"Ref": "MaxBatchConcurrency"}]}
    assert PARAMETERS["ReservedConcurrency"]["Default"] == 0


def test_it_may_only_read_keys_voices_and_lexicons_and_count():
    rows = {
        (action, *as_list(one["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]))
        for one in granted("SpeechStreamFunction")
        if "Condition" in one
        for action in as_list(one["Action"])
    }
    assert rows == {
        ("dynamodb:GetItem", "key#*"),
        ("dynamodb:GetItem", "lexicons#*", "voices#*"),
        ("dynamodb:BatchGetItem", "usage#*"),
        ("dynamodb:UpdateItem", "usage#*", "rate#*"),
    }
    others = {one["Action"] for one in granted("SpeechStreamFunction") if "Condition" not in one}
    assert others == {"s3:GetObject", "s3:ListBucket"}


def test_it_is_off_by_default_and_controlled_by_one_parameter():
    assert PARAMETERS["EnableStream"]["Default"] == "false"
    assert (
        RESOURCES["SpeechStreamFunction"]["Condition"] == TEMPLATE["Outputs"]["StreamUrl"]["Condition"] == "UseStream"
    )


def test_its_address_is_an_output():
    assert TEMPLATE["Outputs"]["StreamUrl"]["Value"] == {"GetAtt": "SpeechStreamFunctionUrl.FunctionUrl"}


ACTIONS = {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}


def public_permissions(resources):
    """Return the public permissions of a translated template: [permission, ...]."""
    permissions = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::Lambda::Permission"]
    return [one for one in permissions if one["Principal"] == "*"]


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "ap-southeast-2"])
def test_an_open_stream_has_public_permissions(region):
    resources = translate({"EnableStream": "true"}, region)["Resources"]
    permissions = public_permissions(resources)
    assert {one["Action"] for one in permissions} == ACTIONS
    by_action = {one["Action"]: one for one in permissions}
    assert by_action["lambda:InvokeFunctionUrl"]["FunctionUrlAuthType"] == "NONE"
    assert by_action["lambda:InvokeFunction"]["InvokedViaFunctionUrl"] is True
    (url,) = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::Lambda::Url"]
    assert url["AuthType"] == "NONE"
    # The URL belongs to the alias, as must the permissions.
    assert {one["FunctionName"] for one in permissions} == {url["TargetFunctionArn"]}


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"StreamAuthType": "NONE"},
        {"StreamAuthType": "AWS_IAM"},
        {"EnableStream": "true", "StreamAuthType": "AWS_IAM"},
    ],
)
def test_other_streams_have_no_public_permissions(parameters):
    resources = translate(parameters)["Resources"]
    assert public_permissions(resources) == []
    urls = [one for one in resources.values() if one["Type"] == "AWS::Lambda::Url"]
    assert [one["Properties"]["AuthType"] for one in urls] == ["AWS_IAM"] * ("EnableStream" in parameters)
