"""Compress quickly what `sam deploy` uploads: it stays on this machine. Python imports this file at its start."""

import zipfile
from functools import partialmethod

_FASTEST = 1

zipfile.ZipFile.__init__ = partialmethod(zipfile.ZipFile.__init__, compresslevel=_FASTEST)  # type: ignore[method-assign,assignment]
