"""Reduce what a test run recorded to one call of each kind: `python -m tests.iam.sample > tests/iam/sample.jsonl`."""

import json
import re

from tests.conftest import CALLS
from tests.iam.check import local_parameters, on_purpose, principals, read
from tests.iam.requests import requests_of
from tests.template.translated import translate


def kind_of(request):
    """Return what policies tell apart: who does what, in which folder or with which kind of key."""
    keys = [re.split("[#_]", key)[0] for values in request.context.values() for key in values]
    return request.principal, request.action, *request.resource.split("/")[:2], *keys


def main():
    """Print the calls."""
    seen = set()
    known = principals(translate(local_parameters()))
    for call in read(CALLS).calls:
        kinds = set() if on_purpose(call) else set(map(kind_of, requests_of(call)))
        if call["principal"] in known and not kinds <= seen:
            seen |= kinds
            print(json.dumps(call))


if __name__ == "__main__":
    main()
