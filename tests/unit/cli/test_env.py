"""herald env."""

import json
import subprocess

import pytest

from herald.cli import main
from tests.unit.cli.test_keys import aws  # noqa: F401  the fixture

RECORD = {
    "aws_endpoint_url": None,
    "region": "us-east-1",
    "stack_name": "herald",
    "credentials": {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"},
    "api_url": "http://127.0.0.1:4566/an api",
    "stream_url": "http://127.0.0.1:4567/",
    "api_key": "hk_a_b",
}


@pytest.fixture
def outputs(aws, monkeypatch):  # noqa: F811
    """The outputs of the stack `herald` in AWS."""
    outputs = {"ApiUrl": "https://api.example", "StreamUrl": "https://stream.example/"}
    listed = [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()]
    stack = {"StackStatus": "CREATE_COMPLETE", "Outputs": listed}
    monkeypatch.setattr(aws.cloudformation, "_make_api_call", lambda *_: {"Stacks": [stack]})
    monkeypatch.setattr("herald.cli.deployment.Clients", lambda **_: aws)


def test_a_shell_takes_the_local_stack(tmp_path, capsys):
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "stack.json").write_text(json.dumps(RECORD))
    assert main(["env"]) == 0
    script = capsys.readouterr().out + 'printf "%s|%s|%s" "$HERALD_URL" "$HERALD_STREAM_URL" "$HERALD_KEY"'
    values = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout
    assert values == "http://127.0.0.1:4566/an api|http://127.0.0.1:4567|hk_a_b"


@pytest.mark.usefixtures("outputs")
def test_a_stack_in_aws_has_no_key_to_print(capsys):
    assert main(["env", "--stack", "herald"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["export HERALD_URL=https://api.example", "export HERALD_STREAM_URL=https://stream.example"]


def test_without_aws_and_a_local_stack_it_says_what_to_do(monkeypatch, capsys):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    assert main(["env"]) == 1
    shown = capsys.readouterr().err
    assert "AWS_PROFILE and AWS_REGION" in shown
    assert "`make run` started a local stack" in shown
    assert "function" not in shown


def test_a_cluster_takes_the_environment_of_the_worker(aws, monkeypatch, capsys):  # noqa: F811
    worker = {
        "LogicalResourceId": "WorkerFunction",
        "PhysicalResourceId": "herald-w",
        "ResourceType": "AWS::Lambda::Function",
    }

    queue = {
        "LogicalResourceId": "ChunkQueue",
        "PhysicalResourceId": "https://sqs.example/1/chunks",
        "ResourceType": "AWS::SQS::Queue",
    }
    found = [worker]

    def call(operation, given):
        if operation == "ListStackResources":
            return {"StackResourceSummaries": found}
        assert (operation, given) == ("GetFunctionConfiguration", {"FunctionName": "herald-w"})
        return {"Environment": {"Variables": {"HERALD_TABLE": "jobs", "HERALD_BUCKET": "audio"}}}

    monkeypatch.setattr(aws.cloudformation, "_make_api_call", call)
    monkeypatch.setattr(aws.lambda_, "_make_api_call", call)
    monkeypatch.setattr("herald.cli.deployment.Clients", lambda **_: aws)
    assert main(["env", "--worker", "--stack", "herald"]) == 0
    assert capsys.readouterr().out == "AWS_REGION=us-east-1\nHERALD_BUCKET=audio\nHERALD_TABLE=jobs\n"
    assert main(["env", "--worker", "--stack", "herald", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["HERALD_TABLE"] == "jobs"
    found.append(queue)  # with WorkerPlatform
    assert main(["env", "--worker", "--stack", "herald"]) == 0
    assert "HERALD_CHUNK_QUEUE=https://sqs.example/1/chunks\n" in capsys.readouterr().out


@pytest.mark.usefixtures("outputs")
def test_json(capsys):
    assert main(["env", "--json"]) == 0
    expected = {"HERALD_URL": "https://api.example", "HERALD_STREAM_URL": "https://stream.example"}
    assert json.loads(capsys.readouterr().out) == expected
