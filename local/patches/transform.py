"""CloudFormation's SAM transform."""

import sys

from local import ROOT


def borrow_the_sam_translator() -> None:
    """Use the SAM translator, which ministack lacks, from the SAM CLI's environment.

    It is not installed with ministack, because functions run on ministack's Python: its dependencies, such as pydantic,
    would conceal that a layer lacks them.
    """
    sys.path += [str(folder) for folder in (ROOT / ".tools" / "sam" / "lib").glob("python*/site-packages")]
