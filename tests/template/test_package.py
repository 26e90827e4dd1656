"""The functions' packages contain their imports and little else."""

import ast
import gzip
import zipfile
from io import BytesIO

import pytest

from local.deploy import BUILD

pytestmark = pytest.mark.stack  # needs the build
MOST_BYTES = 1_100_000
"""The reading of texts takes two fifths."""
VIEWER = "herald/web/scalar.js.gz"
MOST_VIEWER_BYTES = 1_450_000


@pytest.fixture(scope="module")
def package():
    folder = BUILD / "ApiFunction"
    assert (folder / "herald" / "functions" / "api.py").exists(), (
        "Nothing was built. Run: make .local/build/template.yaml"
    )
    return folder


def test_the_sources_are_small(package):
    zipped = BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for path in package.rglob("*"):
            if path.is_file() and path.suffix != ".pyc" and path != package / VIEWER:
                file.write(path, path.relative_to(package))
    assert len(zipped.getvalue()) < MOST_BYTES


def test_the_viewer_is_in_the_function_that_serves_it_only(package):
    assert 1_000_000 < (package / VIEWER).stat().st_size < MOST_VIEWER_BYTES
    notice, _, program = gzip.decompress((package / VIEWER).read_bytes()).partition(b"*/")
    assert b"Copyright (c) 2023-present Scalar" in notice
    assert b"createApiReference" in program
    assert [one.parents[2] for one in BUILD.glob(f"*/{VIEWER}")] == [package]


@pytest.mark.parametrize(
    "left_out",
    [
        "cli",
        "disclosure",
        "enrolment/checking.py",
        "speech/prepare",
        "speech/recordings",
        "auth/keyring.py",
        "speech/voices/install.py",
    ],
)
def test_modules_that_no_function_imports_are_excluded(package, left_out):
    assert not (package / "herald" / left_out).exists()


def test_imports_of_modules_are_included(package):
    sources = {path: path.read_text() for path in (package / "herald").rglob("*.py")}
    imported = {
        node.module
        for source in sources.values()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("herald.")
    }
    files = {name: package / name.replace(".", "/") for name in imported}
    missing = {name for name, path in files.items() if not path.is_dir() and path.with_suffix(".py") not in sources}
    assert missing == {"herald.speech.prepare"}  # used only for voices that the build did not prepare


def test_modules_are_compiled(package):
    sources = [path for path in package.rglob("*.py") if path.stat().st_size]
    assert sources
    assert all(list((path.parent / "__pycache__").glob(f"{path.stem}.*.pyc")) for path in sources)
