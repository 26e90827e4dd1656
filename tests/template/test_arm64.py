"""Everything that the layers and the worker's image install has wheels for arm64 as well.

`uv` resolves the pins for a platform without downloading a wheel; with cached metadata it needs no network either.
"""

import os
import re
import shutil
import subprocess
import zipfile

import pytest

from tests.support.programs import missing
from tests.template.template import ROOT

UV = shutil.which("uv") or str(ROOT / ".tools" / "uv" / "bin" / "uv")
INSTALL = (ROOT / "scripts" / "install-layer").read_text()
PLATFORMS = {"x86_64": "x86_64-manylinux_2_28", "arm64": "aarch64-manylinux_2_28"}
PINS = ("layers/core/requirements.txt", "layers/engine/requirements.txt", "layers/web/requirements.txt",
        "requirements/worker.txt")  # fmt: skip
UNREACHABLE = re.compile(r"dns error|failed to fetch|error sending request|network|connect", re.IGNORECASE)


def resolve(platform, folder, *arguments):
    """Resolve what `scripts/install-layer` would install for a platform; return the result of uv."""
    options = ("--dry-run", "--no-deps", "--only-binary", ":all:", "--python-version", "3.13")
    return subprocess.run(
        [UV, "pip", "install", *options, "--python-platform", platform, "--target", folder, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_COLOR": "1", "UV_HTTP_RETRIES": "1"},
    )


@pytest.fixture(autouse=True)
def uv():
    if not os.access(UV, os.X_OK):
        missing("uv is missing; 'make .tools/uv/bin/uv' installs it")


def test_the_platforms_are_those_of_the_layers():
    found = dict(re.findall(r"^  (\w+)\) platform=\(--python-platform (\S+)\)", INSTALL, re.MULTILINE))
    assert found == PLATFORMS
    assert "--no-deps --require-hashes --only-binary :all: --python-version 3.13" in INSTALL


@pytest.mark.parametrize("pins", PINS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_pinned_package_has_a_wheel(tmp_path, pins, platform):
    pinned = len(re.findall(r"^[a-z0-9-]+==", (ROOT / pins).read_text(), re.MULTILINE))
    done = resolve(PLATFORMS[platform], tmp_path, "--require-hashes", "--requirement", ROOT / pins)
    if done.returncode and UNREACHABLE.search(done.stderr):
        missing(f"whether {pins} can be installed on {platform}: the package index cannot be reached")
    assert done.returncode == 0, done.stderr
    assert f"Would install {pinned} packages" in done.stderr


def test_a_wheel_of_one_platform_is_noticed(tmp_path):
    """As the tests above would notice it; without a package index."""
    wheel = tmp_path / "intel_only-1.0-cp313-cp313-manylinux_2_28_x86_64.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("intel_only-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: intel-only\nVersion: 1.0\n")
        file.writestr("intel_only-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: cp313-cp313-manylinux_2_28_x86_64\n")
        file.writestr("intel_only-1.0.dist-info/RECORD", "")
    arguments = ("--no-index", "--find-links", tmp_path, "intel-only==1.0")
    assert resolve(PLATFORMS["x86_64"], tmp_path / "target", *arguments).returncode == 0
    refused = resolve(PLATFORMS["arm64"], tmp_path / "target", *arguments)
    assert refused.returncode != 0
    assert "aarch64" in refused.stderr
    assert not UNREACHABLE.search(refused.stderr)
