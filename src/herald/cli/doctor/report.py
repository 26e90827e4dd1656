"""Results of checks, and how they are printed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one check."""

    check: str
    status: Literal["pass", "fail", "skip"]
    detail: str
    advice: str = ""
    """What to do about a failure."""
    seconds: float = 0.0


class CheckFailed(Exception):
    """A check found a fault."""

    def __init__(self, detail: str, advice: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.advice = advice


class CheckSkipped(Exception):
    """A check does not apply here; its message is the reason."""


def line(result: Result) -> str:
    """Return a result as text: a line, and one more with the advice for a failure."""
    shown = f"{result.status}  {result.check:<12} {result.detail}"
    return f"{shown}\n      {'':<12} Do: {result.advice}" if result.advice else shown


def as_json(place: str, results: Sequence[Result]) -> str:
    """Return all results as JSON."""
    passed = not any(result.status == "fail" for result in results)
    return json.dumps({"deployment": place, "passed": passed, "checks": [asdict(one) for one in results]}, indent=2)
