"""herald say: inputs, outputs and playback. Tests of its formats and marks are in tests/unit/test_cli.py."""

import io
import json
import re
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from herald.cli import local_speech, main
from herald.speech.pauses import Pauses
from herald.speech.voice import Voice


@pytest.fixture
def say(voices_folder, tmp_path, monkeypatch, capsys):
    """`say("Hi.")` returns the exit status, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def say(*words):
        status = main(["say", "-v", str(voices_folder / "de_DE-tiny-low"), *words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return say


@pytest.fixture
def played(monkeypatch):
    """Standard output is a terminal, and a player succeeds; returns the played files."""
    sounds = []
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True)
    monkeypatch.setattr(local_speech, "can_play", lambda: True)
    monkeypatch.setattr(local_speech, "play_wav", lambda wav: sounds.append(wav) or True)
    return sounds


def test_words_are_one_text(say, tmp_path):
    status, out, _ = say("Guten", "Tag.", "--json")
    shown = json.loads(out)
    assert (status, shown["file"], shown["characters"]) == (0, "speech.mp3", 10)
    assert soundfile.info(tmp_path / "speech.mp3").duration == pytest.approx(shown["seconds"], abs=0.1)


def test_markup_is_not_spoken(say, tmp_path):
    assert say("<b>Guten</b> Tag.", "--marks", "a.vtt", "-o", "a.mp3")[0] == 0
    assert (tmp_path / "a.vtt").read_text().splitlines()[-1] == "Guten Tag."
    assert say("Guten Tag.", "-o", "b.mp3")[0] == 0
    assert (tmp_path / "a.mp3").read_bytes() == (tmp_path / "b.mp3").read_bytes()


def test_ssml_is_spoken_and_its_subtitles_have_no_tags(say, tmp_path):
    document = '<speak>Guten <sub alias="Abend">Tag</sub> &amp; <break time="2s"/>hallo.</speak>'
    status, out, _ = say(document, "--marks", "a.srt", "-o", "a.wav", "--json")
    assert (status, json.loads(out)["characters"]) == (0, len("Guten Tag & hallo."))
    assert json.loads(out)["seconds"] > 2
    assert [line for line in (tmp_path / "a.srt").read_text().splitlines() if line[:1].isalpha()] == [
        "Guten Tag &",
        "hallo.",
    ]


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["--ssml", "Guten Tag."], 1, "Line 1, column 1: this is not XML. Begin with <speak>."),
        (["Guten <break/> Tag."], 1, "<speak>"),
        (["--text-format", "plain", "<speak>Guten Tag.</speak>"], 0, ""),
        (["--ssml", "--text-format", "plain", "Guten Tag."], 2, "--ssml excludes --text-format"),
    ],
)
def test_ssml_is_told_from_text(say, words, status, says):
    ended, _, err = say(*words)
    assert ended == status
    assert says in err


def test_pauses_make_the_file_longer(say):
    usual, longer = (
        json.loads(say("Guten Tag. Hallo.", "--json", *options)[1])["seconds"]
        for options in ([], ["--pause", "sentence=1150", "--pause", "lead-in=540"])
    )
    assert longer - usual == pytest.approx(1.5, abs=2 * 576 / 22_050)  # sentences begin at frames of MP3


def test_a_terminal_plays_the_sound(say, played, tmp_path):
    assert say("Guten Tag.")[0] == 0
    assert soundfile.info(io.BytesIO(played[0])).duration > 0.3
    assert list(tmp_path.glob("speech.*")) == []


@pytest.mark.parametrize("options", [["-o", "a.mp3"], ["--json"], ["--marks", "a.srt"], ["-f", "opus"]])
def test_a_terminal_writes_what_is_asked_for(say, played, tmp_path, options):
    assert say("Guten Tag.", *options)[0] == 0
    assert played == []
    assert [*tmp_path.glob("speech.mp3"), *tmp_path.glob("a.*")]


def test_a_sound_that_cannot_be_played_is_written(say, played, monkeypatch, tmp_path):
    monkeypatch.setattr(local_speech, "play_wav", lambda _: False)
    assert "No program could play the sound here; it is in speech.wav." in say("Guten Tag.")[2]
    assert soundfile.info(tmp_path / "speech.wav").duration > 0.3


def test_a_player_gets_a_file(monkeypatch, tmp_path):
    player = tmp_path / "aplay"
    player.write_text(f'#!/bin/sh\ncp "$2" {tmp_path}/played\n')
    player.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(local_speech, "_PLAYERS", (("missing-player",), ("false",), ("aplay", "--quiet")))
    assert local_speech.can_play()
    assert local_speech.play_wav(b"RIFF")
    assert (tmp_path / "played").read_bytes() == b"RIFF"


def test_a_player_without_a_sound_device_has_not_played(monkeypatch, tmp_path):
    """ffplay prints that it cannot open a device, and exits with 0."""
    player = tmp_path / "ffplay"
    player.write_text("#!/bin/sh\necho 'No more combinations to try, audio open failed' >&2\n")
    player.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not local_speech.play_wav(b"RIFF")
    player.write_text("#!/bin/sh\n")
    assert local_speech.play_wav(b"RIFF")


def test_an_unknown_voice_is_answered_with_those_that_speak_here(capsys):
    assert main(["say", "hi", "-v", "en_US-hart"]) == 1
    shown = capsys.readouterr().err
    assert "Did you mean en_US-heart?" in shown
    assert "nova" in shown
    assert "kokoro" not in shown


def test_each_input_has_a_file(say, tmp_path):
    (tmp_path / "one.txt").write_text("Eins.")
    (tmp_path / "two.md").write_text("# Zwei\n")
    status, out, _ = say("-i", "one.txt", "-i", "two.md", "--output-dir", "audio", "-f", "opus", "--json")
    assert status == 0
    assert [json.loads(line)["file"] for line in out.splitlines()] == ["audio/one.opus", "audio/two.opus"]
    assert sorted(path.name for path in (tmp_path / "audio").iterdir()) == ["one.opus", "two.opus"]


def test_each_line_has_a_file(say, tmp_path):
    (tmp_path / "a.txt").write_text("Eins.\n\nDrei.\n")
    assert say("-i", "a.txt", "--lines", "--output-dir", "audio")[0] == 0
    assert sorted(path.name for path in (tmp_path / "audio").iterdir()) == ["a-0001.mp3", "a-0003.mp3"]


def test_inputs_of_one_name_are_rejected(say, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text("Eins.")
    status, _, err = say("-i", "a/x.txt", "-i", "b/x.txt", "--output-dir", "audio")
    assert (status, (tmp_path / "audio").exists()) == (2, False)
    assert "Two inputs would be written to audio/x.mp3" in err


@pytest.mark.parametrize(
    "content",
    ["Grüß Gott.".encode(encoding) for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be", "utf-32")],
)
def test_common_encodings_are_read(say, tmp_path, content):
    (tmp_path / "a.txt").write_bytes(content)
    assert json.loads(say("-i", "a.txt", "--json")[1])["characters"] == 10


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04rest", "a.txt is damaged, or protected by a password"),
        (b"%PDF-1.7", "a.txt is a PDF document"),
        (b"\x7fELF\0" + b"code" * 100, "a.txt is not a text file"),
        (b"\x81\x8d", "a.txt is not text in UTF-8"),
    ],
)
def test_other_files_are_rejected_in_one_line(say, tmp_path, content, message):
    (tmp_path / "a.txt").write_bytes(content)
    status, _, err = say("-i", "a.txt")
    assert (status, err.count("\n")) == (1, 1)
    assert message in err


def test_markdown_is_read_without_its_marks(say, tmp_path):
    (tmp_path / "a.md").write_text("# Eins\n\n**Zwei** [drei](http://x.y) <b>vier</b>\nfünf\n\n- sechs\n")
    assert json.loads(say("-i", "a.md", "--json")[1])["characters"] == len("Eins\n\nZwei drei vier fünf\n\nsechs")


@pytest.mark.parametrize("code", ["```python\nEins\n```\n", "    Eins\n"], ids=["fenced", "indented"])
def test_code_in_markdown_is_a_paragraph(say, tmp_path, code):
    (tmp_path / "a.md").write_text(f"Vor\n\n{code}\nNach\n")
    assert json.loads(say("-i", "a.md", "--json")[1])["characters"] == len("Vor\n\nEins\n\nNach")


def test_the_name_of_a_file_is_hinted_at(say, tmp_path):
    (tmp_path / "notes.txt").write_text("Eins.")
    status, _, err = say("notes.txt")
    assert status == 0
    assert "for its contents use: herald say -i notes.txt" in err


def test_a_pipe_gets_a_stream_and_a_file_gets_a_complete_header(voices_folder, tmp_path):
    command = [sys.executable, "-c", "from herald.cli import main; main()", "say", "Guten Tag.", "-f", "wav", "-o", "-"]
    command += ["-v", str(voices_folder / "de_DE-tiny-low")]
    streamed = subprocess.run(command, check=True, capture_output=True).stdout
    with (tmp_path / "a.wav").open("wb") as file:
        subprocess.run(command, check=True, stdout=file)
    complete = (tmp_path / "a.wav").read_bytes()
    assert int.from_bytes(complete[4:8], "little") == len(complete) - 8
    assert int.from_bytes(streamed[4:8], "little") > len(streamed)


@pytest.mark.parametrize(
    ("name", "voice"), [("nova", "en_US-heart"), ("onyx", "en_US-heart-low"), ("en_US-heart", "en_US-heart")]
)
def test_names_of_openai_are_the_built_in_voices(name, voice, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["say", "Hi.", "-v", name, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["voice"] == voice


@pytest.mark.parametrize(
    "words",
    [
        ["-i", "a", "-i", "b"],
        ["Hi.", "--lines"],
        ["Hi.", "--output-dir", "a", "-o", "b"],
        ["Hi.", "--output-dir", "a", "--marks", "b.srt"],
        ["Hi.", "--play", "-f", "wav"],
        ["Hi.", "--json", "-o", "-"],
        ["Hi.", "-i", "a"],
        ["-i", "-", "-i", "-", "--output-dir", "a"],
        ["Hi.", "--speed", "fast"],
        ["Hi.", "--unknown"],
    ],
)
def test_a_wrong_command_line_is_status_2(say, words):
    status, _, err = say(*words)
    assert status == 2
    assert "Usage: herald say" in err


@pytest.mark.parametrize("words", [["-"], ["-i", "-"], []])
def test_standard_input_may_be_a_document(say, monkeypatch, tmp_path, words):
    page = b"<html><body><p>Guten Tag.</p></body></html>"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(page)))
    assert say(*words, "-o", "a.wav")[0] == 0
    assert say("Guten Tag.", "-o", "b.wav")[0] == 0
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_a_terminal_is_asked_for_the_text(say, monkeypatch):
    typed = io.TextIOWrapper(io.BytesIO(b"Guten Tag."))
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", typed)
    status, out, err = say("--json")
    assert (status, err) == (0, "Type the text, then press Ctrl-D.\n")
    assert json.loads(out)["characters"] == len("Guten Tag.")


@pytest.mark.usefixtures("terminal")
def test_a_terminal_sees_the_progress_of_a_long_text_and_the_file(say, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert say("Hallo.", "-o", "a.mp3")[2].startswith("a.mp3: 0.")
    status, _, err = say("Guten Tag. " * 100, "-o", "b.mp3")
    lines = [line for line in re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", err)) if line]
    assert status == 0
    assert re.fullmatch(r"b\.mp3: \d+\.\d s", lines[-1])
    parts = [int(part[1]) for line in lines if (part := re.search(r" (\d+)% [\d,]+ s of audio", line))]
    assert parts == sorted(parts)
    assert (len(parts) > 1, parts[-1]) == (True, 100)


def test_marks_are_written_beside_standard_output(voices_folder, tmp_path, monkeypatch, capsysbinary):
    monkeypatch.chdir(tmp_path)
    words = ["say", "Guten Tag.", "-v", str(voices_folder / "de_DE-tiny-low"), "-f", "wav", "-o", "-"]
    assert main([*words, "--marks", "a.json"]) == 0
    data = capsysbinary.readouterr().out
    assert int.from_bytes(data[4:8], "little") == len(data) - 8  # complete, because marks need all of it
    marks = json.loads((tmp_path / "a.json").read_text())
    assert [one["word"] for one in marks] == ["Guten", "Tag"]
    assert marks[-1]["end"] <= soundfile.info(io.BytesIO(data)).duration


def test_ssml_is_streamed(voices_folder, capsysbinary):
    words = ["say", "-v", str(voices_folder / "de_DE-tiny-low"), "-f", "wav_ulaw", "-o", "-"]
    seconds = []
    for pause in ("", "<break time='2s'/>"):
        assert (
            main([*words, f"<speak>{'Guten Tag, und bis bald, in einem anderen Land. ' * 24}{pause}Hallo.</speak>"])
            == 0
        )
        seconds.append(soundfile.info(io.BytesIO(capsysbinary.readouterr().out)).duration)
    assert seconds[1] - seconds[0] > 1.5


@pytest.mark.parametrize("text", ["...", "<speak>...</speak>"])
def test_nothing_to_speak_is_reported_before_a_stream_begins(say, text):
    status, out, err = say(text, "-o", "-")
    assert (status, out) == (1, "")
    assert "Nothing to speak" in err


def test_a_part_of_a_stream_without_sound_is_omitted(voices_folder, capsysbinary):
    sentence = "Am 3. Mai kommt Dr. Meier mit dem Zug um 10:30 Uhr in Berlin an und bringt die Unterlagen mit."
    words = ["say", "-v", str(voices_folder / "de_DE-tiny-low"), "-f", "wav_ulaw", "-o", "-"]
    seconds = []
    for text in (sentence, f"{sentence}\n\n" + "+. " * 400):
        assert main([*words, text]) == 0
        seconds.append(soundfile.info(io.BytesIO(capsysbinary.readouterr().out)).duration)
    assert seconds[1] == pytest.approx(seconds[0], abs=0.1)


@pytest.mark.parametrize("between", [". ", ".\n\n", "\n\n"])
def test_a_long_text_is_streamed_in_two_parts_with_the_same_sound(voices_folder, between):
    sentence = "Am 3. Mai kommt Dr. Meier mit dem Zug um 10:30 Uhr in Berlin an und bringt die Unterlagen mit"
    text = between.join([sentence] * 12)
    speech = local_speech.LocalSpeech.load(
        str(voices_folder / "de_DE-tiny-low"),
        speaker=None,
        speed=1.0,
        pauses=Pauses(),
        format_name="wav",
        sample_rate=None,
    )
    parts = speech.voice.divide(text, speech.pauses)
    assert len(parts[0][0]) < 200
    assert len(parts) == 2
    streamed = np.concatenate([chunk.samples for chunk in speech._streamed(parts, "plain")])
    np.testing.assert_allclose(streamed, speech.voice.synthesize(text).samples, atol=1e-4)


def test_a_short_text_is_streamed_at_once(voices_folder):
    voice = Voice.load(str(voices_folder / "de_DE-tiny-low"))
    assert voice.divide("Guten Tag.", Pauses()) == [("Guten Tag.", Pauses())]


def test_a_stream_imports_nothing_that_it_does_not_use(voices_folder):
    slow = {"herald.speech.marks", "html", "httpx", "lzma", "pydantic", "rich"}
    words = ["say", "Guten Tag.", "-v", str(voices_folder / "de_DE-tiny-low"), "-f", "wav", "-o", "-"]
    code = f"import sys, herald.cli; herald.cli.main({words!r}); sys.exit(str(set(sys.modules) & {slow!r} or 0))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.stderr, done.returncode) == (b"0\n", 1)
    assert done.stdout.startswith(b"RIFF")
