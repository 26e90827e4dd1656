"""What `sam deploy` uploads to the emulator is not compressed."""

import os
import subprocess
import zipfile

from local import ROOT
from local.deploy import sam_environment
from tests.support.programs import missing

PYTHON = ROOT / ".tools" / "sam" / "bin" / "python"
PACK = "import sys; from samcli.lib.package.utils import make_zip_with_lambda_permissions as pack; pack(*sys.argv[1:])"


def test_the_sam_cli_stores_files_as_they_are(tmp_path):
    if not PYTHON.exists():
        missing("the SAM CLI is not installed; 'make .tools/sam/ready' installs it")
    folder = tmp_path / "function"
    folder.mkdir()
    (folder / "handler.py").write_bytes(b"x = 1\n" * 10_000)
    environment = os.environ | sam_environment("http://127.0.0.1:1", tmp_path)
    subprocess.run([PYTHON, "-c", PACK, tmp_path / "packed", folder], env=environment, check=True)
    with zipfile.ZipFile(tmp_path / "packed.zip") as packed:
        [file] = packed.infolist()
        assert file.compress_size >= file.file_size == 60_000
        assert packed.testzip() is None
