"""Do not compress what `sam deploy` uploads: it stays on this machine. Python imports this file at its start."""

import zipfile
from functools import partialmethod

_STORED = 0

# The SAM CLI gives each file's description, which then has a level of its own: that of the archive does not count.
zipfile.ZipFile.writestr = partialmethod(zipfile.ZipFile.writestr, compresslevel=_STORED)  # type: ignore[method-assign,assignment]
