"""CloudFormation's SAM transform."""

import sys

from local import ROOT


def borrow_the_sam_translator() -> None:
    """Find SAM's translator, which ministack leaves out, in the SAM CLI's environment.

    It is not installed beside ministack, because functions run on ministack's Python: what it needs (pydantic among it)
    would hide from them that their layers lack it.
    """
    sys.path += [str(folder) for folder in (ROOT / ".tools" / "sam" / "lib").glob("python*/site-packages")]
