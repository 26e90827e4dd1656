"""What is built for the functions holds what they import, and little else."""

import zipfile
from io import BytesIO

import pytest

from local.deploy import BUILD

pytestmark = pytest.mark.stack  # it needs the build
MOST_BYTES = 300_000


@pytest.fixture(scope="module")
def package():
    return BUILD / "ApiFunction"


def test_our_own_sources_are_small(package):
    zipped = BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for path in package.rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                file.write(path, path.relative_to(package))
    assert len(zipped.getvalue()) < MOST_BYTES


@pytest.mark.parametrize("left_out", ["cli", "speech/prepare"])
def test_what_no_function_imports_is_left_out(package, left_out):
    assert (package / "herald" / "handlers" / "api.py").exists()
    assert not (package / "herald" / left_out).exists()


def test_modules_are_compiled(package):
    sources = [path for path in package.rglob("*.py") if path.stat().st_size]
    assert sources
    assert all(list((path.parent / "__pycache__").glob(f"{path.stem}.*.pyc")) for path in sources)
