import io
import json
import os
import threading
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from local import calls
from local.clients import DIRECT, session
from local.cloud import emulator_program, runtime_program
from local.process import Process, bare_environment, free_port
from tests.local.container import Server


def client(identity, service):
    return session().client(service, endpoint_url=f"http://127.0.0.1:{identity.port}", config=DIRECT)


def zipped(name, text):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, text)
    return buffer.getvalue()


def wait_for(condition, seconds=20):
    """Wait until `condition` returns a true value, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "timeout"
        time.sleep(0.05)
    return found


def own_environment(folder):
    """Return a minimal environment in which AWS calls are not recorded: tests/iam evaluates those of Herald's stack."""
    return {name: value for name, value in bare_environment(folder / "tmp").items() if name != calls.VARIABLE}


def start_emulator(folder, runtime_port=1):
    """Start an empty emulator with our patches; its log, identity and temporary files are in `folder`."""
    process, port = Process(folder, "emulator"), free_port()
    program = emulator_program(own_environment(folder), port, runtime_port)
    process.begin(program, port)
    return process, process.wait(program, port)


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    """An empty emulator with our patches, as (Process, Identity)."""
    with pytest.MonkeyPatch.context() as shell:
        shell.setenv("SETTING_OF_A_SHELL", "1")
        shell.setenv("PYTHONPATH", os.curdir)
        process, identity = start_emulator(tmp_path_factory.mktemp("emulator") / "stack")
    try:
        yield process, identity
    finally:
        process.remove()


@pytest.fixture(scope="session")
def jobs(emulator):
    """The resources of the deployed templates/jobs.yaml by logical id."""
    text = (Path(__file__).parent / "templates" / "jobs.yaml").read_text()
    cloudformation = client(emulator[1], "cloudformation")
    capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
    cloudformation.create_stack(StackName="jobs", TemplateBody=text, Capabilities=capabilities)
    cloudformation.get_waiter("stack_create_complete").wait(StackName="jobs", WaiterConfig={"Delay": 1})
    resources = cloudformation.list_stack_resources(StackName="jobs")["StackResourceSummaries"]
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}


@pytest.fixture(scope="session")
def container():
    """A fake container server."""
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="session")
def running(emulator, container, tmp_path_factory):
    """The stand-in for SageMaker's runtime, connected to the emulator and the fake container server."""
    folder, port = tmp_path_factory.mktemp("runtime"), free_port()
    process = Process(folder, "runtime")
    program = runtime_program(own_environment(folder), emulator[1].port, port, container.server_port)
    process.begin(program, port)
    yield process.wait(program, port)
    assert process.stop()
    assert process.identity() is None


@pytest.fixture
def runtime(emulator, running, jobs):
    """Helpers for tests: invoke, notifications, objects, and the stand-in's control endpoints."""
    s3, sqs = client(emulator[1], "s3"), client(emulator[1], "sqs")
    sqs.purge_queue(QueueUrl=jobs["Notices"])
    sagemaker = client(running, "sagemaker-runtime")
    endpoint = jobs["Endpoint"].rpartition("/")[2]

    def invoke(inference_id, asked=None, **options):
        s3.put_object(Bucket=jobs["Bucket"], Key=f"gpu/input/{inference_id}", Body=json.dumps(asked or {}))
        location = {"InputLocation": f"s3://{jobs['Bucket']}/gpu/input/{inference_id}"}
        options = {**({} if "Body" in options else location), **options}
        return sagemaker.invoke_endpoint_async(EndpointName=endpoint, InferenceId=inference_id, **options)

    def notices(count):
        found = []
        deadline = time.monotonic() + 10
        while len(found) < count and time.monotonic() < deadline:
            answer = sqs.receive_message(QueueUrl=jobs["Notices"], MaxNumberOfMessages=10)
            found += [json.loads(message["Body"]) for message in answer.get("Messages", [])]
        return found

    def read(location):
        bucket, key = location.removeprefix("s3://").split("/", 1)
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    with httpx.Client(base_url=running.url, trust_env=False) as control:
        yield SimpleNamespace(invoke=invoke, notices=notices, read=read, control=control, endpoint=endpoint)
        control.delete("/_behaviour")
