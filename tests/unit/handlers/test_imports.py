"""What a function loads before it answers: nobody waits for what his request does not need."""

import json
import os
import subprocess
import sys

import pytest

ENGINE = {"onnxruntime", "numpy", "soundfile", "soxr"}
AWS = {"boto3", "s3transfer"}
NEEDED = {
    "herald", "aws_lambda_powertools", "jmespath", "pydantic", "pydantic_core", "annotated_types", "typing_extensions",
    "typing_inspection",
    "botocore",  # nothing of it but its name, for Powertools
}  # fmt: skip
"""All that is not Python's own and that a function without an engine loads."""
TRACING = {"aws_xray_sdk", "wrapt", "botocore", "dateutil", "six", "certifi", "urllib3"}
"""What the X-Ray SDK loads, for each function that traces, once it is first called."""
LOADED = "import sys, json; print(json.dumps(sorted(sys.modules)))"


def run(script, **environment):
    """The last line that a new process says, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=os.environ | environment
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def bare():
    """What a process has loaded that does nothing."""
    return packages(run(LOADED))


def packages(modules):
    """The packages of modules, without Python's own."""
    return {name.partition(".")[0] for name in modules if not name.startswith("_")} - sys.stdlib_module_names


@pytest.mark.parametrize(
    "name", ["api", "authorizer", "gpu_submit", "gpu_result", "sweeper", "plan_batch", "finish_batch"]
)
def test_a_function_without_an_engine_loads_what_it_needs_only(bare, name):
    """Promise: the api handler imports in less than 250 ms. Time is for benchmarks; this is what time is made of."""
    loaded = run(f"import herald.handlers.{name}; {LOADED}")
    assert packages(loaded) - bare == NEEDED
    assert "botocore.session" not in loaded


@pytest.mark.parametrize("name", ["speech", "worker", "speak_items"])
def test_a_function_with_an_engine_loads_no_aws(name):
    loaded = run(f"import herald.handlers.{name}; {LOADED}")
    assert packages(loaded) >= ENGINE
    assert not packages(loaded) & AWS
    assert "botocore.session" not in loaded


def answer(handler, name, environment, **changes):
    """Have a new process answer a sample event, changed so; give back its status, and what it has loaded then."""
    script = f"""
import json, sys
from herald.handlers import {handler}
from types import SimpleNamespace
context = SimpleNamespace(function_name="herald", function_version="1", memory_limit_in_mb=3008,
    invoked_function_arn="arn", aws_request_id="1", get_remaining_time_in_millis=lambda: 29_000)
answer = {handler}.handler(json.load(open("events/{name}.json")) | {changes!r}, context)
print()
print(json.dumps([int(answer["statusCode"]), sorted(sys.modules)]))
"""
    return run(script, **environment)


@pytest.fixture
def settings(environment):
    """The environment as the fixture has set it."""
    return dict(os.environ)


def test_a_text_that_nobody_speaks_waits_for_no_aws(settings):
    status, loaded = answer("speech", "speech__short", settings, body='{"input": ""}')
    assert status == 400
    assert not packages(loaded) & AWS


@pytest.mark.parametrize(("name", "status"), [("api__health", 200), ("api__bad_input", 400)])
def test_who_asks_for_no_job_waits_for_no_aws_and_no_engine(settings, bare, name, status):
    answered, loaded = answer("api", name, settings)
    assert answered == status
    assert packages(loaded) - bare <= NEEDED | TRACING
    assert not [name for name in loaded if name.startswith("herald.handlers.openapi")]
