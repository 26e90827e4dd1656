"""Properties of resources that the patches keep: each test fails without its patch."""

import json

import httpx
import pytest

from tests.local.conftest import client, wait_for


@pytest.fixture
def aws(emulator):
    return lambda service: client(emulator[1], service)


@pytest.fixture
def described(aws):
    """Read the properties of a resource through Cloud Control."""

    def describe(type_name, identifier):
        answer = aws("cloudcontrol").get_resource(TypeName=type_name, Identifier=identifier)
        return json.loads(answer["ResourceDescription"]["Properties"])

    return describe


@pytest.fixture
def door(emulator, jobs):
    url = f"{emulator[1].url}/_aws/execute-api/{jobs['Api']}"
    with httpx.Client(base_url=url, trust_env=False, timeout=20) as door:
        yield door


def test_table_keeps_its_settings(aws, jobs):
    dynamodb, table = aws("dynamodb"), {"TableName": jobs["Table"]}
    ttl = dynamodb.describe_time_to_live(**table)["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    backups = dynamodb.describe_continuous_backups(**table)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert dynamodb.describe_table(**table)["Table"]["SSEDescription"]["Status"] == "ENABLED"


def test_bucket_keeps_lifecycle_and_tags(aws, jobs):
    s3 = aws("s3")
    short, work = s3.get_bucket_lifecycle_configuration(Bucket=jobs["Bucket"])["Rules"]
    assert short["Filter"]["And"]["Tags"] == [{"Key": "retention", "Value": "90"}, {"Key": "keep", "Value": "no"}]
    assert short["Transitions"] == [{"Days": 30, "StorageClass": "STANDARD_IA"}]
    assert (work["Filter"], work["Expiration"]) == ({"Prefix": "gpu/"}, {"Days": 7})
    assert s3.get_bucket_tagging(Bucket=jobs["Bucket"])["TagSet"] == [{"Key": "project", "Value": "herald"}]


def test_function_keeps_its_reserved_concurrency(aws, jobs):
    assert aws("lambda").get_function_concurrency(FunctionName=jobs["Worker"])["ReservedConcurrentExecutions"] == 7


def test_error_of_a_function_has_its_class(aws, jobs):
    answer = aws("lambda").invoke(FunctionName=jobs["Door"], Payload=json.dumps({"wish": "raise"}))
    assert json.loads(answer["Payload"].read())["errorType"] == "KeyError"


def test_a_failed_subscriber_is_retried(aws, jobs):
    aws("sns").publish(TopicArn=jobs["Topic"], Message="fail three times")
    query = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "notice"}}}

    def calls():
        items = aws("dynamodb").query(TableName=jobs["Table"], **query)["Items"]
        return sum("fail three times" in item["event"]["S"] for item in items)

    wait_for(lambda: calls() == 3)


def test_an_endpoint_references_its_configuration(jobs, described):
    endpoint = described("AWS::SageMaker::Endpoint", jobs["Endpoint"])
    config = described("AWS::SageMaker::EndpointConfig", jobs["EndpointConfig"])
    assert endpoint["EndpointConfigName"] == config["EndpointConfigName"]
    assert config["AsyncInferenceConfig"]["OutputConfig"]["NotificationConfig"]["SuccessTopic"] == jobs["Topic"]
    assert config["ProductionVariants"][0]["ModelName"] == jobs["Model"].rpartition("/")[2]


def test_scaling_is_stored(jobs, described):
    target = described("AWS::ApplicationAutoScaling::ScalableTarget", jobs["Scaling"])
    assert target["ResourceId"] == f"endpoint/{jobs['Endpoint'].rpartition('/')[2]}/variant/all"
    policy = described("AWS::ApplicationAutoScaling::ScalingPolicy", jobs["ScalingPolicy"])
    assert policy["ScalingTargetId"] == jobs["Scaling"]


@pytest.mark.parametrize(
    ("asked", "route", "parameters", "query"),
    [
        ("POST /v1/jobs", "POST /v1/jobs", None, None),
        ("GET /v1/jobs?limit=2&cursor=a%2Bb", "GET /v1/jobs", None, {"limit": "2", "cursor": "a+b"}),
        ("GET /v1/jobs/x", "GET /v1/jobs/{id}", {"id": "x"}, None),
        ("DELETE /v1/jobs/x", "DELETE /v1/jobs/{id}", {"id": "x"}, None),
        ("POST /v1/jobs/x/retry", "POST /v1/jobs/{id}/retry", {"id": "x"}, None),
        ("PATCH /v1/jobs/x", "$default", None, None),
    ],
)
def test_routes_have_their_parameters(door, asked, route, parameters, query):
    method, path = asked.split()
    event = door.request(method, path).json()
    assert event["routeKey"] == route
    assert (event["pathParameters"], event["queryStringParameters"]) == (parameters, query)


def test_functions_find_the_runtime_of_sagemaker(aws, jobs):
    answer = aws("lambda").invoke(FunctionName=jobs["Door"], Payload=json.dumps({"wish": "environment"}))
    environment = json.loads(answer["Payload"].read())
    assert environment["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"].startswith("http://127.0.0.1:")
    assert environment["AWS_ENDPOINT_URL"] == aws("sqs").meta.endpoint_url


def test_concurrency_of_a_mapping_is_a_number(aws, jobs):
    mapping = aws("lambda").get_event_source_mapping(UUID=jobs["WorkerQueue"])
    assert mapping["ScalingConfig"]["MaximumConcurrency"] == 4
