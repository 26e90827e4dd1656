"""The GPU: deployed only with an image, scaled to zero without work, with all results received."""

import json
import re

import pytest

from herald.runtime.settings import Settings
from tests.template.template import FUNCTIONS, PARAMETERS, RESOURCES, ROOT, VARIABLES, gpu_role, of_type, read, target
from tests.template.translated import STACK, translate

GPU = {name: one for name, one in RESOURCES.items() if name.startswith("Gpu")}
PAID = ("AWS::SageMaker::", "AWS::ApplicationAutoScaling::", "AWS::SNS::", "AWS::IAM::Role")


def only(kind):
    (found,) = of_type(kind).values()
    return found


@pytest.mark.parametrize("name", GPU)
def test_it_is_deployed_only_with_an_image(name):
    assert "UseGpu" in {GPU[name]["Condition"], GPU[name].get("StackCondition")}
    assert PARAMETERS["GpuImage"]["Default"] == ""


def test_its_resources_are_named_for_it():
    everybodys = {"AlarmTopic", "AlarmMail", "BatchMachineRole", "WorkerRole", "ScalerRole", "SendChunks"}
    assert {name for name, one in RESOURCES.items() if one["Type"].startswith(PAID)} - everybodys <= set(GPU)


def test_other_resources_refer_to_it_only_conditionally():
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
    assert stray({"a": [{"Ref": next(iter(GPU))}]}), "the search does not work"


def test_instances_scale_from_zero_to_the_maximum():
    scaling = only("AWS::ApplicationAutoScaling::ScalableTarget")
    assert (scaling["MinCapacity"], scaling["MaxCapacity"]) == (0, {"Ref": "MaxGpuInstances"})
    assert scaling["ScalableDimension"] == "sagemaker:variant:DesiredInstanceCount"
    (variant,) = only("AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert scaling["ResourceId"] == {"Sub": f"endpoint/${{GpuEndpoint.EndpointName}}/variant/{variant['VariantName']}"}


def test_another_instance_type_replaces_the_endpoint():
    """SageMaker refuses to change the type of an endpoint whose instances are a scalable target."""
    images = {"GpuImage": "000000000000.dkr.ecr.us-east-1.amazonaws.com/herald:1"}
    names = {
        translate(images | {"GpuInstanceType": kind})["Resources"]["GpuEndpoint"]["Properties"]["EndpointName"]
        for kind in ("ml.g5.xlarge", "ml.g6.xlarge")
    }
    assert names == {f"{STACK}-gpu-ml-g5-xlarge", f"{STACK}-gpu-ml-g6-xlarge"}
    logs = translate(images)["Resources"]["GpuLogs"]["Properties"]["LogGroupName"]
    assert logs.removeprefix("/aws/sagemaker/Endpoints/") in names


def test_instances_follow_the_backlog():
    policies = of_type("AWS::ApplicationAutoScaling::ScalingPolicy")
    assert {policy["PolicyType"] for policy in policies.values()} == {"TargetTrackingScaling", "StepScaling"}
    assert all(policy["ScalingTargetId"] == {"Ref": "GpuInstances"} for policy in policies.values())
    metric = policies["GpuFollowBacklog"]["TargetTrackingScalingPolicyConfiguration"]["CustomizedMetricSpecification"]
    assert (metric["Namespace"], metric["MetricName"]) == ("AWS/SageMaker", "ApproximateBacklogSizePerInstance")
    assert metric["Dimensions"] == _of_the_endpoint()


def test_a_request_starts_the_first_instance():
    alarm = RESOURCES["GpuBacklogWithoutCapacity"]["Properties"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/SageMaker", "HasBacklogWithoutCapacity")
    assert alarm["Dimensions"] == _of_the_endpoint()
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)
    assert alarm["AlarmActions"] == [{"Ref": "GpuWake"}]
    (step,) = RESOURCES["GpuWake"]["Properties"]["StepScalingPolicyConfiguration"]["StepAdjustments"]
    assert step == {"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}


def _of_the_endpoint():
    name = {"GetAtt": "GpuEndpoint.EndpointName"}
    assert VARIABLES["GpuSubmitFunction"]["HERALD_GPU_ENDPOINT"]["If"][1] == name
    return [{"Name": "EndpointName", "Value": name}]


def test_success_and_failure_are_published_to_one_function():
    topics = only("AWS::SageMaker::EndpointConfig")["AsyncInferenceConfig"]["OutputConfig"]["NotificationConfig"]
    subscribed = {target(event["Properties"]["Topic"]) for event in FUNCTIONS["GpuResultFunction"]["Events"].values()}
    assert (
        {target(topics["SuccessTopic"]), target(topics["ErrorTopic"])}
        == subscribed
        == set(of_type("AWS::SNS::Topic")) & set(GPU)
    )
    assert topics["SuccessTopic"] != topics["ErrorTopic"]
    (statement,) = [one for one in gpu_role() if one["Sid"] == "PublishResults"]
    assert {target(topic) for topic in statement["Resource"]} == subscribed


def test_its_topics_are_encrypted():
    topics = of_type("AWS::SNS::Topic")
    assert all(topic["KmsMasterKeyId"] for name, topic in topics.items() if name in GPU)
    # CloudWatch cannot publish to topics with SNS's own key.
    assert set(topics) - set(GPU) == {"AlarmTopic"}


def test_it_writes_to_the_path_of_its_role_and_of_results():
    output = only("AWS::SageMaker::EndpointConfig")["AsyncInferenceConfig"]["OutputConfig"]
    assert output["S3OutputPath"] == {"Sub": "s3://${AudioBucket}/gpu/output"}
    assert output["S3FailurePath"] == {"Sub": "s3://${AudioBucket}/gpu/failure"}
    (statement,) = [one for one in gpu_role() if one["Sid"] == "WriteOutput"]
    assert [one["Sub"] for one in statement["Resource"]] == [
        "${AudioBucket.Arn}/gpu/output/*",
        "${AudioBucket.Arn}/gpu/failure/*",
        "${AudioBucket.Arn}/voice-states/*",
    ]
    for name in ("GpuResultFunction", "SweeperFunction"):
        assert "${AudioBucket.Arn}/gpu/*" in json.dumps(FUNCTIONS[name]["Policies"])


def test_its_container_reads_all_its_variables():
    given = only("AWS::SageMaker::Model")["PrimaryContainer"]["Environment"]
    assert set(given) <= set(re.findall(r'default\("(\w+)"', (ROOT / "gpu" / "server.py").read_text()))


def test_prices_use_the_concurrency_of_the_endpoint():
    assert (
        read("infra/gpu.yaml")["Parameters"]["Concurrency"]["Default"]
        == Settings.model_fields["gpu_concurrency"].default
    )
    client = only("AWS::SageMaker::EndpointConfig")["AsyncInferenceConfig"]["ClientConfig"]
    assert client["MaxConcurrentInvocationsPerInstance"] == {"Ref": "Concurrency"}
