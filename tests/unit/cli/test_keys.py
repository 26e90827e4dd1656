"""herald keys creates, lists, rotates and revokes keys; each key is printed once, alone on standard output."""

import json
import re
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from herald.auth.authenticator import Authenticator
from herald.aws.clients import Clients
from herald.aws.key_table import DynamoKeys
from herald.cli import main
from herald.cli.deployment import explained
from herald.clock import utc_now
from tests.support.moto_cloud import table_of_template

SHAPE = r"hk_([a-z2-7]{12})_[0-9a-f]{48}"


@pytest.fixture
def aws(monkeypatch):
    """A mock of AWS with a key table."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("HERALD_KEY_TABLE", raising=False)
    with mock_aws():
        clients = Clients()
        clients.dynamodb.create_table(TableName="keys", **table_of_template("KeyTable"))
        yield clients


@pytest.fixture
def keys(aws, monkeypatch, capsys):
    """`keys("list")` returns the exit status, standard output and standard error."""
    monkeypatch.setenv("HERALD_KEY_TABLE", "keys")

    def keys(*words):
        status = main(["keys", *words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return keys


@pytest.fixture
def door(aws):
    return Authenticator(DynamoKeys(aws.dynamodb, table="keys"), clock=utc_now)


def test_a_key_is_printed_alone_and_authenticates(keys, door):
    status, out, err = keys("create", "acme", "--tier", "vip", "--scopes", "speech,jobs", "--characters-a-day", "1_000")
    key = re.fullmatch(SHAPE + "\n", out)
    assert status == 0
    assert key
    caller = door.admit(f"Bearer {out.strip()}")
    assert (caller.tenant, caller.tier, caller.characters_a_day) == ("acme", "vip", 1_000)
    assert f"Created key {key[1]} of acme in table keys" in err
    assert "1,000 characters a day, never expires" in err
    assert "not shown again" in err
    assert out.strip() not in err


def test_a_key_is_printed_as_json(keys, door):
    _, out, _ = keys("create", "acme", "--name", "website", "--requests-a-second", "5", "--expires", "90d", "--json")
    shown = json.loads(out)
    assert door.admit(f"Bearer {shown['key']}").requests_a_second == 5
    assert (shown["tenant"], shown["name"], shown["state"], shown["scopes"]) == (
        "acme", "website", "valid", ["speech", "jobs", "batches"],
    )  # fmt: skip
    left = datetime.fromisoformat(shown["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=89, hours=23) < left < timedelta(days=90, minutes=1)
    assert "digest" not in shown


def test_keys_are_listed_without_their_secrets(keys):
    made = [json.loads(keys("create", name, "--json")[1]) for name in ("globex", "acme")]
    status, out, _ = keys("list")
    rows = [line.split() for line in out.splitlines()]
    assert status == 0
    assert rows[0][:2] == ["KEY", "TENANT"]
    assert [row[:2] for row in rows[1:]] == [[made[1]["id"], "acme"], [made[0]["id"], "globex"]]
    assert not [one for one in made if one["key"].rpartition("_")[2] in out]
    listed = json.loads(keys("list", "--tenant", "globex", "--json")[1])
    assert listed == [{name: value for name, value in made[0].items() if name != "key"}]


def test_an_empty_list_is_printed(keys):
    assert keys("list")[1].split()[0] == "KEY"
    assert json.loads(keys("list", "--json")[1]) == []


def test_a_rotated_key_and_its_successor_are_valid(keys, door):
    old = json.loads(keys("create", "acme", "--characters-a-day", "5", "--json")[1])
    status, out, err = keys("rotate", old["id"], "--grace", "12h")
    assert status == 0
    assert re.fullmatch(SHAPE + "\n", out)
    for key in (old["key"], out.strip()):
        assert door.admit(f"Bearer {key}").characters_a_day == 5
    assert f"The old key, {old['id']}, is valid until" in err
    assert "replaced by" in keys("list")[1]
    assert keys("rotate", old["id"]) == (1, "", keys("rotate", old["id"])[2])
    assert "was already replaced" in keys("rotate", old["id"])[2]


def test_a_revoked_key_is_rejected(keys, door):
    made = json.loads(keys("create", "acme", "--json")[1])
    status, out, err = keys("revoke", made["id"])
    assert (status, out) == (0, "")
    assert "one more minute" in err
    with pytest.raises(Exception, match="revoked"):
        door.admit(f"Bearer {made['key']}")
    assert json.loads(keys("revoke", made["id"], "--json")[1])["state"] == "revoked"
    assert "herald keys create" in keys("rotate", made["id"])[2]


def test_a_key_that_expires_at_the_end_of_the_calendar_is_rotated(keys):
    old = json.loads(keys("create", "acme", "--expires", "9999-12-31T23:59+00:00", "--json")[1])
    status, out, err = keys("rotate", old["id"], "--grace", "999999w", "--json")
    assert (status, json.loads(out)["expires_at"][:4]) == (0, "9999")
    assert "is valid until 9999-12-31" in err


@pytest.mark.parametrize("command", ["rotate", "revoke"])
def test_an_unknown_key_is_reported(keys, command):
    status, out, err = keys(command, "abcdefghijkl")
    assert (status, out) == (1, "")
    assert "There is no key with that id" in err


WRONG = {
    "no command": [],
    "another command": ["delete", "x"],
    "no tenant": ["create"],
    "capitals": ["create", "Acme"],
    "a path": ["create", "../a"],
    "a line break": ["create", "a", "--name", "a\nb"],
    "another scope": ["create", "a", "--scopes", "all"],
    "no scope": ["create", "a", "--scopes", ","],
    "another tier": ["create", "a", "--tier", "king"],
    "less than none": ["create", "a", "--characters-a-day", "-1"],
    "more than anybody needs": ["create", "a", "--characters-a-day", "1" + "0" * 13],
    "no request": ["create", "a", "--requests-a-second", "0"],
    "digits of others": ["create", "a", "--requests-a-second", "٣"],
    "no time": ["create", "a", "--expires", "soon"],
    "too far": ["create", "a", "--expires", "999999w"],
    "no unit": ["rotate", "x", "--grace", "7"],
    "two places": ["list", "--table", "a", "--stack", "b"],
}


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG)
def test_an_invalid_command_line_is_rejected(words, capsys):
    assert main(["keys", *words]) == 2
    assert "Usage: herald keys" in capsys.readouterr().err


def test_a_complete_key_instead_of_an_id_is_not_repeated(capsys):
    assert main(["keys", "revoke", "hk_abcdefghijkl_secret"]) == 2
    assert "secret" not in capsys.readouterr().err


def test_an_expiry_in_the_past_is_rejected(keys):
    status, out, err = keys("create", "acme", "--expires", "2020-01-01")
    assert (status, out) == (1, "")
    assert "expiry of the key is in the past" in err


@pytest.mark.parametrize("words", [[], ["create"], ["list"], ["rotate"], ["revoke"]])
def test_help_works_without_boto3(words, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    assert main(["keys", *words, "--help"]) == 0
    assert "Usage: herald keys" in capsys.readouterr().out


def test_aws_region_selects_the_region(keys, monkeypatch):
    """boto3 reads AWS_DEFAULT_REGION only."""
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    assert keys("list")[0] == 0
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    status, _, err = keys("list")
    assert status == 1
    assert "ResourceNotFoundException" in err


def test_missing_boto3_is_reported(keys, monkeypatch):
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    status, _, err = keys("list")
    assert status == 1
    assert ".tools/uv/bin/uv pip install --python .venv -e '.[lambda]'" in err


@pytest.mark.parametrize("module", ["botocore_extension", "herald.missing"])
def test_another_missing_module_is_not_taken_for_boto3(module):
    with pytest.raises(ModuleNotFoundError, match=module), explained("herald keys"):
        import_module(module)


def test_a_missing_table_is_reported(keys):
    status, _, err = keys("list", "--table", "nowhere")
    assert status == 1
    assert "ResourceNotFoundException" in err
    assert "AWS_PROFILE" in err


@pytest.fixture
def stacks(keys, aws, monkeypatch):
    """A fake of CloudFormation; `stacks["herald"] = "keys"` sets the key table of a stack."""
    monkeypatch.delenv("HERALD_KEY_TABLE")
    tables = {}

    def answer(operation, given):
        assert operation == "ListStackResources"
        stack, _, nested = given["StackName"].partition("-")
        if stack not in tables:
            error = {"Error": {"Code": "ValidationError"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
            raise ClientError(error, operation)
        return {"StackResourceSummaries": [listed_in(stack, nested, tables[stack])]}

    def listed_in(stack, nested, table):
        if nested:
            return {
                "LogicalResourceId": "KeyTable", "PhysicalResourceId": table, "ResourceType": "AWS::DynamoDB::Table"
            }  # fmt: skip
        return {
            "LogicalResourceId": "Storage",
            "PhysicalResourceId": f"{stack}-Storage",
            "ResourceType": "AWS::CloudFormation::Stack",
        }

    monkeypatch.setattr(aws.cloudformation, "_make_api_call", answer)
    monkeypatch.setattr("herald.cli.deployment.Clients", lambda **_: aws)
    return tables


@pytest.mark.parametrize(("name", "words"), [("herald", []), ("voices", ["--stack", "voices"])])
def test_the_table_is_found_by_its_stack(keys, aws, stacks, name, words):
    stacks[name] = "keys"
    status, _, err = keys("create", "acme", *words)
    assert (status, f"in stack {name}:" in err) == (0, True)
    assert [key.tenant for key in DynamoKeys(aws.dynamodb, table="keys").list()] == ["acme"]


@pytest.mark.parametrize("name", ["herald", "other"])
def test_a_missing_stack_is_reported(keys, stacks, name):
    status, _, err = keys("list", "--stack", name)
    assert status == 1
    assert f"There is no stack {name} in this account" in err


def test_the_local_stack_is_called_with_its_own_credentials(keys, monkeypatch, tmp_path):
    """The credentials in the environment are not used."""
    monkeypatch.delenv("HERALD_KEY_TABLE")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of a real account")
    record = {
        "aws_endpoint_url": None,
        "region": "us-east-1",
        "stack_name": "herald",
        "credentials": {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"},
        "resources": {"KeyTable": "keys"},
    }
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "stack.json").write_text(json.dumps(record))
    seen = []
    monkeypatch.setattr("herald.cli.deployment.Clients", lambda **given: seen.append(given) or Clients(**given))
    status, _, err = keys("create", "acme")
    assert (status, "in the stack of .local/stack.json" in err) == (0, True)
    ((place,),) = [list(given.values()) for given in seen]
    assert place.session == {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"api_url": "http://127.0.0.1"}'])
def test_an_invalid_stack_file_is_ignored(keys, stacks, tmp_path, content):
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "stack.json").write_text(content)
    assert "There is no stack herald" in keys("list")[2]


def test_the_secret_for_webhooks_differs_by_tenant_and_verifies_them(keys, aws, stacks, monkeypatch):
    from standardwebhooks import Webhook as Verifier  # noqa: PLC0415

    from herald.jobs.webhook_message import Webhook  # noqa: PLC0415
    from tests.unit.jobs.test_webhook_message import message, now  # noqa: PLC0415

    secret = aws.secrets.create_secret(Name="WebhookSecret", SecretString="the secret")["ARN"]
    monkeypatch.setattr("herald.cli.deployment.name_in_stack", lambda *_: secret)
    stacks["herald"] = "keys"
    status, out, err = keys("webhook-secret", "acme")
    assert (status, "stack herald" in err) == (0, True)
    webhook = Webhook.parse(message("job_done"))
    Verifier(out.strip()).verify(webhook.body, webhook.headers(["the secret"], now()))
    assert keys("webhook-secret", "other")[1] != out
