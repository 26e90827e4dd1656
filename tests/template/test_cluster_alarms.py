"""The stack of alarms for workers in a cluster: metrics of Container Insights, advice, and a dashboard."""

import json
import re

import pytest

from tests.template.template import ROOT, read

TEMPLATE = read("infra/cluster-alarms.yaml")
ALARMS = {name: one["Properties"] for name, one in TEMPLATE["Resources"].items() if one["Type"].endswith("::Alarm")}
METRICS = {
    "pod_cpu_utilization_over_pod_limit", "pod_memory_utilization_over_pod_limit", "pod_number_of_container_restarts",
}  # fmt: skip
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html"""


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_the_workers(name):
    alarm = ALARMS[name]
    assert (alarm["Namespace"], alarm["MetricName"] in METRICS) == ("ContainerInsights", True)
    dimensions = {one["Name"]: one["Value"]["Ref"] for one in alarm["Dimensions"]}
    assert dimensions == {"ClusterName": "ClusterName", "Namespace": "Namespace", "PodName": "Deployment"}
    assert (alarm["TreatMissingData"], alarm["AlarmActions"]) == ("notBreaching", [{"Ref": "AlarmTopic"}])
    advice, anchor = re.fullmatch(r"(.+) See docs/kubernetes\.md#([a-z-]+)", alarm["AlarmDescription"]).groups()
    assert len(re.findall(r"[.;]", advice)) >= 2, "the problem, and what to do"
    page = (ROOT / "docs" / "kubernetes.md").read_text()
    assert f"## {anchor.capitalize()}" in page
    assert f"`{name}`" in page


def test_the_names_are_those_of_the_manifests():
    deployment = (ROOT / "deploy/kubernetes/base/deployment.yaml").read_text()
    assert f"name: {TEMPLATE['Parameters']['Deployment']['Default']}\n" in deployment
    namespace = (ROOT / "deploy/kubernetes/base/namespace.yaml").read_text()
    assert f"name: {TEMPLATE['Parameters']['Namespace']['Default']}\n" in namespace


def test_the_dashboard_shows_the_alarms_the_workers_and_all_queues():
    text, queues = TEMPLATE["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Sub"]
    board = json.loads(text)
    assert {one["Select"][1]["Ref"] for one in queues.values()} == {"Queues"}
    assert [one["Select"][0] for one in queues.values()] == [0, 1, 2]
    assert all(text.count(f"${{{name}}}") == 2 for name in queues)
    assert all(f"${{{name}.Arn}}" in text for name in ALARMS)
    assert sum(one["width"] for one in board["widgets"]) % 24 == 0
