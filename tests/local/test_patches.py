"""One test per patch, which fails without the patch."""

import base64
import json
import time
from pathlib import Path

import httpx
import pytest

from tests.local.conftest import client, zipped

CODE = (Path(__file__).parent / "functions_under_test.py").read_text()
LIMIT = 6_291_556


def template(path):
    function = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "InlineCode": CODE,
            "Handler": "index.handler",
            "Runtime": "python3.13",
            "Timeout": 20,
            "AutoPublishAlias": "live",
            "Layers": [{"Ref": "Layer"}],
            "Events": {
                "One": {"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "Api"}, "Method": "POST", "Path": path}},
                "Rest": {"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "Api"}}},
            },
        },
    }
    neighbour = {**function["Properties"], "Events": {}, "AutoPublishAlias": "live"}
    rules = [
        {"Id": "Old", "Status": "Enabled", "ExpirationInDays": 90},
        {"Id": "Broken", "Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}},
        {
            "Id": "Large",
            "Status": "Enabled",
            "TagFilters": [{"Key": "a", "Value": "b"}],
            "ObjectSizeGreaterThan": 1_000,
            "Transitions": [{"StorageClass": "STANDARD_IA", "TransitionInDays": 30}],
        },
    ]
    resources = {
        "Api": {"Type": "AWS::Serverless::HttpApi", "Properties": {"Description": "Try"}},
        "Function": function,
        "Neighbour": {"Type": "AWS::Serverless::Function", "Properties": neighbour},
        "Layer": {
            "Type": "AWS::Serverless::LayerVersion",
            "Properties": {"ContentUri": {"Bucket": "layers", "Key": "layer.zip"}},
        },
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"LifecycleConfiguration": {"Rules": rules}}},
    }
    outputs = {name: {"Value": {"Ref": name}} for name in resources}
    return json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources, "Outputs": outputs})


@pytest.fixture(scope="module")
def small(emulator):
    """The outputs of a small stack by name."""
    s3 = client(emulator[1], "s3")
    s3.create_bucket(Bucket="layers")
    s3.put_object(Bucket="layers", Key="layer.zip", Body=zipped("python/shared.py", ""))
    cloudformation = client(emulator[1], "cloudformation")
    capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
    cloudformation.create_stack(StackName="small", TemplateBody=template("/one"), Capabilities=capabilities)
    cloudformation.get_waiter("stack_create_complete").wait(StackName="small", WaiterConfig={"Delay": 1})
    (description,) = cloudformation.describe_stacks(StackName="small")["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in description["Outputs"]}


@pytest.fixture
def api(emulator, small):
    address = f"http://127.0.0.1:{emulator[1].port}/_aws/execute-api/{small['Api']}"
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as api:
        yield api


@pytest.fixture
def invoke(emulator, small):
    functions = client(emulator[1], "lambda")

    def call(event, function="Function"):
        answer = functions.invoke(FunctionName=small[function], Payload=json.dumps(event), LogType="Tail")
        log = base64.b64decode(answer.get("LogResult", "")).decode()
        return json.loads(answer["Payload"].read()), answer.get("FunctionError"), log

    return call


def test_routes_come_from_the_openapi_body(api):
    assert api.post("/one").json()["route"] == "POST /one"
    assert api.get("/one").json()["route"] == "$default"
    assert api.get("/else/where").json() == {**api.get("/").json(), "path": "/else/where"}


def test_routes_lead_to_the_published_alias(api):
    assert api.post("/one").json()["arn"].split(":")[-1] in {"live", "1"}


def test_binary_bodies_pass_unchanged_both_ways(api):
    everything = bytes(range(256))
    answer = api.post("/one", content=everything, headers={"Content-Type": "application/octet-stream"})
    assert answer.content == everything


def test_options_without_cors_reach_a_route(api):
    assert api.options("/one").json()["route"] == "$default"


def test_errors_of_functions_are_not_exposed(api):
    answer = api.post("/one", headers={"wish": "fail"})
    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})


def test_a_response_at_the_limit_passes(invoke):
    answer, error, _ = invoke({"wish": "characters", "count": LIMIT - 2})  # plus two quotes
    assert error is None
    assert len(answer) == LIMIT - 2


def test_a_response_above_the_limit_fails(invoke, api):
    answer, error, _ = invoke({"wish": "characters", "count": LIMIT - 1})
    assert error
    assert answer["errorType"] == "Function.ResponseSizeTooLarge"
    assert api.post("/one", headers={"wish": "large"}).status_code == 500


def test_a_function_without_logs_responds_without_delay(invoke):
    def seconds():
        begin = time.perf_counter()
        invoke({"wish": "nothing"})
        return time.perf_counter() - begin

    assert min(seconds() for _ in range(10)) < 0.045


def test_the_log_has_all_lines_of_its_call_and_no_others(invoke):
    _, _, log = invoke({"wish": "lines"})
    lines = [line for line in log.splitlines() if not line.startswith(("START", "END", "REPORT"))]
    assert lines == ["first", "last, without an end of line"]
    assert "first" not in invoke({"wish": "nothing"})[2]


def test_logs_of_requests_are_shown(api, emulator):
    before = emulator[0].log.read_text()
    api.post("/one", headers={"wish": "lines"})
    api.post("/one", headers={"wish": "fail"})
    shown = emulator[0].log.read_text().removeprefix(before)
    assert "last, without an end of line\n" in shown
    assert "ValueError: a secret\n" in shown


def test_layer_is_unpacked_once_inside_the_folder(invoke, emulator):
    event = {"wish": "import", "module": "shared"}
    one, two = Path(invoke(event)[0]), Path(invoke(event, "Neighbour")[0])
    assert one == two
    assert one.is_relative_to(emulator[0].folder)
    assert str(one.parent.parent) == invoke({"wish": "environment"})[0]["_LAMBDA_LAYERS_DIRS"]


def test_functions_do_not_inherit_the_shell_environment(invoke):
    environment = invoke({"wish": "environment"})[0]
    assert not {"SETTING_OF_A_SHELL", "PYTHONPATH"} & environment.keys()


def test_functions_have_only_packages_of_aws_and_layers(invoke):
    answer, error, _ = invoke({"wish": "import", "module": "samtranslator"})
    assert error
    assert "samtranslator" in answer["errorMessage"]


def test_lifecycle_of_a_bucket_is_kept(emulator, small):
    rules = client(emulator[1], "s3").get_bucket_lifecycle_configuration(Bucket=small["Bucket"])["Rules"]
    assert [rule.get("Expiration") for rule in rules] == [{"Days": 90}, None, None]
    assert rules[1]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert rules[2]["Transitions"] == [{"Days": 30, "StorageClass": "STANDARD_IA"}]
    both = rules[2]["Filter"]["And"]
    assert (both["Tags"], both["ObjectSizeGreaterThan"]) == ([{"Key": "a", "Value": "b"}], 1_000)


def test_update_replaces_the_routes(emulator, small, api):  # last: it changes the shared stack
    cloudformation = client(emulator[1], "cloudformation")
    capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
    cloudformation.update_stack(StackName="small", TemplateBody=template("/two"), Capabilities=capabilities)
    cloudformation.get_waiter("stack_update_complete").wait(StackName="small", WaiterConfig={"Delay": 1})
    assert api.post("/two").json()["route"] == "POST /two"
    assert api.post("/one").json()["route"] == "$default"
