"""Make the SAM CLI faster where it builds for this machine and deploys to it. Python imports this file at its start."""

import zipfile
from functools import partialmethod

try:
    import yaml
except ImportError:  # another program than the SAM CLI, such as one that `sam build` runs
    pass
else:
    # It parses the templates about 30 times, and writes them, several times faster with libyaml, with the same result.
    if yaml.__with_libyaml__:
        yaml.SafeLoader = yaml.CSafeLoader  # type: ignore[misc,assignment]
        yaml.SafeDumper = yaml.CSafeDumper  # type: ignore[misc,assignment]

_STORED = 0

# Do not compress what is uploaded: it stays on this machine.
# The SAM CLI gives each file's description, which then has a level of its own: that of the archive does not count.
zipfile.ZipFile.writestr = partialmethod(zipfile.ZipFile.writestr, compresslevel=_STORED)  # type: ignore[method-assign,assignment]
