"""Record the AWS calls of Python processes with this folder on their path. See local.calls."""

from pathlib import Path
from runpy import run_path

run_path(str(Path(__file__).parents[1] / "calls.py"), run_name="calls")
