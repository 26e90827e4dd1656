"""Herald's functions in containers; skipped with a message without a Docker daemon."""

import json
import subprocess
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

from local.cloud import EMULATOR_PYTHON
from tests.docker.cloud import PARAMETERS, cloud_at, environment_here
from tests.docker.herald import Herald
from tests.docker.sam import ARCHITECTURE, BUILD, ROOT, Functions, images
from tests.docker.templates import write_template
from tests.support.containers import build_base

pytest.register_assert_rewrite(*(f"tests.docker.{path.stem}" for path in Path(__file__).parent.glob("expected*.py")))

BRIDGE = ["docker", "network", "inspect", "bridge", "--format", "{{json (index .IPAM.Config 0)}}"]


@pytest.fixture(scope="session")
def runtime_image():
    """Provide Lambda's image, or an equivalent one."""
    command = [ROOT / "tests/docker/base_image", "--architecture", ARCHITECTURE]
    build_base("NOTHING WAS TESTED IN A CONTAINER", *command, timeout=900)


@pytest.fixture(scope="session")
def cloud(runtime_image, tmp_path_factory):
    """An AWS for containers; its GPU endpoint accepts invocations and never ends them."""
    assert EMULATOR_PYTHON.exists(), "The emulator is not installed. Run: make .tools/emulator/ready"
    bridge = json.loads(subprocess.run(BRIDGE, capture_output=True, text=True, timeout=30, check=True).stdout)
    # Docker 20 does not state the gateway of a bridge that it has just created. It is the first address.
    gateway = bridge.get("Gateway") or str(next(ip_network(bridge["Subnet"]).hosts()))
    with cloud_at(tmp_path_factory.mktemp("cloud"), gateway) as cloud:
        runtime = cloud.here["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"]
        httpx.put(f"{runtime}/_behaviour", json={"deaf": True}, trust_env=False).raise_for_status()
        yield cloud


@pytest.fixture(scope="session")
def layer_cache(runtime_image, tmp_path_factory):
    """SAM's cache of layers; the images that SAM builds from them are removed at the end."""
    before = images()
    yield tmp_path_factory.mktemp("layers")
    if new := images() - before:
        subprocess.run(["docker", "image", "rm", *new], stdout=subprocess.DEVNULL, timeout=60, check=True)


@pytest.fixture(scope="session")
def herald(cloud, layer_cache, tmp_path_factory):
    """Herald as built, and as deployed in the cloud."""
    template = write_template(tmp_path_factory.mktemp("template"), cloud.variables | cloud.in_containers, layer_cache)
    as_built = Functions(BUILD / "template.yaml", {"Profile": "dev"}, layer_cache)
    with pytest.MonkeyPatch.context() as shell:
        for name, value in environment_here(cloud).items():
            if name.startswith(("AWS_", "NO_")):  # read by boto3; SAM would pass the others to functions
                shell.setenv(name, value)
        yield Herald(cloud, as_built, Functions(template, PARAMETERS, layer_cache))
