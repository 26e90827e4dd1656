"""Optional programs that are missing, broken, old, or that lie skip a test, and never fail it."""

import pytest

from herald.speech.audio.formats import FORMATS
from tests.support import programs
from tests.support.programs import need_decoder, need_node_package, need_version, seconds_heard

READS_TONE = f"head -c {int(programs.TONE_SECONDS * programs.TONE_RATE * 2)} /dev/zero"
BROKEN = {
    "fails": "echo 'no handler for detected file type mp3' >&2; exit 2",
    "fails in silence": "exit 1",
    "lists the format and cannot read it": "case $* in *-help*) echo 'AUDIO FILE FORMATS: mp3';; *) exit 2;; esac",
    "succeeds and reads nothing": "exit 0",
    "reads too much": f"{READS_TONE}; {READS_TONE}; {READS_TONE}",
    "is killed": "kill -9 $$",
    "needs a library": "exec /bin/sh -c 'echo error while loading shared libraries: libx.so.3 >&2; exit 127'",
    "hangs": "exec sleep 60",
}


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Write a program that is found before any other of its name."""
    monkeypatch.delenv("HERALD_REQUIRE_PROGRAMS", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(programs, "SECONDS_TO_ANSWER", 1)

    def write(name, script, interpreter="/bin/sh"):
        file = tmp_path / name
        file.write_text(f"#!{interpreter}\n{script}\n")
        file.chmod(0o755)
        return file

    return write


@pytest.mark.parametrize("name", ["sox", "ffmpeg"])
@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN)
def test_a_program_that_does_not_decode_is_a_loud_skip(program, name, script):
    program(name, f"cat >/dev/null 2>&1 </dev/stdin & {script}")
    with pytest.raises(pytest.skip.Exception, match=f"^NOT CHECKED: .*{name}"):
        need_decoder(name, "mp3")


def test_the_reason_holds_what_the_program_said(program):
    program("sox", BROKEN["fails"])
    with pytest.raises(pytest.skip.Exception, match=r"this sox cannot read mp3 \(no handler for detected file type"):
        need_decoder("sox", "mp3")


def test_a_program_that_is_not_there_is_a_loud_skip(tmp_path, monkeypatch):
    monkeypatch.delenv("HERALD_REQUIRE_PROGRAMS", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pytest.skip.Exception, match="NOT CHECKED: sox is not installed"):
        need_decoder("sox", "wav")
    with pytest.raises(pytest.skip.Exception, match=r"curl 7 or newer is needed here, and cannot be run"):
        need_version("curl", 7)


def test_a_program_whose_interpreter_is_missing_is_a_loud_skip(program, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))  # otherwise a sox of this machine would be run instead
    program("sox", "exit 0", interpreter="/no/such/shell")
    with pytest.raises(pytest.skip.Exception, match="sox cannot be run"):
        need_decoder("sox", "wav")


def test_a_file_that_is_not_executable_is_a_loud_skip(program, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    program("curl", "echo curl 8.1.2").chmod(0o644)
    with pytest.raises(pytest.skip.Exception, match="curl 7 or newer"):
        need_version("curl", 7)


def test_an_old_program_is_a_loud_skip(program):
    program("curl", "echo 'curl 7.58.0 (x86_64) libcurl/7.58.0'")
    with pytest.raises(
        pytest.skip.Exception, match=r"curl 7\.70 or newer is required; this one reports 'curl 7\.58\.0"
    ):
        need_version("curl", 7, 70)


@pytest.mark.parametrize("version", ["curl 7.70.0 (x86_64)", "curl 8.1", "curl 10.0.0-DEV"])
def test_new_enough_is_no_skip(program, version):
    program("curl", f"echo '{version}'")
    need_version("curl", 7, 70)


@pytest.mark.parametrize("script", ["exit 1", "echo hello", "echo v12.22.9", "echo v18.1.0; exit 1"])
def test_an_unfit_node_is_a_loud_skip(program, tmp_path, script):
    program("node", script)
    with pytest.raises(pytest.skip.Exception, match="node 20 or newer is required"):
        need_node_package(tmp_path, "openai")


def test_a_package_that_node_does_not_load_is_a_loud_skip(program, tmp_path):
    program("node", "case $1 in --version) echo v22.1.0;; *) echo 'Cannot find module' >&2; exit 1;; esac")
    with pytest.raises(pytest.skip.Exception, match=r"cannot load the package openai .*Cannot find module"):
        need_node_package(tmp_path, "openai")


def test_where_all_programs_are_required_a_missing_one_fails(program, monkeypatch):
    program("sox", BROKEN["fails"])
    monkeypatch.setenv("HERALD_REQUIRE_PROGRAMS", "1")
    with pytest.raises(pytest.fail.Exception, match="NOT CHECKED: this sox cannot read mp3"):
        need_decoder("sox", "mp3")


def test_a_program_that_reads_the_tone_is_used_and_its_failure_is_a_failure(program):
    program("sox", f"cat >/dev/null; {READS_TONE}")
    need_decoder("sox", "mp3")
    assert seconds_heard("sox", b"", "mp3", programs.TONE_RATE) == programs.TONE_SECONDS
    program("sox", "exit 1")
    with pytest.raises(AssertionError, match="sox cannot read this mp3"):
        seconds_heard("sox", b"", "mp3", programs.TONE_RATE)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("program_name", ["ffmpeg", "sox"])
def test_each_format_is_decided_on_this_machine(program_name, name):
    """Whatever is installed here: an answer, and never an exception."""
    reason = programs._why_not_decoded(program_name, name, "this machine")
    assert reason is None or program_name in reason


def test_the_probe_files_are_good():
    assert all(programs._tone(name) for name in FORMATS)
