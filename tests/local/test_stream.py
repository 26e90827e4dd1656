"""The streaming function runs as deployed, and as by the Lambda Web Adapter."""

from local import stream

FUNCTION = {
    "FunctionName": "herald-SpeechStream",
    "Handler": "herald/functions/speech_stream/start",
    "MemorySize": 3008,
    "Environment": {
        "Variables": {
            "AWS_LWA_READINESS_CHECK_PATH": "/health",
            "PORT": "8080",
            "HERALD_STREAM_AUTH": "NONE",
            "PATH": "/nowhere",
        }
    },
}


def program(folder):
    return stream.stream_program(FUNCTION, folder, "http://127.0.0.1:4566", 1234)


def test_its_own_start_script_is_run(tmp_path):
    found = program(tmp_path)
    assert found.command == [str(tmp_path / "SpeechStreamFunction" / FUNCTION["Handler"])]
    assert found.health == "/health"


def test_its_environment_is_that_of_the_deployment(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "personal")
    environment = program(tmp_path).environment
    assert environment["HERALD_STREAM_AUTH"] == "NONE"
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "3008"
    assert environment["PORT"] == "1234"
    assert environment["PATH"].endswith("/bin")
    assert "AWS_PROFILE" not in environment


def test_its_layers_are_on_the_search_paths(tmp_path):
    environment = program(tmp_path).environment
    assert f"{tmp_path}/WebLayer/python" in environment["PYTHONPATH"].split(":")
    assert f"{tmp_path}/VoiceLayer" in environment["_LAMBDA_LAYERS_DIRS"].split(":")


def test_it_does_not_change_with_the_next_build(tmp_path, monkeypatch):
    build = tmp_path / "build"
    for name in (stream.CODE, *stream.LAYERS):
        (build / name).mkdir(parents=True)
        (build / name / "file").write_text("one")
    monkeypatch.setattr(stream, "BUILD", build)
    stream._take(tmp_path / "taken")
    for name in (stream.CODE, *stream.LAYERS):
        (build / name / "file").unlink()
        (build / name / "file").write_text("two")
    assert {file.read_text() for file in (tmp_path / "taken").rglob("file")} == {"one"}
