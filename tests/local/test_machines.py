"""State machines on the emulator: each test fails without its patch."""

import json
import time

import pytest

from tests.local.conftest import client, wait_for

TEMPLATE = """
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::000000000000:role/machine
      DefinitionSubstitutions: {Word: hello}
      DefinitionString: |
        # A comment, which JSON has none of.
        StartAt: Say
        States:
          Say: {Type: Pass, Result: "${Word}", End: true}
"""
CHILD = {
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "Wait",
    "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": True}},
}
MAP = {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrencyPath": "$.most", "ItemProcessor": CHILD, "End": True}


@pytest.fixture
def sfn(emulator):
    return client(emulator[1], "stepfunctions")


@pytest.fixture
def run(sfn):
    """Run a machine; return its ended execution."""

    def run(machine, given=None):
        if isinstance(machine, dict):
            definition = json.dumps({"StartAt": "One", "States": {"One": machine}})
            name, role = f"one-{time.monotonic_ns()}", "arn:aws:iam::000000000000:role/machine"
            created = sfn.create_state_machine(name=name, definition=definition, roleArn=role)
            machine = created["stateMachineArn"]
        started = sfn.start_execution(stateMachineArn=machine, input=json.dumps(given or {}))["executionArn"]

        def ended():
            execution = sfn.describe_execution(executionArn=started)
            return execution["status"] != "RUNNING" and execution

        return wait_for(ended)

    return run


def test_a_definition_may_be_yaml(emulator, run):
    cloudformation = client(emulator[1], "cloudformation")
    cloudformation.create_stack(StackName="machine", TemplateBody=TEMPLATE)
    cloudformation.get_waiter("stack_create_complete").wait(StackName="machine", WaiterConfig={"Delay": 1})
    (machine,) = cloudformation.list_stack_resources(StackName="machine")["StackResourceSummaries"]
    assert json.loads(run(machine["PhysicalResourceId"])["output"]) == "hello"


def test_concurrency_from_the_input(run):
    took = {}
    for most in (1, 3):
        started = time.monotonic()
        assert run(MAP, {"items": [1, 2, 3], "most": most})["status"] == "SUCCEEDED"
        took[most] = time.monotonic() - started
    assert took[1] >= 3 > took[3]


def test_a_task_fails_if_its_function_fails(run, jobs):
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": jobs["Door"], "Payload": {"wish": "raise", "token.$": "$$.Task.Token"}},
        "TimeoutSeconds": 600,
        "End": True,
    }
    execution = run(task)
    assert (execution["status"], execution["error"]) == ("FAILED", "KeyError")


WAITING = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "TimeoutSeconds": 600,
    "HeartbeatSeconds": 2,
    "End": True,
}


@pytest.fixture
def tasks(emulator):
    """A queue of tasks: its URL, and a function that receives the next token."""
    sqs = client(emulator[1], "sqs")
    url = sqs.create_queue(QueueName=f"tasks-{time.monotonic_ns()}")["QueueUrl"]

    def token():
        (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"]
        return json.loads(message["Body"])["token"]

    return url, token


@pytest.fixture
def begin(sfn, tasks):
    """Start a machine with a task that waits for its token; return a function that returns its status."""

    def begin(**fields):
        message = {"QueueUrl": tasks[0], "MessageBody": {"token.$": "$$.Task.Token"}}
        definition = json.dumps({"StartAt": "One", "States": {"One": WAITING | {"Parameters": message} | fields}})
        name, role = f"waiting-{time.monotonic_ns()}", "arn:aws:iam::000000000000:role/machine"
        machine = sfn.create_state_machine(name=name, definition=definition, roleArn=role)["stateMachineArn"]
        started = sfn.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
        return lambda: sfn.describe_execution(executionArn=started)

    return begin


def test_a_silent_task_fails_and_one_with_heartbeats_goes_on(sfn, tasks, begin):
    execution = begin()
    token = tasks[1]()
    for _ in range(6):
        time.sleep(0.8)
        sfn.send_task_heartbeat(taskToken=token)
    assert execution()["status"] == "RUNNING"
    assert wait_for(lambda: execution()["status"] != "RUNNING" and execution())["error"] == "States.Timeout"
    with pytest.raises(sfn.exceptions.TaskDoesNotExist):
        sfn.send_task_heartbeat(taskToken=token)


def test_a_late_result_does_not_end_the_next_attempt(sfn, tasks, begin):
    retry = {"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 1}
    execution = begin(Retry=[retry], HeartbeatSeconds=5)
    first = tasks[1]()
    sfn.send_task_failure(taskToken=first, error="States.Timeout")
    second = tasks[1]()
    assert second != first
    with pytest.raises(sfn.exceptions.TaskDoesNotExist):
        sfn.send_task_success(taskToken=first, output='"late"')
    sfn.send_task_success(taskToken=second, output='"in time"')
    assert wait_for(lambda: execution()["status"] != "RUNNING" and execution())["output"] == '"in time"'
