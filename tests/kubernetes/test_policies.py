"""A policy linter over the rendered manifests: no finding without a reason."""

import copy
from pathlib import Path

import pytest
import yaml

from tests.kubernetes.manifests import OVERLAYS, rendered, renderer, source
from tests.template.linters import CHECKOV, failed_checks, security

EXCEPTIONS = Path(__file__).parent / "security.yaml"

pytestmark = pytest.mark.skipif(
    not CHECKOV.exists(), reason="THE POLICIES OF THE MANIFESTS WERE NOT CHECKED: make .tools/checks/ready"
)


def findings(objects, folder):
    """Return the findings of checkov in objects."""
    path = folder / "manifests.yaml"
    path.write_text(yaml.safe_dump_all(objects))
    failed = failed_checks([path], "kubernetes")
    return security(failed, yaml.safe_load(EXCEPTIONS.read_text()), "tests/kubernetes/security.yaml")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_manifests_follow_the_policies(overlay, tmp_path, tmp_path_factory):
    if renderer() is None:
        pytest.skip("THE POLICIES WERE NOT CHECKED: neither kubectl nor kustomize is on this machine.")
    assert findings(rendered(overlay, tmp_path_factory.getbasetemp() / "policies"), tmp_path) == []


def test_a_privileged_container_is_found(tmp_path):
    broken = copy.deepcopy(source())
    (deployment,) = [one for one in broken if one["kind"] == "Deployment"]
    deployment["spec"]["template"]["spec"]["containers"][0]["securityContext"] = {"privileged": True}
    assert "CKV_K8S_16" in "\n".join(findings(broken, tmp_path))
