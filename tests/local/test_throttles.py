"""An account at its concurrency limit: effects on callers, queues, rules and state machines."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import botocore.exceptions
import httpx
import pytest

from local.cloud import emulator_program
from local.process import Process, free_port
from tests.local.conftest import client, own_environment, wait_for

pytestmark = pytest.mark.stack
LIMIT = 2


@pytest.fixture(scope="module")
def identity(tmp_path_factory):
    """An emulator with an account limit of two concurrent executions."""
    folder = tmp_path_factory.mktemp("throttled") / "stack"
    process, port = Process(folder, "emulator"), free_port()
    environment = own_environment(folder) | {"LAMBDA_ACCOUNT_CONCURRENCY": str(LIMIT)}
    program = emulator_program(environment, port, 1)
    process.begin(program, port)
    try:
        yield process.wait(program, port)
    finally:
        process.remove()


@pytest.fixture(scope="module")
def resources(identity):
    text = (Path(__file__).parent / "templates" / "throttled.yaml").read_text()
    cloudformation = client(identity, "cloudformation")
    capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
    cloudformation.create_stack(StackName="small", TemplateBody=text, Capabilities=capabilities)
    cloudformation.get_waiter("stack_create_complete").wait(StackName="small", WaiterConfig={"Delay": 1})
    found = cloudformation.list_stack_resources(StackName="small")["StackResourceSummaries"]
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found}


@pytest.fixture(scope="module")
def invoke(identity, resources):
    """Invoke a function by its logical id, with a shared client, because creating one is slower than a call."""
    functions = client(identity, "lambda")
    return lambda function: functions.invoke(FunctionName=resources[function], Payload=b"{}")


@pytest.fixture
def busy(invoke):
    """Use the account's whole concurrency for some seconds; it is free again after the test."""

    def refused(function):
        try:
            invoke(function)
        except botocore.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == "TooManyRequestsException"
            return True
        return False

    with ThreadPoolExecutor(LIMIT) as pool:
        calls = [pool.submit(wait_for, lambda: not refused("Sleeper")) for _ in range(LIMIT)]
        wait_for(lambda: refused("Authorizer"), 60)
        yield
        for call in calls:
            call.result()


def get(identity, resources, path):
    address = f"http://127.0.0.1:{identity.port}/_aws/execute-api/{resources['Api']}{path}"
    return httpx.get(address, headers={"Authorization": "key"}, trust_env=False, timeout=30)


def test_a_direct_call_is_throttled_as_by_lambda(invoke, busy):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        invoke("Sleeper")
    answer = caught.value.response
    assert answer["Error"]["Code"] == "TooManyRequestsException"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert answer["Reason"] == "ConcurrentInvocationLimitExceeded"


@pytest.mark.parametrize(("path", "status"), [("/open", 503), ("/locked", 500)])
def test_a_caller_of_the_http_api_sees_a_5xx(identity, resources, busy, path, status):
    """Herald's defaults are chosen to prevent this."""
    assert get(identity, resources, path).status_code == status


def test_calls_within_the_limit_are_not_throttled(identity, resources):
    assert get(identity, resources, "/locked").status_code == 200


def test_a_state_machine_retries_throttled_calls(identity, resources, invoke, busy):
    machines = client(identity, "stepfunctions")
    run = machines.start_execution(stateMachineArn=resources["Machine"], input="{}")["executionArn"]

    def ended():
        found = machines.describe_execution(executionArn=run)["status"]
        return found if found != "RUNNING" else None

    assert wait_for(ended, 30) == "SUCCEEDED"


def test_throttled_messages_are_retried_before_their_visibility_timeout(identity, resources, invoke, busy):
    queues = client(identity, "sqs")
    for number in range(4):
        queues.send_message(QueueUrl=resources["Queue"], MessageBody=str(number))
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def empty():
        found = queues.get_queue_attributes(QueueUrl=resources["Queue"], AttributeNames=names)["Attributes"]
        return all(found[name] == "0" for name in names)

    assert wait_for(empty, 40)


def test_an_event_is_retried(identity, resources, invoke, busy):
    logs = client(identity, "logs")
    group = f"/aws/lambda/{resources['Sleeper']}"

    def calls():
        return sum(
            event["message"].startswith("REPORT")
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group)
            for event in page["events"]
        )

    before = calls()
    client(identity, "lambda").invoke(FunctionName=resources["Sleeper"], InvocationType="Event", Payload=b"{}")
    assert wait_for(lambda: calls() >= before + 1 + LIMIT, 30)  # this one, and the calls that keep the account busy
