"""The table and the bucket: encrypted, recoverable, and empty again in time."""

from herald.aws.endpoint import INPUTS
from herald.aws.sentences import FOLDER as SENTENCES
from herald.aws.texts import FOLDER
from tests.template.template import RESOURCES, of_type

(TABLE,) = of_type("AWS::DynamoDB::Table").values()
(BUCKET,) = of_type("AWS::S3::Bucket").values()
RULES = {rule["Id"]: rule for rule in BUCKET["LifecycleConfiguration"]["Rules"]}


def test_the_table_is_on_demand_encrypted_and_recoverable():
    assert TABLE["BillingMode"] == "PAY_PER_REQUEST"
    assert TABLE["SSESpecification"] == {"SSEEnabled": True}
    assert TABLE["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_rows_expire_by_the_attribute_that_the_code_writes():
    assert TABLE["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


def test_a_change_of_state_writes_no_list():
    indexes = {index["IndexName"]: index for index in TABLE["GlobalSecondaryIndexes"]}
    assert set(indexes) == {"by_tenant", "by_batch", "due"}
    assert indexes["by_tenant"]["Projection"]["NonKeyAttributes"] == ["use_case"]
    assert indexes["by_batch"]["Projection"]["NonKeyAttributes"] == ["tenant"]
    assert indexes["due"]["Projection"]["ProjectionType"] == "KEYS_ONLY"


def test_what_customers_own_survives_the_stack():
    for kind in ("AWS::DynamoDB::Table", "AWS::S3::Bucket"):
        (resource,) = [one for one in RESOURCES.values() if one["Type"] == kind]
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_the_bucket_is_private_encrypted_and_asked_over_tls_only():
    assert len(BUCKET["PublicAccessBlockConfiguration"]) == 4
    assert all(BUCKET["PublicAccessBlockConfiguration"].values())
    assert BUCKET["BucketEncryption"]
    (policy,) = of_type("AWS::S3::BucketPolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_files_expire_by_their_tag_and_kept_ones_never():
    deleting = [rule for rule in RULES.values() if "ExpirationInDays" in rule]
    by_tag = [rule for rule in deleting if "TagFilters" in rule]
    assert [(rule["TagFilters"], rule["ExpirationInDays"]) for rule in by_tag] == [
        ([{"Key": "retention", "Value": "expire"}], {"Ref": "RetentionDays"})
    ]
    # Every other rule that deletes is for a folder in which no audio is stored.
    others = {rule["Prefix"]: rule["ExpirationInDays"] for rule in deleting if "TagFilters" not in rule}
    assert others == {
        FOLDER: {"Ref": "RetentionDays"},
        "batches/": {"Ref": "RetentionDays"},
        "runs/": 7,
        SENTENCES: 7,
        f"{INPUTS.partition('/')[0]}/": 8,
    }


def test_every_rule_is_in_force():
    assert {rule["Status"] for rule in RULES.values()} == {"Enabled"}
