"""The code of "Copy as": it runs as pasted, whatever the text contains."""

import io
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import soundfile

from tests.support.programs import need_version

TEXTS = {
    "plain": "Please bring $20.",
    "ssml": '<speak>Hello <break time="300ms"/> "you" &amp; it\'s me.</speak>',
    "hostile": '-x It\'s "quoted", `id` $(id) $HOME ${PATH} \\n %s {0} !! 50 % ünïcode 🎉\nsecond line </pre>',
}
FILES = {"mp3": "speech.mp3", "wav_ulaw": "speech.wav"}
NEEDED = {"curl": ("curl", 7), "JavaScript": ("node", 20)}
COMMANDS = {
    "curl": ["bash", "-e"],
    "Command line": ["bash", "-e"],
    "Python": [sys.executable, "-"],
    "boto3 (Polly)": [sys.executable, "-"],
    "JavaScript": ["node", "--input-type=module", "-"],
}


def run(code, command, folder, key):
    """Run code that was copied, in an environment with nothing but a key; return what it printed."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "HERALD_KEY": key,
        "NO_PROXY": "127.0.0.1",
        "HOME": str(folder),
    }
    given = {"input": code.encode(), "env": environment, "cwd": folder}
    done = subprocess.run(command, **given, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def copied(page):
    """Return the code that is shown, by the name of its program."""
    page.get_by_text("Copy as", exact=True).click()
    shown = {}
    for option in page.locator(".copy-as label").all():
        option.click()
        shown[option.inner_text()] = page.locator(".copy-as pre").text_content()
    return shown


@pytest.fixture
def snippets(visit, site):
    """Return the code that the page shows for a text."""

    def read(text, response_format, speed="1"):
        page = visit().open(site.url)
        page.get_by_label("Text").fill(text)
        page.get_by_label("File").select_option(response_format)
        page.get_by_label("Speed").fill(speed)
        return copied(page)

    return read


@pytest.mark.parametrize(
    "asked",
    [("plain", "mp3", "1"), ("ssml", "mp3", "1"), ("hostile", "mp3", "1"), ("hostile", "wav_ulaw", "1.5")],
    ids=" ".join,
)
def test_every_snippet_makes_the_same_file(snippets, site, tmp_path, asked):
    text, response_format, speed = asked
    shown = snippets(TEXTS[text], response_format, speed)
    body = {"input": TEXTS[text], "voice": "en_US-heart", "response_format": response_format, "speed": float(speed)}
    headers = {"Authorization": f"Bearer {site.key}"}
    made = httpx.post(f"{site.url}/v1/audio/speech", json=body, headers=headers, trust_env=False, timeout=60)
    assert made.status_code == 200
    assert set(COMMANDS) - set(shown) == (set() if response_format == "mp3" else {"boto3 (Polly)"})
    for name, code in shown.items():
        if name in NEEDED:
            need_version(*NEEDED[name])
        assert site.key not in code
        folder = tmp_path / name
        folder.mkdir()
        run(code, COMMANDS[name], folder, site.key)
        content = (folder / FILES[response_format]).read_bytes()
        if name == "boto3 (Polly)":  # which has another default sample rate
            content, expected = (
                soundfile.info(io.BytesIO(content)).duration,
                soundfile.info(io.BytesIO(made.content)).duration,
            )
            assert content == pytest.approx(expected, abs=0.2)
        else:
            assert content == made.content, name


def test_the_code_is_copied(visit, site):
    one = visit(permissions=["clipboard-read", "clipboard-write"])
    page = one.open(site.url)
    page.get_by_text("Copy as", exact=True).click()
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator(".copy-as pre").text_content()
    one.accessible()
