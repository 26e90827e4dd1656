"""Optional programs used by tests; their abilities are detected by running them.

Tests that need a missing ability are skipped with a reason that names the program. With HERALD_REQUIRE_PROGRAMS=1, for
machines that should have everything, they fail instead.
"""

import io
import os
import re
import shutil
import subprocess
import tempfile
from functools import cache

import numpy as np
import pytest
import soundfile

from herald.speech.audio.formats import FORMATS

SECONDS_TO_ANSWER = 20
TONE_RATE = 8_000
"""Hz; supported by every format."""
TONE_SECONDS = 0.5
DELAY = 0.2
"""Seconds of silence that a codec may add to the tone."""
RAW_FOR_FFMPEG = {"pcm": "s16le", "ulaw": "mulaw", "alaw": "alaw"}
RAW_FOR_SOX = {"pcm": ("signed-integer", "16"), "ulaw": ("u-law", "8"), "alaw": ("a-law", "8")}

_HARMLESS = re.compile(r"Guessed Channel Layout|Estimating duration from bitrate|^\s*$")
"""What ffmpeg remarks on correct files: that raw audio does not state its channels, and a stream not its length."""

_HARMLESS_OF_A_STREAM = re.compile(
    f"{_HARMLESS.pattern}|Ignoring maximum wav data size|corrupt input packet|Packet corrupt"
)
"""What ffmpeg 5 remarks besides on a WAV stream, whose last packet is shorter than the length in its header."""


def missing(reason):
    """Skip the test with a reason, or fail it if all programs are required."""
    message = f"NOT CHECKED: {reason}"
    if os.environ.get("HERALD_REQUIRE_PROGRAMS"):
        pytest.fail(message)
    pytest.skip(message)


def need_version(program, *least):
    """Skip unless a program runs and has at least this version."""
    if reason := _why_too_old(program, least, os.environ.get("PATH")):
        missing(reason)


def need_node_package(folder, name):
    """Skip unless Node.js can load a package from a folder."""
    need_version("node", 20)
    script = f'require("node:module").createRequire({str(folder / "package.json")!r})({name!r})'
    if reason := _failure(["node", "-e", script]):
        missing(f"node cannot load the package {name} from {folder} ({reason}); 'make .tools/node/ready' installs it")


def need_decoder(program, name):
    """Skip unless ffmpeg, sox or mpg123 can decode an audio format."""
    if reason := _why_not_decoded(program, name, os.environ.get("PATH")):
        missing(reason)


def seconds_heard(program, content, name, rate):
    """Return the seconds of audio that a program decodes from a file."""
    done = _decode(program, content, name, rate)
    assert done.returncode == 0, f"{program} cannot read this {name}: {done.stderr.decode(errors='replace')}"
    said = done.stderr.decode(errors="replace")
    harmless = _HARMLESS_OF_A_STREAM if "Ignoring maximum wav data size" in said else _HARMLESS
    complaints = [line for line in said.splitlines() if not harmless.search(line)]
    assert not complaints, f"{program} on this {name}: {complaints}"
    return len(done.stdout) / 2 / rate


# The result depends on PATH, which is therefore part of the cache key.
@cache
def _why_too_old(program, least, _path):
    wanted = ".".join(map(str, least))
    try:
        done = _run([program, "--version"])
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{program} {wanted} or newer is needed here, and cannot be run ({type(error).__name__})"
    found = re.search(rb"\d+(\.\d+)+", done.stdout)
    if done.returncode or not found or tuple(map(int, found[0].split(b".")))[: len(least)] < least:
        return f"{program} {wanted} or newer is required; this one reports {_first_line(done.stdout or done.stderr)!r}"
    return None


@cache
def _why_not_decoded(program, name, _path):
    """Return why a program cannot decode a valid file, or None if it can."""
    if not shutil.which(program):
        return f"{program} is not installed"
    try:
        done = _decode(program, _tone(name), name, TONE_RATE)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{program} cannot be run ({type(error).__name__})"
    if done.returncode:
        return f"this {program} cannot read {name} ({_first_line(done.stderr)})"
    seconds = len(done.stdout) / 2 / TONE_RATE
    if abs(seconds - TONE_SECONDS) > DELAY:
        return f"this {program} reads {seconds:.2f} s of {name} from a file of {TONE_SECONDS} s"
    return None


def _tone(name):
    """Return a file encoded with libsndfile, so that defects of Herald's own files do not cause skips."""
    made = FORMATS[name]
    samples = 0.3 * np.sin(2 * np.pi * 440 * np.arange(int(TONE_SECONDS * TONE_RATE)) / TONE_RATE)
    file = io.BytesIO()
    soundfile.write(file, samples, TONE_RATE, format=made.container, subtype=made.coding)
    return file.getvalue()


def _decode(program, content, name, rate):
    if program == "ffmpeg":
        # A file, not a pipe: ffmpeg 5 takes any MP3 from a pipe for concatenated, and does not cut its end.
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            return _run(_by_ffmpeg(name, str(rate), file.name))
    command = {"sox": _by_sox, "mpg123": _by_mpg123}[program](name, str(rate))
    return _run(command, input=content)


def _by_ffmpeg(name, rate, path):
    demuxer = RAW_FOR_FFMPEG.get(name) or {"opus": "ogg"}.get(name, name.partition("_")[0])
    raw = ["-ar", rate, "-ac", "1"] if name in RAW_FOR_FFMPEG else []
    return ["ffmpeg", "-v", "warning", "-f", demuxer, *raw, "-i", path, "-ar", rate, "-ac", "1", "-f", "s16le", "-"]


def _by_mpg123(name, rate):
    return ["mpg123", "--quiet", "--encoding", "s16", "--rate", rate, "--mono", "--stdout", "-"]


def _by_sox(name, rate):
    given = ["--ignore-length", "-t", name.partition("_")[0]]
    if name in RAW_FOR_SOX:
        coding, bits = RAW_FOR_SOX[name]
        given = ["-t", "raw", "-r", rate, "-c", "1", "-e", coding, "-b", bits]
    return ["sox", "-V1", *given, "-", "-t", "raw", "-r", rate, "-e", "signed-integer", "-b", "16", "-c", "1", "-"]


def _failure(command):
    """Return the first line of a command's error, or None if it succeeds."""
    try:
        done = _run(command)
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    return _first_line(done.stderr) or f"status {done.returncode}" if done.returncode else None


def _run(command, **settings):
    return subprocess.run(command, capture_output=True, timeout=SECONDS_TO_ANSWER, check=False, **settings)


def _first_line(output):
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[0] if lines else ""
