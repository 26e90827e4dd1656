"""Alarms on metric math: without the patch, the emulator rejects templates with one."""

import json

import pytest

from tests.local.conftest import client

ALARM = {
    "Metrics": [
        {"Id": "share", "Expression": "100 * failed / all"},
        *(
            {"Id": name, "ReturnData": False, "MetricStat": {"Stat": "Sum", "Period": 60, "Metric": metric}}
            for name, metric in {
                "failed": {"Namespace": "Try", "MetricName": "Failed"},
                "all": {"Namespace": "Try", "MetricName": "All"},
            }.items()
        ),
    ],
    "EvaluationPeriods": 1,
    "Threshold": 1,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
}


@pytest.fixture(scope="module")
def cloudwatch(emulator):
    resources = {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": ALARM | {"AlarmName": "share"}}}
    formation = client(emulator[1], "cloudformation")
    formation.create_stack(StackName="alarms", TemplateBody=json.dumps({"Resources": resources}))
    formation.get_waiter("stack_create_complete").wait(StackName="alarms", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    yield client(emulator[1], "cloudwatch")
    formation.delete_stack(StackName="alarms")


def test_an_alarm_on_an_expression_is_stored_and_not_evaluated(cloudwatch):
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["share"])["MetricAlarms"]
    assert (alarm["Threshold"], alarm["TreatMissingData"]) == (1.0, "notBreaching")
    both = [{"MetricName": name, "Value": 1.0} for name in ("Failed", "All")]
    cloudwatch.put_metric_data(Namespace="Try", MetricData=both)
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["share"])["MetricAlarms"]
    assert alarm["StateValue"] != "ALARM"
