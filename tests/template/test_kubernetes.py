"""WorkerPlatform: which of Lambda and a cluster processes jobs, and what a cluster may do."""

import functools
import json

import pytest

from tests.template.template import as_list
from tests.template.translated import translate

QUEUES = {"WorkerFunctionStandard", "WorkerFunctionVip"}
ROLES = {"WorkerRole", "ScalerRole"}
CHUNKS = {"ChunkQueue", "ChunkDeadLetters", "SendChunks", "ChunksWaitLong"}


@functools.cache
def resources(platform):
    return translate({"WorkerPlatform": platform})["Resources"]


def statements(role):
    """Return the actions of a role's own policies."""
    policies = role["Properties"].get("Policies", [])
    return [one for policy in policies for one in policy["PolicyDocument"]["Statement"]]


@pytest.mark.parametrize(
    ("platform", "mapped"), [("lambda", QUEUES), ("both", {"WorkerFunctionVip"}), ("kubernetes", set())]
)
def test_the_platform_switches_the_event_source_mappings(platform, mapped):
    assert resources(platform).keys() & QUEUES == mapped


@pytest.mark.parametrize(("platform", "used"), [("lambda", False), ("both", True), ("kubernetes", True)])
def test_a_cluster_has_roles_and_a_queue_only_if_it_processes_jobs(platform, used):
    assert resources(platform).keys() & (ROLES | CHUNKS) == (ROLES | CHUNKS if used else set())


@pytest.mark.parametrize(
    ("platform", "chunks"), [("lambda", "functions"), ("both", "cluster"), ("kubernetes", "cluster")]
)
def test_the_platform_switches_the_route_of_chunks(platform, chunks):
    found = resources(platform)
    given = found["BatchMachine"]["Properties"]["DefinitionSubstitutions"]
    assert given["Chunks"] == chunks
    assert ("ChunkQueue" in given["ChunkQueue"]) == (chunks == "cluster")


def test_the_state_machine_may_send_to_the_queue_of_chunks_only():
    policy = resources("kubernetes")["SendChunks"]["Properties"]
    assert "BatchMachineRole" in policy["RoleName"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "sqs:SendMessage"
    assert "ChunkQueue" in statement["Resource"]


def test_everything_else_is_the_same_on_every_platform():
    own = QUEUES | ROLES | CHUNKS | {"Kubernetes"}
    everywhere = [resources(platform).keys() - own for platform in ("lambda", "both", "kubernetes")]
    assert everywhere[0] == everywhere[1] == everywhere[2]


def grants(role):
    """Return the actions by resource of a role's own policies."""
    return {
        (action, json.dumps(resource))
        for one in statements(role)
        for action in as_list(one["Action"])
        for resource in as_list(one["Resource"])
    }


def managed(role):
    """Return the managed policies of a role that are Herald's own."""
    return {one for one in role["Properties"]["ManagedPolicyArns"] if ":aws:policy/" not in one}


def test_a_worker_in_a_cluster_has_the_permissions_of_the_functions():
    found = resources("kubernetes")
    functions, pod = [found["WorkerFunctionRole"], found["SpeakItemsFunctionRole"]], found["WorkerRole"]
    assert managed(pod) == managed(functions[0]) | managed(functions[1])
    theirs = grants(functions[0]) | grants(functions[1])
    files = {one for one in theirs if "/audio/" in one[1] or "/kept/" in one[1]}  # in the managed policy of jobs
    # Lambda reads the attributes of a queue to scale its pollers; KEDA does that for a cluster.
    scaling = {one for one in theirs if one[0] == "sqs:GetQueueAttributes"}
    tasks = {one for one in grants(pod) if "ChunkQueue" in one[1] or one[0].startswith("states:SendTask")}
    assert grants(pod) - tasks == theirs - files - scaling
    assert {action for action, _ in tasks} == {
        "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility",
        "states:SendTaskFailure", "states:SendTaskHeartbeat",
    }  # fmt: skip


def test_keda_only_measures_the_queues():
    queues, metrics = statements(resources("both")["ScalerRole"])
    assert (queues["Action"], len(queues["Resource"])) == ("sqs:GetQueueAttributes", 3)
    assert metrics["Action"] == "cloudwatch:GetMetricData"


@pytest.mark.parametrize("name", sorted(ROLES))
def test_only_pods_of_this_account_assume_the_roles(name):
    (trust,) = resources("both")[name]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert set(trust["Action"]) == {"sts:AssumeRole", "sts:TagSession"}
    assert trust["Condition"]["StringEquals"].keys() == {"aws:SourceAccount"}
