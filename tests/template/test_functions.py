"""Functions, their routes, and their settings."""

import importlib
import re
from contextlib import suppress

import pytest

from herald.runtime.function import Handler
from herald.runtime.settings import Settings
from herald.web.elevenlabs_routes import ELEVENLABS_ROUTES
from herald.web.polly_routes import POLLY_ROUTES
from herald.web.routes import ROUTES
from tests.template.template import (
    ALL_VARIABLES,
    COMMON_VARIABLES,
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
"""The route of CORS preflight requests."""
SPEECH = {
    ("/v1/audio/speech", "POST"),
    ("/v1/speech", "POST"),
    ("/v1/text-to-speech/{id}", "POST"),
    ("/v1/text-to-speech/{id}/{proxy+}", "POST"),
}
SPEAKING = {"SpeechFunction", "SpeechStreamFunction", "WorkerFunction", "SpeakItemsFunction", "KokoroWorkerFunction"}


@pytest.mark.parametrize("name", HEARING)
def test_a_function_has_the_handler_of_its_name(name):
    handler = FUNCTIONS[name]["Handler"]
    assert handler == f"herald.functions.{file_name(name)}.handler"
    assert isinstance(importlib.import_module(handler.rpartition(".")[0]).handler, Handler)


def test_every_handler_is_deployed():
    handlers = ROOT / "src" / "herald" / "functions"
    with_handler = {path.stem for path in handlers.glob("*.py") if "\nhandler = " in path.read_text()}
    assert with_handler == {file_name(name) for name in HEARING}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_a_name_in_metrics_and_traces(name):
    assert FUNCTIONS[name]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == file_name(name)


def test_all_functions_log_json_to_one_group():
    logging = TEMPLATE["Globals"]["Function"]["LoggingConfig"]
    assert (logging["LogGroup"], logging["LogFormat"]) == ({"Ref": "FunctionLogs"}, "JSON")
    # The runtime reports the end of each call at this level; alarms use the reports.
    assert logging["SystemLogLevel"] == "INFO"
    # Powertools logs a warning at each start if they differ.
    level = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"]
    assert logging["ApplicationLogLevel"] == level
    assert not [name for name, one in FUNCTIONS.items() if "LoggingConfig" in one]


@pytest.mark.parametrize("name", of_type("AWS::Logs::LogGroup"))
def test_logs_expire(name):
    days = RESOURCES[name]["Properties"]["RetentionInDays"]
    assert days == {"FindInMap": ["Profiles", {"Ref": "Profile"}, "LogRetentionDays"]}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_synthesizing_functions_have_the_engine_layer(name):
    assert ({"Ref": "EngineLayer"} in FUNCTIONS[name]["Layers"]) == (name in SPEAKING)
    assert {"Ref": "CoreLayer"} in FUNCTIONS[name]["Layers"]


@pytest.mark.parametrize("name", [*(SPEAKING - {"KokoroWorkerFunction"}), "ApiFunction", "PlanBatchFunction"])
def test_functions_that_list_voices_have_the_voice_layer(name):
    assert {"Ref": "VoiceLayer"} in FUNCTIONS[name]["Layers"]


def test_the_api_function_handles_all_routes_except_listed_ones():
    listed = {(event["Path"], event["Method"]): name for name, event in events("HttpApi") if "Path" in event}
    every = [*ROUTES.items(), *POLLY_ROUTES.items(), *ELEVENLABS_ROUTES.items()]
    known = {(path, method) for path, methods in every for method in methods}
    assert listed.keys() <= {*known, *SPEECH, PREFLIGHT}
    assert {route for route, name in listed.items() if name != "ApiFunction"} == SPEECH
    assert [name for name, event in events("HttpApi") if "Path" not in event] == ["ApiFunction"]


@pytest.mark.parametrize(("name", "event"), events("HttpApi"))
def test_a_function_times_out_before_the_api(name, event):
    # The functions parse SAM's default, 2.0.
    assert "PayloadFormatVersion" not in event
    assert FUNCTIONS[name]["Timeout"] * 1000 < event.get("TimeoutInMillis", 30_000) <= 30_000


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_exactly_the_variables_that_it_needs(name, monkeypatch):
    asked = []
    monkeypatch.setattr(Settings, "read", lambda _, *needs: asked.extend(needs) or pytest.skip.Exception)
    module = "speech_stream.__main__" if name == "SpeechStreamFunction" else file_name(name)
    source = importlib.import_module(f"herald.functions.{module}")
    with suppress(Exception):  # the fake settings are unusable
        source.main() if name == "SpeechStreamFunction" else source.handler.create()
    needed = {Settings.model_fields[field].alias for fields in asked for field in fields}
    own = {variable for variable in VARIABLES[name] if variable.startswith("HERALD_")}
    assert own - COMMON_VARIABLES.keys() - {"HERALD_RELEASE"} == needed - COMMON_VARIABLES.keys()


def test_defaults_are_valid_settings():
    given = {name: str(with_default_parameters(value)) for name, value in ALL_VARIABLES.items()}
    settings = Settings.read(
        given, *([field] for field in Settings.model_fields if Settings.model_fields[field].alias in given)
    )
    assert (settings.default_voice, settings.max_characters) == ("en_US-heart", 4_096)
    assert settings.max_characters < settings.longform_characters < settings.max_job_characters
    assert (settings.gpu, settings.gpu_queue, settings.gpu_endpoint) == (False, "", "")
    # Base64 reduces the 6 MB (6,291,556 bytes) to three quarters.
    assert settings.max_answer_bytes < 6_291_556 * 3 / 4 - 10_000


def test_the_snapshot_is_a_parameter_and_the_architecture_is_that_of_the_build():
    speech = FUNCTIONS["SpeechFunction"]
    assert speech["SnapStart"]["ApplyOn"] == {"If": ["UseSnapStart", "PublishedVersions", "None"]}
    assert PARAMETERS["KeepWarm"]["Default"] == "off", "a snapshot is expensive with little traffic"
    assert speech["VersionDeletionPolicy"] == "Delete", "each version's snapshot is billed"
    assert speech["AutoPublishAlias"] == "live"
    assert TEMPLATE["Globals"]["Function"]["Architectures"] == [{"FindInMap": ["Build", "Architecture", "Name"]}]
    for layer in of_type("AWS::Serverless::LayerVersion").values():
        assert layer["CompatibleArchitectures"] == [{"FindInMap": ["Build", "Architecture", "Name"]}]


def test_every_parameter_is_described_and_used():
    text = (ROOT / "template.yaml").read_text()
    for name, parameter in PARAMETERS.items():
        assert parameter["Description"].endswith(".")
        assert "Default" in parameter
        assert re.search(rf"!Ref {name}\b|\$\{{{name}\}}", text), name


def test_parameters_are_limited_and_grouped():
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(PARAMETERS)
    assert len(PARAMETERS) <= 32


@pytest.mark.parametrize("name", ["voice=a,b", "a", "=b", "a=b;c=d", "a=b,"])
def test_invalid_aliases_are_rejected(name):
    assert not re.fullmatch(PARAMETERS["VoiceAliases"]["AllowedPattern"], name)
    assert re.fullmatch(PARAMETERS["VoiceAliases"]["AllowedPattern"], "nova=en_US-amy-medium,a=b:p1")
