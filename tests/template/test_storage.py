"""The table and the bucket: encryption, recovery and expiry."""

from herald.aws.audio_store import KEPT_BY, KEPT_FOLDER, RELEASED
from herald.aws.audio_store import SENTENCES_FOLDER as SENTENCES
from herald.aws.custom_voice_storage import RECORDINGS
from herald.aws.gpu_endpoint import INPUTS
from herald.aws.job_table import TEXTS_FOLDER
from herald.aws.lexicon_store import FOLDER as LEXICONS
from herald.aws.lexicon_store import REPLACED, TAG
from herald.batches.batch_files import UPLOADS
from herald.jobs.script import AUDIO_FOLDER
from herald.jobs.voice_service import RECORDING_LIFE
from tests.template.lifecycle import rules
from tests.template.template import RESOURCES, of_type, unfolded

TABLE = of_type("AWS::DynamoDB::Table")["JobTable"]
(BUCKET,) = of_type("AWS::S3::Bucket").values()
RULES = {
    rule["Id"]: rule for one in BUCKET["LifecycleConfiguration"]["Rules"] for rule in unfolded(one) if "Id" in rule
}


def test_the_table_is_on_demand_encrypted_and_recoverable():
    assert TABLE["BillingMode"] == "PAY_PER_REQUEST"
    # With AWS's own key, which is free; SSEEnabled would use a KMS key, which is billed.
    assert "SSESpecification" not in TABLE
    assert TABLE["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_rows_expire_by_the_attribute_of_the_code():
    assert TABLE["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


def test_a_change_of_state_does_not_write_indexes():
    indexes = {index["IndexName"]: index for index in TABLE["GlobalSecondaryIndexes"]}
    assert set(indexes) == {"by_tenant", "by_batch", "due"}
    assert indexes["by_tenant"]["Projection"]["NonKeyAttributes"] == ["use_case"]
    assert indexes["by_batch"]["Projection"]["NonKeyAttributes"] == ["tenant"]
    assert indexes["due"]["Projection"]["ProjectionType"] == "KEYS_ONLY"


def test_customer_data_survives_the_stack():
    owned = [one for one in RESOURCES.values() if one["Type"] in {"AWS::DynamoDB::Table", "AWS::S3::Bucket"}]
    assert len(owned) == 3
    for resource in owned:
        # A failed first deployment removes its empty resources.
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resource["UpdateReplacePolicy"] == "Retain"


def test_the_bucket_is_private_encrypted_and_requires_tls():
    assert len(BUCKET["PublicAccessBlockConfiguration"]) == 4
    assert all(BUCKET["PublicAccessBlockConfiguration"].values())
    assert BUCKET["BucketEncryption"]
    (policy,) = of_type("AWS::S3::BucketPolicy").values()
    (statement, *_) = policy["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Principal"] == "*"
    assert statement["Action"] == "s3:*"
    assert statement["Resource"] == [{"GetAtt": "AudioBucket.Arn"}, {"Sub": "${AudioBucket.Arn}/*"}]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_versions_and_acls_are_disabled():
    """Old versions would never be deleted, and access is controlled by policies only."""
    assert "VersioningConfiguration" not in BUCKET
    assert BUCKET["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert "AccessControl" not in BUCKET


def test_incomplete_uploads_are_removed_after_a_day():
    (rule,) = [rule for rule in rules() if "AbortIncompleteMultipartUpload" in rule]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert not {"Prefix", "TagFilters", "ObjectSizeGreaterThan"} & set(rule)


def test_the_bucket_has_a_cost_tag():
    assert {"Key": "application", "Value": "herald"} in BUCKET["Tags"]


def test_deletion_rules_apply_to_folders_and_to_kept_files_only_by_tag():
    deleting = [rule for rule in RULES.values() if "ExpirationInDays" in rule]
    by_tag = [rule for rule in deleting if "TagFilters" in rule]
    assert [(rule["Prefix"], rule["TagFilters"], rule["ExpirationInDays"]) for rule in by_tag] == [
        (KEPT_FOLDER, [{"Key": KEPT_BY, "Value": RELEASED}], 1),
        (LEXICONS, [{"Key": TAG, "Value": REPLACED}], {"Ref": "RetentionDays"}),
    ]
    others = {rule["Prefix"]: rule["ExpirationInDays"] for rule in deleting if "TagFilters" not in rule}
    assert others == {
        AUDIO_FOLDER: {"Ref": "RetentionDays"},
        TEXTS_FOLDER: {"Ref": "RetentionDays"},
        UPLOADS: 1,
        "batches/": {"Ref": "RetentionDays"},
        "runs/": 7,
        SENTENCES: 7,
        RECORDINGS: RECORDING_LIFE.days,
        f"{INPUTS.partition('/')[0]}/": 8,
    }


def test_every_rule_is_enabled():
    assert {rule["Status"] for rule in RULES.values()} == {"Enabled"}
