"""Workers on Kubernetes: the manifests are valid, restricted, and scale by all queues."""

import copy
import importlib
import importlib.util
from pathlib import Path

import pytest

from herald.worker.consumer import DRAIN_SECONDS
from tests.kubernetes.manifests import ENVIRONMENT, NODE, OVERLAYS, rendered, renderer, source, violations_of_keda

QUEUES = ("standard", "vip", "chunk")


@pytest.fixture(scope="module")
def render(tmp_path_factory):
    """A function that returns the objects of an overlay."""
    if renderer() is None:
        pytest.skip("THE MANIFESTS OF KUBERNETES WERE NOT RENDERED: neither kubectl nor kustomize is on this machine.")
    scratch = tmp_path_factory.mktemp("manifests")
    return lambda overlay: rendered(overlay, scratch)


def one(objects, kind):
    (found,) = [each for each in objects if each["kind"] == kind]
    return found


def pod(objects):
    return one(objects, "Deployment")["spec"]["template"]["spec"]


def worker(objects):
    (container,) = pod(objects)["containers"]
    return container


@pytest.fixture
def validator():
    if importlib.util.find_spec("kubernetes_validate") is None:
        pytest.skip("THE MANIFESTS WERE NOT VALIDATED: kubernetes-validate is missing; 'make .venv/dev' installs it.")
    return importlib.import_module("kubernetes_validate")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_objects_are_valid(render, validator, overlay):
    for each in render(overlay):
        if not each["apiVersion"].startswith("keda.sh/"):
            validator.validate(each, "1.33", strict=True)


def test_an_unknown_field_is_found(validator):
    broken = copy.deepcopy(one(source(), "Deployment"))
    broken["spec"]["template"]["spec"]["containers"][0]["imagee"] = "x"
    with pytest.raises(validator.ValidationError):
        validator.validate(broken, "1.33", strict=True)


def test_kedas_objects_are_valid():
    if not (NODE.parent / "node_modules" / "@kubernetes-models").exists():
        pytest.skip("KEDA'S OBJECTS WERE NOT VALIDATED: its schemas are missing; 'make node-clients' installs them.")
    assert violations_of_keda(source()) == []
    broken = copy.deepcopy(one(source(), "ScaledObject"))
    broken["spec"]["minReplicaCount"] = "none"
    assert len(violations_of_keda([broken])) == 1


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_reference_is_to_an_object_of_the_overlay(render, overlay):
    objects = render(overlay)
    names = {(each["kind"], each["metadata"]["name"]) for each in objects}
    spec = pod(objects)
    assert ("ServiceAccount", spec["serviceAccountName"]) in names
    assert ("ConfigMap", worker(objects)["envFrom"][0]["configMapRef"]["name"]) in names
    labels = one(objects, "Deployment")["spec"]["template"]["metadata"]["labels"]
    for kind, field in (("PodDisruptionBudget", "selector"), ("NetworkPolicy", "podSelector")):
        assert one(objects, kind)["spec"][field]["matchLabels"].items() <= labels.items()
    assert {each["metadata"].get("namespace", "herald") for each in objects} == {"herald"}


def test_the_environment_reaches_workers_and_triggers(render):
    objects = render("base")
    assert one(objects, "ConfigMap")["data"] == ENVIRONMENT
    triggers = {each["name"]: each["metadata"] for each in one(objects, "ScaledObject")["spec"]["triggers"]}
    assert {each["awsRegion"] for each in triggers.values()} == {"eu-central-1"}
    for queue in QUEUES:
        url = ENVIRONMENT[f"HERALD_{queue.upper()}_QUEUE"]
        assert triggers[f"{queue}-length"]["queueURL"] == url
        assert triggers[f"{queue}-age"]["dimensionValue"] == url.rpartition("/")[2]
    assert "SET" not in str(triggers)


def test_workers_scale_to_zero_by_the_length_and_age_of_all_queues():
    spec = one(source(), "ScaledObject")["spec"]
    assert spec["minReplicaCount"] == 0
    wanted = {f"{queue}-{measure}" for queue in QUEUES for measure in ("length", "age")}
    assert {each["name"] for each in spec["triggers"]} == wanted
    assert all(each["authenticationRef"] == {"name": "herald-worker"} for each in spec["triggers"])
    # A vip job counts for more than a standard one.
    length = {each["name"]: int(each["metadata"].get("queueLength", 0)) for each in spec["triggers"]}
    assert 0 < length["vip-length"] < length["standard-length"]


def test_a_terminated_worker_has_the_time_to_drain():
    assert pod(source())["terminationGracePeriodSeconds"] >= DRAIN_SECONDS + 5


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_pods_satisfy_the_restricted_standard(render, overlay):
    objects = render(overlay)
    spec, container = pod(objects), worker(objects)
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"].keys() == {"requests", "limits"}
    assert {"startupProbe", "readinessProbe", "livenessProbe"} <= container.keys()


def test_the_user_is_that_of_the_image():
    lines = (Path(__file__).parents[2] / "worker" / "Dockerfile").read_text().splitlines()
    context = pod(source())["securityContext"]
    assert f"USER {context['runAsUser']}:{context['runAsGroup']}" in lines


def test_nothing_connects_to_workers():
    policy = one(source(), "NetworkPolicy")["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert policy["ingress"] == []
    assert {port["port"] for rule in policy["egress"] for port in rule["ports"]} == {443, 53, 80}


def test_spot_nodes_are_preferred_and_can_be_excluded(render):
    assert "SPOT" in str(
        pod(render("base"))["affinity"]["nodeAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
    )
    required = pod(render("on-demand"))["affinity"]["nodeAffinity"]
    assert required.keys() == {"requiredDuringSchedulingIgnoredDuringExecution"}
    assert "NotIn" in str(required)


def test_a_fixed_number_of_workers_needs_no_keda(render):
    objects = render("fixed")
    assert one(objects, "Deployment")["spec"]["replicas"] == 2
    assert not [each for each in objects if each["apiVersion"].startswith("keda.sh/")]
    assert "replicas" not in one(render("base"), "Deployment")["spec"], "KEDA sets it"
