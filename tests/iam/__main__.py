"""Evaluate the AWS calls of the last test run against the functions' roles: `make iam`."""

import sys

from tests.conftest import CALLS
from tests.iam.check import check, missing_tools, read


def main():
    """Print what is wrong, and fail if anything is."""
    if missing := missing_tools():
        print(f"!!! THE IAM CHECK DID NOT RUN: {missing}. !!!", file=sys.stderr)
        return 0
    recorded = read(CALLS) if CALLS.exists() else None
    if not recorded or not recorded.calls:
        print("!!! THE IAM CHECK HAD NOTHING TO CHECK: no test with a local stack ran before it. !!!", file=sys.stderr)
        return 0
    report = check(recorded)
    problems = report.problems(complete=recorded.complete)
    for line in problems:
        print(line)
    print(f"IAM: {report.requests} different requests, {len(report.denied)} not allowed, {len(problems)} problems.")
    if not recorded.complete:
        print("Only part of the tests ran, so what is granted in vain was not checked.")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
