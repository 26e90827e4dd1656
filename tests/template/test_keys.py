"""The key table: retained, recoverable, and read-only for functions except for counters."""

import pytest

from herald.auth.api_keys import Key
from herald.aws.key_table import DynamoKeys
from herald.clock import utc_now
from tests.template.template import FUNCTIONS, as_list, of_type, statements, unfolded

TABLE = of_type("AWS::DynamoDB::Table")["KeyTable"]
WRITES = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}
COUNTED = {"usage#*", "rate#*", "batch#*"}
OF_TENANTS = {"lexicons#*", "voices#*", "voice_record#*"}
VERDICTS = {"voices#*", "recording#*"}
WRITTEN = {
    "ApiFunction": OF_TENANTS, "GpuSubmitFunction": VERDICTS, "GpuResultFunction": VERDICTS, "SweeperFunction": VERDICTS
}  # fmt: skip
"""Rows that a function may write besides counters."""


def of_keys(name):
    """Return the statements of a function's role about the key table."""
    shared = {key: policy["PolicyDocument"] for key, policy in of_type("AWS::IAM::ManagedPolicy").items()}
    policies = [branch for one in FUNCTIONS[name].get("Policies", []) for branch in unfolded(one)]
    granted = statements(
        shared[one["Ref"]] if "Ref" in one else one for one in policies if one != {"Ref": "AWS::NoValue"}
    )
    return [one for one in granted if {"GetAtt": "KeyTable.Arn"} in as_list(one["Resource"])]


def rows(statement):
    return set(statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"])


def test_the_table_is_on_demand_encrypted_and_recoverable():
    assert TABLE["BillingMode"] == "PAY_PER_REQUEST"
    assert "SSESpecification" not in TABLE, "encryption with DynamoDB's own key is always on, and free"
    assert TABLE["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_counters_expire():
    assert TABLE["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


def test_the_index_contains_only_keys():
    (index,) = TABLE["GlobalSecondaryIndexes"]
    written = []

    class Table:
        def put_item(self, **given):
            written.append(given["Item"])

    DynamoKeys(Table(), table="keys").add(Key(id="a", tenant="acme", digest="", created_at=utc_now()))
    assert {key["AttributeName"] for key in index["KeySchema"]} == {"tenant", "created_at"} <= set(written[0])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_may_write_a_key(name):
    writing = [one for one in of_keys(name) if WRITES & set(as_list(one["Action"]))]
    assert set().union(*map(rows, writing)) <= COUNTED | WRITTEN.get(name, set())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_may_access_the_whole_table(name):
    assert all(rows(one) for one in of_keys(name))


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("SpeechFunction", {"usage#*", "rate#*"}),
        ("SpeechStreamFunction", {"usage#*", "rate#*"}),
        ("ApiFunction", {"usage#*", "rate#*"}),
        # In one statement, because IAM may evaluate all keys of a transaction together.
        ("PlanBatchFunction", {"usage#*", "batch#*"}),
    ],
)
def test_functions_that_accept_texts_may_count_them(name, counted):
    counting = [rows(one) for one in of_keys(name) if "dynamodb:UpdateItem" in as_list(one["Action"])]
    assert counting == [counted]


def test_one_statement_allows_counting_batches():
    (statement,) = [one for one in of_keys("PlanBatchFunction") if "dynamodb:PutItem" in as_list(one["Action"])]
    assert statement["Action"] == ["dynamodb:PutItem", "dynamodb:UpdateItem"]
