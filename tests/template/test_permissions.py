"""Permissions: a role per function, and no wildcards except those listed here with their reasons."""

import json
import re

import pytest

from tests.template.lifecycle import resolved
from tests.template.template import FUNCTIONS, ROOT, as_list, gpu_role, of_type, role_of, statements, unfolded

HERE = "${{AWS::Partition}}:{}:${{AWS::Region}}:${{AWS::AccountId}}"
WILDCARDS = {
    "${AudioBucket.Arn}/audio/*": "file keys derive from the content",
    "${AudioBucket.Arn}/kept/*": "kept copies of those files",
    "${AudioBucket.Arn}/texts/*": "keys of long texts derive from job ids",
    "${AudioBucket.Arn}/gpu/*": "the endpoint chooses the names of its outputs",
    "${AudioBucket.Arn}/gpu/input/*": "keys of inputs derive from job ids",
    "${AudioBucket.Arn}/gpu/output/*": "the endpoint chooses the names of its outputs",
    "${AudioBucket.Arn}/gpu/failure/*": "the endpoint chooses the names of its failures",
    "${AudioBucket.Arn}/voices/*": "keys of published voices derive from ids and checksums",
    "${AudioBucket.Arn}/lexicons/*": "keys of lexicons derive from tenants and content",
    "${AudioBucket.Arn}/recordings/*": "keys of recordings derive from tenants and random ids",
    "${AudioBucket.Arn}/voice-states/*": "keys derive from random ids of voices",
    "${AudioBucket.Arn}/audio/*/voice_*": "files of tenants' custom voices, to delete them with the voice",
    "${AudioBucket.Arn}/kept/*/voice_*": "the same, kept",
    "${AudioBucket.Arn}/uploads/*": "keys of uploads derive from tenants and batch ids",
    "${AudioBucket.Arn}/batches/*": "keys of batch files derive from tenants and batch ids",
    "${AudioBucket.Arn}/sentences/*": "keys of sentences derive from tenants and content",
    "arn:${AWS::Partition}:s3:::${Keys}/*": "manifests, in the buckets that the operator lists",
    "/*,arn:aws:s3:::": "the same, between two of those buckets",
    "/*,arn:aws-cn:s3:::": "the same, in China",
    "/*,arn:aws-us-gov:s3:::": "the same, in GovCloud",
    f"arn:{HERE.format('states')}:execution:${{AWS::StackName}}-batch:*": "names of executions derive from batch ids",
    "${JobTable.Arn}/index/*": "the api function queries by tenant and by batch",
    "arn:${AWS::Partition}:s3:::${Folder}/*": "the operator's folder of models",
    f"arn:{HERE.format('logs')}:log-group:/aws/sagemaker/*": "SageMaker names its groups",
    f"arn:{HERE.format('kms')}:key/*": "the operator's key that signs files; a condition requires its alias",
    f"arn:{HERE.format('secretsmanager')}:secret:${{AWS::StackName}}-disclosure-*": "it appends random characters",
    f"arn:{HERE.format('ecr')}:repository/*": "the repository is known only from the operator's GpuImage",
}
UNNAMED = {
    "cloudwatch:PutMetricData": "CloudWatch has namespaces instead of resources; a condition restricts them",
    "states:SendTaskSuccess": "AWS defines no resource for it; it requires a task's secret token",
    "states:SendTaskFailure": "the same",
    "states:SendTaskHeartbeat": "the same",
    "ecr:GetAuthorizationToken": "it applies to the registry, which has no name",
}
CALLS = {
    "abort_multipart_upload": "s3:AbortMultipartUpload",
    "batch_get_item": "dynamodb:BatchGetItem",
    "change_message_visibility": "sqs:ChangeMessageVisibility",
    "change_message_visibility_batch": "sqs:ChangeMessageVisibility",
    "receive_message": "sqs:ReceiveMessage",
    "delete_message_batch": "sqs:DeleteMessage",
    "complete_multipart_upload": "s3:PutObject",
    "copy_object": "s3:PutObject",
    "create_multipart_upload": "s3:PutObject",
    "delete_object": "s3:DeleteObject",
    "delete_objects": "s3:DeleteObject",
    "describe_execution": "states:DescribeExecution",
    "generate_presigned_post": "s3:PutObject",
    "generate_presigned_url": "s3:GetObject",
    "get_item": "dynamodb:GetItem",
    "get_object": "s3:GetObject",
    "get_object_tagging": "s3:GetObjectTagging",
    "get_secret_value": "secretsmanager:GetSecretValue",
    "head_object": "s3:GetObject",
    "invoke_endpoint_async": "sagemaker:InvokeEndpointAsync",
    "put_events": "events:PutEvents",
    "put_item": "dynamodb:PutItem",
    "put_object": "s3:PutObject",
    "put_object_tagging": "s3:PutObjectTagging",
    "query": "dynamodb:Query",
    "send_message": "sqs:SendMessage",
    "send_task_failure": "states:SendTaskFailure",
    "send_task_heartbeat": "states:SendTaskHeartbeat",
    "send_task_success": "states:SendTaskSuccess",
    "start_execution": "states:StartExecution",
    "transact_write_items": "dynamodb:PutItem",
    "update_item": "dynamodb:UpdateItem",
    "upload_part": "s3:PutObject",
}
"""AWS calls of herald.aws, and the permission that each needs."""
OPERATORS = {"describe_stacks", "get_paginator"}
"""Calls of commands with the operator's credentials, which no function needs."""
LOCAL = {"token_hex"}
"""Functions of the standard library's `secrets`, which is not a client."""


def granted(name):
    """Return the statements of a function, without those that SAM adds for queues."""
    shared = {key: policy["PolicyDocument"] for key, policy in of_type("AWS::IAM::ManagedPolicy").items()}
    policies = [branch for one in FUNCTIONS[name].get("Policies", []) for branch in unfolded(one)]
    wanted = [one for one in policies if one != {"Ref": "AWS::NoValue"}]
    return statements(shared[one["Ref"]] if "Ref" in one else one for one in wanted)


ALL = [one for name in FUNCTIONS for one in granted(name)] + gpu_role() + role_of("WorkerRole")


def actions(some):
    return {action for statement in some for action in as_list(statement["Action"])}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_sam_creates_a_role_per_function(name):
    assert "Role" not in FUNCTIONS[name]


def test_nothing_is_granted_to_all_actions():
    assert not [action for action in actions(ALL) if "*" in action]
    assert all(statement["Effect"] == "Allow" for statement in ALL)


def test_there_are_no_unlisted_wildcards():
    found = set()
    for statement in ALL:
        resources = [branch for one in as_list(statement["Resource"]) for branch in unfolded(one)]
        found |= set(re.findall(r'"([^"]*\*[^"]*)"', json.dumps(resources))) - {"*"}
        if "*" in resources:
            assert actions([statement]) <= set(UNNAMED)
    assert found == set(WILDCARDS)


def test_metrics_are_limited_by_their_namespace():
    (statement,) = [one for one in ALL if "cloudwatch:PutMetricData" in as_list(one["Action"])]
    assert set(statement["Condition"]["StringLike"]) == {"cloudwatch:namespace"}


def test_the_key_that_signs_is_limited_by_its_alias():
    (statement,) = [one for one in ALL if "kms:Sign" in as_list(one["Action"])]
    assert "kms:ResourceAliases" in statement["Condition"]["ForAnyValue:StringEquals"]


def test_all_aws_calls_of_the_code_are_permitted():
    sources = "".join(path.read_text() for path in (ROOT / "src" / "herald" / "aws").glob("*.py"))
    asked = set(
        re.findall(
            r"(?<!meta\.)\b_?(?:dynamodb|s3|sqs|events|sagemaker|secrets|stepfunctions|client)\.([a-z_]+)\(", sources
        )
    )
    assert asked - OPERATORS - LOCAL == set(CALLS)
    assert set(CALLS.values()) <= actions(ALL)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_listing_functions_may_query_jobs_and_few_read_sums_or_usage(name):
    may = actions(granted(name)) & {"dynamodb:Query", "dynamodb:BatchGetItem"}
    lists = name in {"ApiFunction", "SweeperFunction"}
    sums = name in {"PlanBatchFunction", "SpeakItemsFunction", "FinishBatchFunction", "SpeechStreamFunction"}
    assert may == ({"dynamodb:Query"} if lists else set()) | ({"dynamodb:BatchGetItem"} if lists or sums else set())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_consumers_may_postpone_messages(name):
    workers = {"WorkerFunction", "KokoroWorkerFunction", "GpuSubmitFunction"}
    reads = name in workers | {"SweeperFunction"}
    assert ("sqs:ChangeMessageVisibility" in actions(granted(name))) == reads


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_one_function_calls_the_endpoint(name):
    assert ("sagemaker:InvokeEndpointAsync" in actions(granted(name))) == (name == "GpuSubmitFunction")


def test_no_function_may_delete_rows_or_audio_except_that_of_custom_voices():
    assert "dynamodb:DeleteItem" not in actions(ALL)
    for name in FUNCTIONS:
        deleting = [one["Resource"] for one in granted(name) if "s3:DeleteObject" in as_list(one["Action"])]
        folders = {one["Sub"].removeprefix("${AudioBucket.Arn}/") for some in deleting for one in as_list(some)}
        own = {"recordings/*", "voice-states/*", "audio/*/voice_*", "kept/*/voice_*"}
        enrols = name in {"GpuSubmitFunction", "GpuResultFunction", "SweeperFunction"}
        assert folders <= {"texts/*"} | (own if name == "ApiFunction" else {"voice-states/*"} if enrols else set())


def test_the_gpu_may_read_inputs_and_write_results_but_not_read_audio():
    ours = [
        one
        for one in gpu_role()
        if "AudioBucket" in json.dumps(one["Resource"]) and "s3:ListBucket" not in one["Action"]
    ]
    assert [(as_list(one["Action"]), json.dumps(one["Resource"])) for one in ours] == [
        (
            ["s3:GetObject"],
            '[{"Sub": "${AudioBucket.Arn}/gpu/input/*"}, {"Sub": "${AudioBucket.Arn}/recordings/*"}, '
            '{"Sub": "${AudioBucket.Arn}/voice-states/*"}]',
        ),
        (
            ["s3:PutObject", "s3:AbortMultipartUpload"],
            '[{"Sub": "${AudioBucket.Arn}/gpu/output/*"}, {"Sub": "${AudioBucket.Arn}/gpu/failure/*"}, '
            '{"Sub": "${AudioBucket.Arn}/voice-states/*"}]',
        ),
    ]


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_manifests_can_be_read_in_every_partition(partition):
    (statement,) = of_type("AWS::IAM::ManagedPolicy")["ManifestsPolicy"]["PolicyDocument"]["Statement"]
    first, names = statement["Resource"]["Split"][1]["Sub"]
    joined = resolved(names["Keys"], {"AWS::Partition": partition, "ManifestBuckets": "one,two"})
    assert joined == {"Join": [f"/*,arn:{partition}:s3:::", {"Split": [",", "one,two"]}]}
    assert first == "arn:${AWS::Partition}:s3:::${Keys}/*"
