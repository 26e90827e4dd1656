"""Validation of the state machine's definition as Amazon States Language."""

import re
import shutil
import subprocess

import pytest

from tests.template.template import ROOT
from tests.template.translated import load, translate

VALIDATOR = ROOT / ".tools" / "node" / "node_modules" / "asl-validator" / "dist" / "bin" / "asl-validator.js"
DEFINITION = (ROOT / "statemachines" / "batch.asl.yaml").read_text()

pytestmark = pytest.mark.skipif(
    not shutil.which("node") or not VALIDATOR.exists(),
    reason="NO ASL VALIDATOR: install npm, then make .tools/node/ready",
)


def substituted():
    """Return the definition with substitutions, as CloudFormation passes it to Step Functions."""
    machines = [
        one["Properties"]
        for one in translate()["Resources"].values()
        if one["Type"] == "AWS::StepFunctions::StateMachine"
    ]
    (machine,) = machines
    return re.sub(r"\$\{(\w+)\}", lambda found: machine["DefinitionSubstitutions"][found[1]], DEFINITION)


def validate(text, tmp_path):
    path = tmp_path / "machine.yaml"
    path.write_text(text)
    return subprocess.run(["node", VALIDATOR, "--yaml-path", path], capture_output=True, text=True, check=False)


def test_the_definition_is_valid(tmp_path):
    done = validate(substituted(), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_substitution_is_used():
    (machine,) = [
        one["Properties"]
        for one in load("template.yaml")["Resources"].values()
        if one["Type"] == "AWS::Serverless::StateMachine"
    ]
    assert set(re.findall(r"\$\{(\w+)\}", DEFINITION)) == set(machine["DefinitionSubstitutions"])


@pytest.mark.parametrize(
    ("line", "broken"), [("    Next: Finish\n", "    Next: Nowhere\n"), ("Type: Task", "Type: Tusk")]
)
def test_an_invalid_definition_is_found(line, broken, tmp_path):
    text = substituted()
    assert line in text
    assert validate(text.replace(line, broken, 1), tmp_path).returncode == 1
