"""The GPU: deployed with an image only, no instance without work, and every result received."""

import json
import re

import pytest

from herald.handlers.settings import Settings
from tests.template.template import FUNCTIONS, PARAMETERS, RESOURCES, ROOT, VARIABLES, gpu_role, of_type, read, target

GPU = {name: one for name, one in RESOURCES.items() if name.startswith("Gpu")}
PAID = ("AWS::SageMaker::", "AWS::ApplicationAutoScaling::", "AWS::SNS::", "AWS::IAM::Role")


def only(kind):
    (found,) = of_type(kind).values()
    return found


@pytest.mark.parametrize("name", GPU)
def test_it_is_deployed_only_with_an_image(name):
    assert "UseGpu" in {GPU[name]["Condition"], GPU[name].get("StackCondition")}
    assert PARAMETERS["GpuImage"]["Default"] == ""


def test_all_that_only_it_needs_is_named_for_it():
    everybodys = {"AlarmTopic", "AlarmMail", "BatchMachineRole"}
    assert {name for name, one in RESOURCES.items() if one["Type"].startswith(PAID)} - everybodys <= set(GPU)


def test_nothing_else_refers_to_it_without_asking():
    def stray(value):
        match value:
            case {"If": ["UseGpu" | "HasGpu", _, no]}:
                return stray(no)
            case {"Ref": str(name)} | {"GetAtt": str(name)}:
                return name.partition(".")[0] in GPU
            case dict():
                return any(stray(one) for one in value.values())
            case list():
                return any(stray(one) for one in value)
        return False

    others = {name: one for name, one in RESOURCES.items() if name not in GPU}
    assert not [name for name, one in others.items() if stray(one)]
    assert stray({"a": [{"Ref": next(iter(GPU))}]}), "the search finds nothing at all"


def test_instances_go_from_none_to_the_most_that_are_allowed():
    scaling = only("AWS::ApplicationAutoScaling::ScalableTarget")
    assert (scaling["MinCapacity"], scaling["MaxCapacity"]) == (0, {"Ref": "MaxGpuInstances"})
    assert scaling["ScalableDimension"] == "sagemaker:variant:DesiredInstanceCount"
    (variant,) = only("AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert scaling["ResourceId"] == {"Sub": f"endpoint/${{AWS::StackName}}-gpu/variant/{variant['VariantName']}"}


def test_they_follow_the_backlog():
    policies = of_type("AWS::ApplicationAutoScaling::ScalingPolicy")
    assert {policy["PolicyType"] for policy in policies.values()} == {"TargetTrackingScaling", "StepScaling"}
    assert all(policy["ScalingTargetId"] == {"Ref": "GpuInstances"} for policy in policies.values())
    metric = policies["GpuFollowBacklog"]["TargetTrackingScalingPolicyConfiguration"]["CustomizedMetricSpecification"]
    assert (metric["Namespace"], metric["MetricName"]) == ("AWS/SageMaker", "ApproximateBacklogSizePerInstance")
    assert metric["Dimensions"] == _of_the_endpoint()


def test_a_request_wakes_the_first_instance():
    alarm = RESOURCES["GpuBacklogWithoutCapacity"]["Properties"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/SageMaker", "HasBacklogWithoutCapacity")
    assert alarm["Dimensions"] == _of_the_endpoint()
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)
    assert alarm["AlarmActions"] == [{"Ref": "GpuWake"}]
    (step,) = RESOURCES["GpuWake"]["Properties"]["StepScalingPolicyConfiguration"]["StepAdjustments"]
    assert step == {"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}


def _of_the_endpoint():
    name = only("AWS::SageMaker::Endpoint")["EndpointName"]
    assert VARIABLES["GpuSubmitFunction"]["HERALD_GPU_ENDPOINT"]["If"][1] == name
    return [{"Name": "EndpointName", "Value": name}]


def test_it_tells_success_and_failure_and_one_function_hears_both():
    told = only("AWS::SageMaker::EndpointConfig")["AsyncInferenceConfig"]["OutputConfig"]["NotificationConfig"]
    heard = {target(event["Properties"]["Topic"]) for event in FUNCTIONS["GpuResultFunction"]["Events"].values()}
    assert (
        {target(told["SuccessTopic"]), target(told["ErrorTopic"])}
        == heard
        == set(of_type("AWS::SNS::Topic")) & set(GPU)
    )
    assert told["SuccessTopic"] != told["ErrorTopic"]
    (statement,) = [one for one in gpu_role() if one["Sid"] == "TellEnds"]
    assert {target(topic) for topic in statement["Resource"]} == heard


def test_its_topics_are_encrypted():
    topics = of_type("AWS::SNS::Topic")
    assert all(topic["KmsMasterKeyId"] for name, topic in topics.items() if name in GPU)
    # CloudWatch may not publish to a topic with SNS's own key.
    assert set(topics) - set(GPU) == {"AlarmTopic"}


def test_it_writes_where_its_role_may_and_answers_are_looked_for():
    output = only("AWS::SageMaker::EndpointConfig")["AsyncInferenceConfig"]["OutputConfig"]
    assert output["S3OutputPath"] == {"Sub": "s3://${AudioBucket}/gpu/output"}
    assert output["S3FailurePath"] == {"Sub": "s3://${AudioBucket}/gpu/failure"}
    (statement,) = [one for one in gpu_role() if one["Sid"] == "WriteAnswers"]
    assert [one["Sub"] for one in statement["Resource"]] == [
        "${AudioBucket.Arn}/gpu/output/*",
        "${AudioBucket.Arn}/gpu/failure/*",
    ]
    for name in ("GpuResultFunction", "SweeperFunction"):
        assert "${AudioBucket.Arn}/gpu/*" in json.dumps(FUNCTIONS[name]["Policies"])


def test_its_container_reads_all_that_it_is_given():
    given = only("AWS::SageMaker::Model")["PrimaryContainer"]["Environment"]
    assert set(given) <= set(re.findall(r'read\("(\w+)"', (ROOT / "gpu" / "server.py").read_text()))


def test_prices_count_as_many_requests_at_once_as_the_endpoint_takes():
    assert (
        read("infra/gpu.yaml")["Parameters"]["Concurrency"]["Default"]
        == Settings.model_fields["gpu_concurrency"].default
    )
    client = only("AWS::SageMaker::EndpointConfig")["AsyncInferenceConfig"]["ClientConfig"]
    assert client["MaxConcurrentInvocationsPerInstance"] == {"Ref": "Concurrency"}
