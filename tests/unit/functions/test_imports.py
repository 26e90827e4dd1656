"""Functions import only what a request needs, to keep cold starts short."""

import json
import os
import subprocess
import sys

import pytest

ENGINE = {"onnxruntime", "numpy", "soxr"}
ENCODERS = {"lameenc", "soundfile"}
"""Loaded with the first file of their formats. soundfile takes 0.1 s of processor time, and MP3 and PCM do without."""
AWS = {"boto3", "s3transfer"}
NEEDED = {
    "herald", "aws_lambda_powertools", "jmespath", "pydantic", "pydantic_core", "annotated_types", "typing_extensions",
    "typing_inspection",
    "botocore",  # Powertools imports only the package itself
}  # fmt: skip
"""All third-party packages that a function without an engine imports."""
TRACING = {"aws_xray_sdk", "wrapt", "botocore", "dateutil", "six", "certifi", "urllib3"}
"""Packages that the X-Ray SDK imports when a function with tracing is first called."""
LOADED = "import sys, json; print(json.dumps(sorted(sys.modules)))"


def run(script, **environment):
    """Run a script in a new process and return the last line of its output as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=os.environ | environment
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def bare():
    """The packages that an empty process imports."""
    return packages(run(LOADED))


def packages(modules):
    """Return the third-party packages of modules."""
    return {name.partition(".")[0] for name in modules if not name.startswith("_")} - sys.stdlib_module_names


@pytest.mark.parametrize(
    "name", ["api", "authorizer", "gpu_submit", "gpu_result", "sweeper", "plan_batch", "finish_batch"]
)
def test_function_without_an_engine_imports_only_what_it_needs(bare, name):
    """The api handler must import within 250 ms. Benchmarks measure the time; this test checks what it depends on."""
    loaded = run(f"import herald.functions.{name}; {LOADED}")
    assert packages(loaded) - bare == NEEDED
    assert "botocore.session" not in loaded


@pytest.mark.parametrize("name", ["speech", "worker", "speak_items"])
def test_function_with_an_engine_does_not_import_boto3(name):
    loaded = run(f"import herald.functions.{name}; {LOADED}")
    assert packages(loaded) >= ENGINE
    assert not packages(loaded) & (AWS | ENCODERS)
    assert "botocore.session" not in loaded


def answer(handler, name, environment, **changes):
    """Handle a changed sample event in a new process; return the response's status and the imported modules."""
    script = f"""
import json, sys
from herald.functions import {handler}
from types import SimpleNamespace
context = SimpleNamespace(function_name="herald", function_version="1", memory_limit_in_mb=3008,
    invoked_function_arn="arn", aws_request_id="1", get_remaining_time_in_millis=lambda: 29_000)
answer = {handler}.handler(json.load(open("events/{name}.json")) | {changes!r}, context)
print()
print(json.dumps([int(answer["statusCode"]), sorted(sys.modules)]))
"""
    return run(script, **environment, LAMBDA_TASK_ROOT="/var/task")  # otherwise X-Ray's SDK makes a client


@pytest.fixture
def settings(environment):
    """The environment that the fixture has set."""
    return dict(os.environ)


def test_refused_text_does_not_import_boto3(settings):
    status, loaded = answer("speech", "speech__short", settings, body='{"input": ""}')
    assert status == 400
    assert not packages(loaded) & AWS
    assert "botocore.session" not in loaded


@pytest.mark.parametrize(("name", "status"), [("api__health", 200), ("api__bad_input", 400)])
def test_request_without_a_job_imports_neither_boto3_nor_an_engine(settings, bare, name, status):
    answered, loaded = answer("api", name, settings)
    assert answered == status
    assert packages(loaded) - bare <= NEEDED | TRACING
    assert "botocore.session" not in loaded


def test_clients_do_not_import_boto3():
    """boto3 imports s3transfer and multiprocessing, a tenth of the time that the first client takes."""
    loaded = run(f"from herald.aws.clients import Clients; Clients().s3; {LOADED}", AWS_DEFAULT_REGION="us-east-1")
    assert "botocore.client" in loaded
    assert not {"boto3", "s3transfer", "multiprocessing"} & set(loaded)


UNUSED = {
    "authorizer": "jobs.job jobs.script auth.quotas batches speech aws.job_table aws.messaging",
    "worker": "batches enrolment jobs.job_request jobs.job_service jobs.resolve jobs.gpu_work",
    "sweeper": "batches enrolment jobs.job_request jobs.job_service jobs.resolve jobs.gpu_work",
    "gpu_result": "batches jobs.job_request jobs.job_service jobs.resolve",
    "gpu_submit": "batches.batch_request batches.planner jobs.job_request jobs.resolve",
    "plan_batch": "batches.report batches.finalizer batches.chunk_runner jobs.gpu_work enrolment",
    "speak_items": "batches.planner batches.manifest batches.finalizer jobs.gpu_work jobs.job_service enrolment",
    "finish_batch": "batches.planner batches.manifest batches.chunk_runner jobs.gpu_work jobs.job_service enrolment",
    "speech": "batches enrolment jobs.gpu_work",
    "api": "batches.planner batches.manifest batches.chunk_runner speech.engine jobs.gpu_work enrolment",
}
"""Modules of Herald that a function does not use before its first event, or not at all.

Loading a pydantic model takes about a millisecond of a cold start. If a function needs one of these modules now, remove
it here; if it only imports something that does, import that where it is used, as herald.runtime.container does.
"""


@pytest.mark.parametrize("name", UNUSED)
def test_function_does_not_import_the_models_of_other_functions(settings, name):
    environment = settings | {"AWS_DEFAULT_REGION": "us-east-1"}
    loaded = run(f"from herald.functions.{name} import handler; handler.function; {LOADED}", **environment)
    unused = tuple(f"herald.{module}" for module in UNUSED[name].split())
    assert [module for module in loaded if f"{module}.".startswith(tuple(f"{one}." for one in unused))] == []
