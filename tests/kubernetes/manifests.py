"""The manifests of deploy/kubernetes, rendered as a user does."""

import json
import shutil
import subprocess
from functools import cache

import yaml

from local import ROOT

FOLDER = ROOT / "deploy" / "kubernetes"
OVERLAYS = ("base", "on-demand", "fixed")
ENVIRONMENT = {
    "AWS_REGION": "eu-central-1",
    "HERALD_TABLE": "herald-JobTable-1",
    "HERALD_STANDARD_QUEUE": "https://sqs.eu-central-1.amazonaws.com/123456789012/herald-StandardQueue-1",
    "HERALD_VIP_QUEUE": "https://sqs.eu-central-1.amazonaws.com/123456789012/herald-VipQueue-1",
    "HERALD_CHUNK_QUEUE": "https://sqs.eu-central-1.amazonaws.com/123456789012/herald-Kubernetes-1-ChunkQueue-1",
}
NODE = ROOT / ".tools" / "node" / "package.json"


def renderer() -> list[str] | None:
    """Return the command that renders a folder, or None if neither program is on this machine."""
    if shutil.which("kubectl"):
        return ["kubectl", "kustomize"]
    return ["kustomize", "build"] if shutil.which("kustomize") else None


def source(folder=FOLDER / "base") -> list[dict]:
    """Return the objects of a folder as they are written."""
    return [
        one
        for path in sorted(folder.glob("*.yaml"))
        if path.name != "kustomization.yaml"
        for one in yaml.safe_load_all(path.read_text())
    ]


@cache
def rendered(overlay: str, scratch) -> tuple[dict, ...]:
    """Return the objects of an overlay; `scratch` is an empty folder for a copy with an environment."""
    copy = scratch / "kubernetes"
    if not copy.exists():
        shutil.copytree(FOLDER, copy)
        lines = [f"{name}={value}\n" for name, value in ENVIRONMENT.items()]
        (copy / "base" / "worker.env").write_text("".join(lines))
    made = subprocess.run([*renderer(), copy / overlay], capture_output=True, text=True, timeout=60, check=True)
    return tuple(yaml.safe_load_all(made.stdout))


def violations_of_keda(objects) -> list[str]:
    """Return the violations of KEDA's schemas."""
    ours = [one for one in objects if one["apiVersion"].startswith("keda.sh/")]
    script = ROOT / "tests" / "kubernetes" / "validate.mjs"
    found = subprocess.run(
        ["node", script, NODE], input=json.dumps(ours), capture_output=True, text=True, timeout=60, check=True
    )
    return found.stdout.splitlines()
