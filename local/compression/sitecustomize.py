"""Do not compress what `sam deploy` uploads: it stays on this machine. Python imports this file at its start."""

import zipfile
from functools import partialmethod

_STORED = 0

zipfile.ZipFile.__init__ = partialmethod(zipfile.ZipFile.__init__, compresslevel=_STORED)  # type: ignore[method-assign,assignment]
