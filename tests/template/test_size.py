"""The build fails if a function with its layers exceeds Lambda's limit."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".tools" / "sam" / "bin" / "python"
LIMIT = 262_144_000
ADAPTER = {"Fn::Sub": ["arn:aws:lambda:${AWS::Region}:753240598075:layer:LambdaAdapterLayer${P}:30", {"P": "X86"}]}

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="needs the SAM CLI's Python: make .tools/sam/ready")


@pytest.fixture
def build(tmp_path):
    """Write a build folder: a template, and a file of the given size for each part."""

    def write(layers, sizes, resources=None, folder=tmp_path):
        function = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "Speech", "Layers": layers}}
        found = {"Speech": function} | (resources or {})
        for name, size in sizes.items():
            place = folder / name / "voices" / "en_US-joe-medium" if name == "VoiceLayer" else folder / name
            place.mkdir(parents=True)
            with (place / "file").open("wb") as file:
                os.truncate(file.fileno(), size)
            if name != "Speech":
                found[name] = {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": name}}
        (folder / "template.yaml").write_text(yaml.safe_dump({"Resources": found}))
        return folder

    return write


def check(folder):
    command = [PYTHON, ROOT / "scripts" / "size.py", folder]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_sizes_within_the_limit_are_listed(build):
    done = check(build([{"Ref": "CoreLayer"}], {"Speech": 1_000_000, "CoreLayer": LIMIT - 1_000_000}))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Speech                  262.1 MB = code 1.0 + CoreLayer 261.1" in done.stdout


def test_a_byte_above_the_limit_fails_with_advice(build):
    layers = [{"Ref": "CoreLayer"}, {"Ref": "VoiceLayer"}]
    done = check(build(layers, {"Speech": 1, "CoreLayer": 200_000_000, "VoiceLayer": LIMIT - 200_000_000}))
    assert done.returncode == 1
    assert "CoreLayer 200.0 + VoiceLayer 62.1" in done.stderr
    assert "exceeds the limit by 1 bytes" in done.stderr
    assert "herald voices publish en_US-joe-medium --stack STACK" in done.stderr


def test_the_adapter_layer_is_included(build):
    done = check(build([{"Ref": "CoreLayer"}, ADAPTER], {"Speech": 0, "CoreLayer": LIMIT - 9_999_999}))
    assert done.returncode == 1
    assert "WebAdapter 10.0" in done.stderr


def test_functions_of_nested_templates_are_included(build, tmp_path):
    build([{"Ref": "Core"}], {"Speech": 2}, folder=tmp_path / "Nested")
    nested = {
        "Type": "AWS::Serverless::Application",
        "Properties": {"Location": "Nested/template.yaml", "Parameters": {"Core": {"Ref": "CoreLayer"}, "Other": "x"}},
    }
    done = check(build([], {"Speech": 0, "CoreLayer": LIMIT - 1}, {"Nested": nested}))
    assert done.returncode == 1


def test_an_unknown_layer_is_rejected(build):
    done = check(build(["arn:aws:lambda:us-east-1:123456789012:layer:other:1"], {"Speech": 0}))
    assert done.returncode == 1
    assert "unknown layer" in done.stderr
