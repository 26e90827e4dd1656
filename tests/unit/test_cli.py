"""The command: speaks, lists, prepares, and says what is wrong."""

import io
import json
import os
import re
import sys

import click
import pytest
import soundfile

from herald.cli import main
from tests.unit.conftest import TINY


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setattr("herald.speech.prepare._cache", lambda: tmp_path / "cache")
    monkeypatch.setattr("herald.speech.voices.catalog.user_folder", lambda: tmp_path / "user")


@pytest.fixture
def tiny_folder(voices_folder):
    return str(voices_folder / "de_DE-tiny-low")


@pytest.mark.parametrize("ending", ["mp3", "opus", "flac", "wav"])
def test_say_writes_the_format_of_the_ending(tiny_folder, tmp_path, ending):
    output = tmp_path / f"hello.{ending}"
    assert main(["say", "Guten Tag.", "-v", tiny_folder, "-o", str(output)]) == 0
    assert soundfile.info(output).duration > 0.3


def test_say_reads_standard_input_and_writes_standard_output(tiny_folder, monkeypatch, capsysbinary):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Guten Tag.")))
    assert main(["say", "-v", tiny_folder, "-s", "bert", "-f", "wav_ulaw", "-o", "-"]) == 0
    written = soundfile.info(io.BytesIO(capsysbinary.readouterr().out))
    assert (written.subtype, written.samplerate) == ("ULAW", 8_000)


def test_say_reads_a_file(tiny_folder, tmp_path):
    (tmp_path / "text.txt").write_text("Grüß Gott.", encoding="utf-8")
    output = tmp_path / "out.flac"
    assert main(["say", "-i", str(tmp_path / "text.txt"), "-v", tiny_folder, "-r", "8000", "-o", str(output)]) == 0
    assert soundfile.info(output).samplerate == 8_000


def test_say_takes_a_piper_voice_as_it_is(tmp_path):
    assert main(["say", "Guten Tag.", "-v", str(TINY), "-s", "2", "-o", str(tmp_path / "a.wav")]) == 0


@pytest.mark.parametrize(
    ("ending", "beginning"),
    [("json", '[\n{"word": "Guten", '), ("srt", "1\n00:00:00,"), ("vtt", "WEBVTT\n\n00:00:00."), ("VTT", "WEBVTT\n")],
)
def test_say_writes_marks(tiny_folder, tmp_path, ending, beginning):
    marks = tmp_path / f"marks.{ending}"
    command = ["say", "Guten Tag, Jürgen.", "-v", tiny_folder, "-o", str(tmp_path / "a.wav"), "--marks", str(marks)]
    assert main(command) == 0
    assert marks.read_text(encoding="utf-8").startswith(beginning)
    assert (tmp_path / "a.wav").is_file()


def test_marks_fit_the_audio(tiny_folder, tmp_path):
    audio, marks = tmp_path / "a.wav", tmp_path / "a.json"
    assert main(["say", "Guten Tag, Jürgen.", "-v", tiny_folder, "-o", str(audio), "--marks", str(marks)]) == 0
    written = json.loads(marks.read_text(encoding="utf-8"))
    assert [one["word"] for one in written] == ["Guten", "Tag", "Jürgen"]
    assert written[-1]["end"] <= soundfile.info(audio).duration


@pytest.mark.parametrize("marks", ["a.txt", "json", "-", ""])
def test_nothing_is_spoken_where_marks_cannot_be_written(marks, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["say", "Hi.", "-o", "a.mp3", "--marks", marks]) == 1
    assert f"Cannot write marks to '{marks}'. Use one of these extensions: .json, .srt" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_voices_are_listed(capsys):
    assert main(["voices"]) == 0
    listed = capsys.readouterr().out
    assert "en_US-joe-medium" in listed
    assert "English (United States)" in listed
    assert "22050 Hz" in listed
    assert "CC0" in listed
    runs_on = {line.split()[0]: line for line in listed.splitlines()}
    assert " CPU " in runs_on["en_US-joe-medium"]
    assert " GPU, or Kokoro worker " in runs_on["kokoro"]


def test_a_voice_is_prepared(tmp_path, capsys):
    assert main(["voices", "build", str(TINY), "-o", str(tmp_path)]) == 0
    assert (tmp_path / "de_DE-tiny-low" / "voice.json").is_file()
    assert "German (Germany)" in capsys.readouterr().out


def test_a_prepared_voice_is_not_prepared_again(tiny_folder, voices_folder, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("herald.speech.voices.catalog.LAYER", voices_folder)
    assert main(["voices", "build", "de_DE-tiny-low", "-o", str(tmp_path)]) == 1
    assert f"de_DE-tiny-low is already prepared, in {tiny_folder}. Name the .onnx file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["say", "Hi.", "-v", "unknown"], "There is no voice with that name"),
        (["say", "Hi.", "-o", "a.xyz"], "is not a format"),
        (["say", "Hi.", "-f", "aac"], "aac is not supported"),
        (["say", "..."], "Nothing to speak"),
        (["say", "-i", "missing.txt"], "missing.txt: No such file"),
        (["say", "Hi.", "--speed", "9"], "speed must be from"),
        (["say", "Hi.", "-s", "anna"], "Unknown speaker"),
        (["say", "Hi.", "-o", "missing/a.mp3"], "missing/a.mp3: No such file"),
        (["voices", "build", "missing.onnx"], "both files"),
    ],
)
def test_mistakes_are_explained(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    complaint = capsys.readouterr().err
    assert message in complaint
    assert "Traceback" not in complaint


@pytest.mark.parametrize("command", [[], ["say"], ["voices"], ["voices", "build"]])
def test_every_command_has_help(command, capsys):
    assert main([*command, "--help"]) == 0
    assert "Usage: herald" in capsys.readouterr().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(shell, capsys):
    assert main(["completion", shell]) == 0
    assert "_HERALD_COMPLETE" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("herald ba", "plain,batch"), ("herald batch re", "plain,redrive"), ("herald say --sp", "plain,--speed")],
)
def test_commands_and_options_are_completed(typed, expected, monkeypatch, capsys):
    monkeypatch.setenv("_HERALD_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    assert main([]) == 0
    assert expected in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(("word", "meant"), [("says", "say"), ("job", "jobs"), ("lexicons", "lexicon")])
def test_a_similar_command_is_suggested(word, meant, capsys):
    assert main([word]) == 2
    assert f"No such command '{word}'. Did you mean '{meant}'?" in capsys.readouterr().err


def test_voices_list_lists_voices(capsys):
    for options in ([], ["--json"]):
        assert main(["voices", *options]) == 0
        expected = capsys.readouterr().out
        assert main(["voices", "list", *options]) == 0
        assert capsys.readouterr().out == expected


@pytest.mark.parametrize("words", [[], ["unknown"], ["--unknown"], ["voices", "unknown"], ["completion", "tcsh"]])
def test_a_wrong_command_line_is_status_2(words, capsys):
    assert main(words) == 2
    assert "Usage: herald" in capsys.readouterr().err


def test_the_version_is_printed(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("herald 0.")


def test_voices_are_listed_as_json(capsys):
    assert main(["voices", "--json"]) == 0
    assert "en_US-joe-medium" in [voice["id"] for voice in json.loads(capsys.readouterr().out)]


@pytest.mark.parametrize("words", [["completion", "bash"], ["voices", "--json"]], ids=["short", "long"])
def test_a_reader_that_has_gone_ends_a_command_quietly(words, monkeypatch, capsys):
    read, write = os.pipe()
    os.close(read)
    with open(write, "w") as gone:  # noqa: PTH123  a descriptor
        monkeypatch.setattr(sys, "stdout", gone)
        assert main(words) == 0
        gone.close()  # as Python does at exit: nothing is left that fails
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("words", [["completion", "bash"], ["voices", "--json"]], ids=["short", "long"])
def test_a_full_disk_is_reported(words, monkeypatch, capsys):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdout", full)
        assert main(words) == 1
        full.close()
    assert capsys.readouterr().err == "herald: output: No space left on device\n"


def test_a_closed_standard_output_is_no_error(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["completion", "bash"]) == 0
    sys.stdout.close()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("words", [["say"], ["read"], ["login", "--url", "http://127.0.0.1:1"]])
def test_a_closed_standard_input_is_empty(words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", None)
    assert main(words) == 1
    sys.stdin.close()
    assert re.fullmatch(r"herald: [^\n]+\n", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("encoding", "words", "expected"),
    [
        ("ascii", ["read", "à 5 €", "--language", "fr-FR"], "5 \\u20ac"),
        ("latin-1", ["login", "--help"], "https://\\u2026"),
        ("utf-8", ["read", "à 5 €", "--language", "fr-FR"], "5 €"),
    ],
)
def test_characters_that_a_terminal_lacks_are_escaped(encoding, words, expected, monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    assert main(words) == 0
    assert expected in written.getvalue().decode(encoding)


def test_json_is_json_in_any_encoding(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    assert main(["read", "à Orléans 😀.", "--language", "fr-FR", "--json"]) == 0
    assert json.loads(written.getvalue())["spoken"] == "à Orléans."


def test_an_interrupted_prompt_is_status_130(monkeypatch, capsys):
    def interrupted(*_, **__):
        raise click.Abort

    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr(click, "prompt", interrupted)
    assert main(["login", "--url", "http://127.0.0.1:1"]) == 130
    assert capsys.readouterr().err == "herald: interrupted\n"
