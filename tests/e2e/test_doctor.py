"""herald doctor passes on the deployed stack, and finds faults."""

import json
import shutil

import pytest

from herald.cli import main
from local import ROOT
from tests.support.deployed_stack import deployed

deployed = pytest.fixture(deployed, scope="module")
OF_AN_ACCOUNT = {"concurrency", "gpu-quota", "alarms"}
"""Checks that do not apply to a local stack."""


@pytest.fixture
def doctor(deployed, tmp_path, monkeypatch, capsys):
    """`doctor()` returns the exit status and the checks, run in a folder with this stack as the local one."""
    (tmp_path / ".local").mkdir()
    shutil.copy(ROOT / ".local" / "test" / "stack.json", tmp_path / ".local" / "stack.json")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    def doctor(*words):
        status = main(["doctor", "--json", "--timeout", "300", *words])
        return status, {one["check"]: one for one in json.loads(capsys.readouterr().out)["checks"]}

    return doctor


def test_every_check_except_those_of_an_account_passes(doctor):
    status, checks = doctor()
    assert {name: one for name, one in checks.items() if one["status"] == "fail"} == {}
    assert {name for name, one in checks.items() if one["status"] == "skip"} == OF_AN_ACCOUNT
    assert status == 0
    assert "first byte after" in checks["stream"]["detail"]
    assert checks["key-removed"]["status"] == "pass"


def test_a_function_without_its_table_is_found(deployed, doctor):
    with deployed.function_with("ApiFunction", HERALD_TABLE="no-such-table"):
        status, checks = doctor("--skip", "gpu", "--skip", "batch", "--skip", "stream")
    assert status == 1
    assert {name for name, one in checks.items() if one["status"] == "fail"} == {"job"}
    assert "500" in checks["job"]["detail"]
    assert checks["job"]["advice"]
    assert checks["key-removed"]["status"] == "pass"
