"""Every shell and Python block of the pages runs, or says why not."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.snippets import REASONS, ROOT, SNIPPETS
from tests.local.tools import key_of

SECONDS = 240
"""Most time for all blocks of a page."""
FEWER = {"appointments.py 5000": "appointments.py 20"}
"""What is replaced, so that a page's campaign takes seconds."""
TEXTS = ("letter.md", "one.txt", "two.txt", "news.txt", "lines.txt", "book.txt", "notes.txt")
"""Files that pages speak, with made-up contents."""
ALL = [snippet for found in SNIPPETS.values() for snippet in found]
RUN = {page: run for page, found in SNIPPETS.items() if (run := [one for one in found if not one.reason])}


def named(snippet):
    return f"{snippet.page}:{snippet.line}"


@pytest.mark.parametrize("snippet", ALL, ids=named)
def test_it_is_valid(snippet):
    """This also holds for blocks that are not run."""
    if snippet.is_shell:
        checked = subprocess.run(["bash", "-n"], input=snippet.code, text=True, capture_output=True, check=False)
        assert checked.stderr == ""
    else:
        ast.parse(snippet.code)


def test_reasons_not_to_run_are_known():
    assert {one.reason for one in ALL if one.reason} <= set(REASONS)
    assert len([one for one in ALL if one.reason and one.reason != "needs AWS"]) <= 12
    assert len([one for one in ALL if not one.reason]) >= 20


@pytest.fixture
def folder(stack, tmp_path):
    """A folder like the root of the repository after `make run`, with a tenant that shares no file with other tests."""
    (tmp_path / ".local").mkdir()
    record = json.loads((ROOT / ".local" / "test" / "stack.json").read_text())
    record["api_key"] = key_of(stack, tenant="pages", tier="vip")
    (tmp_path / ".local" / "stack.json").write_text(json.dumps(record))
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "herald").symlink_to(shutil.which("herald"))
    for name in TEXTS:
        (tmp_path / name).write_text("The first line.\nThe second line.\n")
    (tmp_path / "words.csv").write_text("word,alias,ipa\nnginx,engine x,\n")
    players = tmp_path / "players"
    players.mkdir()
    for name in ("ffplay", "aplay", "paplay"):  # a machine that runs tests has no loudspeaker
        player = players / name
        player.write_text("#!/bin/sh\nexec cat >/dev/null\n")
        player.chmod(0o755)
    return tmp_path


@pytest.fixture
def environment(folder):
    """An environment without settings of Herald or AWS: each page has to say how it gets them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HERALD_", "AWS_"))}
    path = f"{folder / 'players'}:{Path(sys.executable).parent}:{kept['PATH']}"
    return kept | {"PATH": path, "no_proxy": "127.0.0.1", "XDG_CONFIG_HOME": str(folder / "config")}


def run(program, code, folder, environment):
    """Run code in a folder; fail with its output unless it succeeds."""
    for shown, instead in FEWER.items():
        code = code.replace(shown, instead)
    ended = subprocess.run(
        program, input=code, text=True, capture_output=True, cwd=folder, env=environment, timeout=SECONDS, check=False
    )
    assert ended.returncode == 0, f"{code}\n--- printed:\n{ended.stdout[-3000:]}\n--- errors:\n{ended.stderr[-3000:]}"
    return ended.stdout


@pytest.mark.parametrize("page", RUN)
def test_the_blocks_of_a_page_run(page, folder, environment):
    """The shell blocks of a page are one session, since later ones use what earlier ones set."""
    if shutil.which("jq") is None and any("jq " in one.code for one in RUN[page]):
        pytest.skip("NOT CHECKED: jq is not installed")
    shell = "\n".join(one.code for one in RUN[page] if one.is_shell)
    if shell:
        # curl shall fail where a reader would see an error.
        run(
            ["bash", "-euo", "pipefail"],
            'curl() { command curl --fail-with-body -sS "$@"; }\n' + shell,
            folder,
            environment,
        )
    for one in RUN[page]:
        if not one.is_shell:
            settings = json.loads(run(["herald", "env", "--json"], "", folder, environment))
            run([sys.executable, "-"], one.code, folder, environment | settings)
