"""What template.yaml must hold, read as CloudFormation will read it."""

import json
import re
from pathlib import Path

import pytest
import yaml

from herald.handlers.http import ROUTES
from herald.handlers.settings import Settings

ROOT = Path(__file__).parents[2]


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, each as {tag: value}."""


def _tag(loader, suffix, node):
    construct = {
        yaml.ScalarNode: loader.construct_scalar,
        yaml.SequenceNode: lambda value: loader.construct_sequence(value, deep=True),
        yaml.MappingNode: lambda value: loader.construct_mapping(value, deep=True),
    }
    return {suffix: construct[type(node)](node)}


Loader.add_multi_constructor("!", _tag)
TEMPLATE = yaml.load((ROOT / "template.yaml").read_text(), Loader)  # noqa: S506  a SafeLoader with tags
RESOURCES = TEMPLATE["Resources"]
PARAMETERS = TEMPLATE["Parameters"]
FUNCTIONS = {
    name: resource["Properties"]
    for name, resource in RESOURCES.items()
    if resource["Type"] == "AWS::Serverless::Function"
}


def of_type(kind):
    return {name: resource for name, resource in RESOURCES.items() if resource["Type"] == kind}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_a_handler_that_exists(name):
    module, _, function = FUNCTIONS[name]["Handler"].rpartition(".")
    source = ROOT / "src" / (module.replace(".", "/") + ".py")
    assert f"def {function}(" in source.read_text()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_logs_of_its_own_that_expire(name):
    group = FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"]
    assert RESOURCES[group]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert [other["LoggingConfig"] for other in FUNCTIONS.values()].count(FUNCTIONS[name]["LoggingConfig"]) == 1


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_no_role_or_policy_beyond_sams_own(name):
    assert not {"Role", "Policies"} & set(FUNCTIONS[name])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_a_sample_event(name):
    assert list((ROOT / "events").glob(f"{name.removesuffix('Function').lower()}__*.json"))


def test_every_route_is_known_to_the_code():
    events = [event["Properties"] for function in FUNCTIONS.values() for event in function["Events"].values()]
    routes = {event["Path"]: event["Method"] for event in events if "Path" in event}
    assert routes == ROUTES
    assert sum("Path" not in event for event in events) == 1, "one route takes whatever no other does"


def test_the_environment_is_what_the_functions_read():
    given = set(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"])
    needed = {field.alias for field in Settings.model_fields.values() if field.is_required()}
    assert needed <= given
    assert {name for name in given if name.startswith("HERALD_")} <= needed


def test_defaults_are_good_settings():
    variables = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    values = {name: str(PARAMETERS[value["Ref"]]["Default"]) for name, value in variables.items() if "Ref" in value}
    settings = Settings.read(values)
    assert (settings.default_voice, settings.max_characters) == ("en_US-joe-medium", 4_096)
    # 6 MB (6,291,556 bytes) of base64 and JSON hold three quarters of that in bytes.
    assert settings.max_answer_bytes < 6_291_556 * 3 / 4 - 10_000


@pytest.mark.parametrize("name", ["voice=a,b", "a", "=b", "a=b;c=d", "a=b,"])
def test_broken_aliases_do_not_deploy(name):
    assert not re.fullmatch(PARAMETERS["VoiceAliases"]["AllowedPattern"], name)
    assert re.fullmatch(PARAMETERS["VoiceAliases"]["AllowedPattern"], "nova=en_US-amy-medium,a=b:p1")


def test_the_snapshot_and_the_architecture_are_parameters():
    speech = FUNCTIONS["SpeechFunction"]
    assert speech["SnapStart"]["ApplyOn"] == {"If": ["UseSnapStart", "PublishedVersions", "None"]}
    assert speech["AutoPublishAlias"] == "live"
    assert TEMPLATE["Globals"]["Function"]["Architectures"] == [{"Ref": "Architecture"}]
    for layer in of_type("AWS::Serverless::LayerVersion").values():
        assert layer["Properties"]["CompatibleArchitectures"] == [{"Ref": "Architecture"}]


def test_the_function_ends_before_the_api_gives_up():
    speech = FUNCTIONS["SpeechFunction"]
    assert speech["Timeout"] * 1000 < speech["Events"]["Speech"]["Properties"]["TimeoutInMillis"] <= 30_000


def test_buckets_are_private_encrypted_and_expire():
    buckets = of_type("AWS::S3::Bucket")
    policies = {p["Properties"]["Bucket"]["Ref"]: p["Properties"] for p in of_type("AWS::S3::BucketPolicy").values()}
    for name, bucket in buckets.items():
        properties = bucket["Properties"]
        assert all(properties["PublicAccessBlockConfiguration"].values())
        assert properties["BucketEncryption"]
        assert any("ExpirationInDays" in rule for rule in properties["LifecycleConfiguration"]["Rules"])
        (statement,) = policies[name]["PolicyDocument"]["Statement"]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_every_parameter_is_described_and_used():
    text = (ROOT / "template.yaml").read_text()
    for name, parameter in PARAMETERS.items():
        assert parameter["Description"].endswith(".")
        assert "Default" in parameter
        assert f"!Ref {name}\n" in text or f"!Ref {name}]" in text or f"!Ref {name}," in text


@pytest.mark.parametrize("path", sorted((ROOT / "events").glob("*.json")), ids=lambda path: path.stem)
def test_sample_events_are_what_the_api_sends(path):
    event = json.loads(path.read_text())
    function = f"{path.stem.partition('__')[0].title()}Function"
    assert function in FUNCTIONS
    assert event["version"] == "2.0"
    assert event["requestContext"]["requestId"]
