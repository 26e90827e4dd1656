"""Functions, the paths that lead to them, and their settings."""

import re

import pytest

from herald.handlers.routes import ROUTES
from herald.handlers.settings import Settings
from tests.template.template import (
    FUNCTIONS,
    HEARING,
    PARAMETERS,
    RESOURCES,
    ROOT,
    TEMPLATE,
    VARIABLES,
    events,
    file_name,
    of_type,
    with_default_parameters,
)

PREFLIGHT = ("/{proxy+}", "OPTIONS")
"""What browsers ask of any path."""
SPEAKING = {"SpeechFunction", "SpeechStreamFunction", "WorkerFunction", "SpeakItemsFunction"}


@pytest.mark.parametrize("name", HEARING)
def test_a_function_has_the_handler_of_its_name(name):
    handler = FUNCTIONS[name]["Handler"]
    assert handler == f"herald.handlers.{file_name(name)}.handler"
    source = ROOT / "src" / (handler.rpartition(".")[0].replace(".", "/") + ".py")
    assert "\ndef handler(" in source.read_text()


def test_every_handler_is_deployed():
    handlers = ROOT / "src" / "herald" / "handlers"
    with_handler = {path.stem for path in handlers.glob("*.py") if "\ndef handler(" in path.read_text()}
    assert with_handler == {file_name(name) for name in HEARING}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_a_name_in_metrics_and_traces(name):
    assert FUNCTIONS[name]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == file_name(name)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_logs_of_its_own_that_expire(name):
    group = FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"]
    assert RESOURCES[group]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert [other["LoggingConfig"] for other in FUNCTIONS.values()].count(FUNCTIONS[name]["LoggingConfig"]) == 1


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_functions_that_speak_carry_the_engine(name):
    assert ({"Ref": "EngineLayer"} in FUNCTIONS[name]["Layers"]) == (name in SPEAKING)
    assert {"Ref": "CoreLayer"} in FUNCTIONS[name]["Layers"]


@pytest.mark.parametrize("name", [*SPEAKING, "ApiFunction", "PlanBatchFunction"])
def test_functions_that_know_voices_carry_them(name):
    assert {"Ref": "VoiceLayer"} in FUNCTIONS[name]["Layers"]


def test_every_route_is_known_to_the_code():
    routes = [event for _, event in events("HttpApi") if "Path" in event]
    known = {(path, method) for path, methods in ROUTES.items() for method in methods}
    assert sorted((event["Path"], event["Method"]) for event in routes) == sorted({*known, PREFLIGHT})
    assert len(routes) + 1 == len(events("HttpApi")), "one route takes whatever no other does"


@pytest.mark.parametrize(("name", "event"), events("HttpApi"))
def test_a_function_ends_before_the_api_gives_up(name, event):
    assert event["PayloadFormatVersion"] == "2.0"
    assert FUNCTIONS[name]["Timeout"] * 1000 < event.get("TimeoutInMillis", 30_000) <= 30_000


def test_the_environment_is_what_the_functions_read():
    needed = {field.alias for field in Settings.model_fields.values() if field.is_required()}
    assert {name for name in VARIABLES if name.startswith("HERALD_")} == needed


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_one_function_alone_is_given_is_a_setting(name):
    optional = {field.alias for field in Settings.model_fields.values() if not field.is_required()}
    own = {variable for variable in FUNCTIONS[name]["Environment"]["Variables"] if variable.startswith("HERALD_")}
    assert own <= optional


def test_defaults_are_good_settings():
    settings = Settings.read({name: with_default_parameters(value) for name, value in VARIABLES.items()})
    assert (settings.default_voice, settings.max_characters) == ("en_US-joe-medium", 4_096)
    assert settings.max_characters < settings.longform_characters < settings.max_job_characters
    assert (settings.gpu, settings.gpu_queue, settings.gpu_endpoint) == (False, "", "")
    # 6 MB (6,291,556 bytes) of base64 and JSON hold three quarters of that in bytes.
    assert settings.max_answer_bytes < 6_291_556 * 3 / 4 - 10_000


def test_the_snapshot_and_the_architecture_are_parameters():
    speech = FUNCTIONS["SpeechFunction"]
    assert speech["SnapStart"]["ApplyOn"] == {"If": ["UseSnapStart", "PublishedVersions", "None"]}
    assert speech["VersionDeletionPolicy"] == "Delete", "each version's snapshot is paid for"
    assert speech["AutoPublishAlias"] == "live"
    assert TEMPLATE["Globals"]["Function"]["Architectures"] == [{"Ref": "Architecture"}]
    for layer in of_type("AWS::Serverless::LayerVersion").values():
        assert layer["CompatibleArchitectures"] == [{"Ref": "Architecture"}]


def test_every_parameter_is_described_and_used():
    text = (ROOT / "template.yaml").read_text()
    for name, parameter in PARAMETERS.items():
        assert parameter["Description"].endswith(".")
        assert "Default" in parameter
        assert re.search(rf"!Ref {name}\b|\$\{{{name}\}}", text), name


@pytest.mark.parametrize("name", ["voice=a,b", "a", "=b", "a=b;c=d", "a=b,"])
def test_broken_aliases_do_not_deploy(name):
    assert not re.fullmatch(PARAMETERS["VoiceAliases"]["AllowedPattern"], name)
    assert re.fullmatch(PARAMETERS["VoiceAliases"]["AllowedPattern"], "nova=en_US-amy-medium,a=b:p1")
