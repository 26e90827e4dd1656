"""WorkerPlatform: which of Lambda and a cluster processes jobs, and what a cluster may do."""

import functools

import pytest

from tests.template.translated import translate

QUEUES = {"WorkerFunctionStandard", "WorkerFunctionVip"}
ROLES = {"WorkerRole", "ScalerRole"}


@functools.cache
def resources(platform):
    return translate({"WorkerPlatform": platform})["Resources"]


def statements(role):
    """Return the actions of a role's own policies."""
    policies = role["Properties"].get("Policies", [])
    return [one for policy in policies for one in policy["PolicyDocument"]["Statement"]]


def actions(role):
    listed = [one["Action"] for one in statements(role)]
    return {action for one in listed for action in ([one] if isinstance(one, str) else one)}


@pytest.mark.parametrize(
    ("platform", "mapped"), [("lambda", QUEUES), ("both", {"WorkerFunctionVip"}), ("kubernetes", set())]
)
def test_the_platform_switches_the_event_source_mappings(platform, mapped):
    assert resources(platform).keys() & QUEUES == mapped


@pytest.mark.parametrize(("platform", "roles"), [("lambda", set()), ("both", ROLES), ("kubernetes", ROLES)])
def test_a_cluster_has_roles_only_if_it_processes_jobs(platform, roles):
    assert resources(platform).keys() & ROLES == roles


def test_everything_else_is_the_same_on_every_platform():
    everywhere = [resources(platform).keys() - QUEUES - ROLES - {"Kubernetes"} for platform in ("lambda", "both")]
    assert everywhere[0] == everywhere[1] == resources("kubernetes").keys() - ROLES - {"Kubernetes"}


def test_a_worker_in_a_cluster_has_the_permissions_of_the_function():
    found = resources("kubernetes")
    function, pod = found["WorkerFunctionRole"], found["WorkerRole"]
    managed = [one for one in function["Properties"]["ManagedPolicyArns"] if "service-role/" not in str(one)]
    of_lambda = [one for one in managed if "AWSXray" not in str(one) and "AWSXRay" not in str(one)]
    assert pod["Properties"]["ManagedPolicyArns"] == of_lambda
    # Lambda reads the attributes of a queue to scale its pollers; KEDA does that for a cluster.
    assert actions(pod) == actions(function) - {"sqs:GetQueueAttributes"}
    assert statements(pod)[0]["Resource"] == statements(function)[0]["Resource"]


def test_keda_only_measures_the_queues():
    queues, metrics = statements(resources("both")["ScalerRole"])
    assert (queues["Action"], len(queues["Resource"])) == ("sqs:GetQueueAttributes", 2)
    assert metrics["Action"] == "cloudwatch:GetMetricData"


@pytest.mark.parametrize("name", sorted(ROLES))
def test_only_pods_of_this_account_assume_the_roles(name):
    (trust,) = resources("both")[name]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert set(trust["Action"]) == {"sts:AssumeRole", "sts:TagSession"}
    assert trust["Condition"]["StringEquals"].keys() == {"aws:SourceAccount"}
