"""Tests do not depend on the shell that starts them."""

import os
import subprocess
import sys

import pytest

from local import ROOT

PROBE = """
import os

def test_probe():
    import boto3
    assert boto3.Session().get_credentials() is None
    assert boto3.Session().region_name is None
    assert not {"AWS_PROFILE", "AWS_ENDPOINT_URL", "HERALD_URL", "HERALD_KEY"} & os.environ.keys()
    assert "127.0.0.1" in os.environ["NO_PROXY"]
"""
DEVELOPER = {
    "AWS_PROFILE": "no-such-profile",
    "AWS_REGION": "eu-south-1",
    "AWS_DEFAULT_REGION": "ap-south-2",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "example",
    "AWS_CA_BUNDLE": "/no/such/bundle.pem",
    "HERALD_URL": "http://127.0.0.1:9",
    "HERALD_KEY": "hk_example",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "HTTP_PROXY": "http://127.0.0.1:9",
}
SHELLS = {
    "an AWS profile and a proxy": DEVELOPER,
    "the C locale and a far time zone": {"LC_ALL": "C", "LANG": "C", "TZ": "Pacific/Kiritimati"},
    "a home that cannot be written to": {"HOME": "/proc/nonexistent"},
}


@pytest.mark.parametrize("settings", SHELLS.values(), ids=SHELLS)
def test_a_developers_settings_do_not_reach_the_tests(tmp_path, settings):
    probe = tmp_path / "folder with a space é" / "test_probe.py"
    probe.parent.mkdir()
    probe.write_text(PROBE)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.conftest"]
    done = subprocess.run(
        [*command, "--rootdir", str(tmp_path), "-c", os.devnull, str(probe)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)} | settings,
        umask=0o077,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
