"""Results of checks, as text and JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Result:
    """The result of one check."""

    check: str
    status: Literal["pass", "fail", "skip"]
    detail: str
    advice: str = ""
    """How to fix a failure."""
    seconds: float = 0.0


class CheckFailed(Exception):
    """Raised by a check that found a fault."""

    def __init__(self, detail: str, advice: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.advice = advice


class CheckSkipped(Exception):
    """Raised by a check that does not apply; the message is the reason."""


def line(result: Result) -> str:
    """Return a result as a line of text; a failure has a second line with advice."""
    shown = f"{result.status}  {result.check:<12} {result.detail}"
    return f"{shown}\n      {'':<12} Do: {result.advice}" if result.advice else shown


def as_json(place: str, results: Sequence[Result]) -> str:
    """Return all results as JSON."""
    passed = not any(result.status == "fail" for result in results)
    return json.dumps({"deployment": place, "passed": passed, "checks": [asdict(one) for one in results]}, indent=2)
