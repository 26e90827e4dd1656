"""Run a script of this folder, which uses a JavaScript package, with Node.js."""

import json
import shutil
import subprocess
from pathlib import Path

from local import ROOT
from tests.clients.conftest import BARE
from tests.support.programs import need_node_package

FOLDER = ROOT / ".tools" / "node"


def run_node(script, packages, asked):
    """Return what a script writes for the JSON value `asked`; skip the test without its packages."""
    for package in packages:
        need_node_package(FOLDER, package)
    done = subprocess.run(
        ["node", str(Path(__file__).with_name(script))],
        input=json.dumps({"folder": str(FOLDER), **asked}),
        env=BARE,
        executable=shutil.which("node"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
