"""Input of AWS Lambda Power Tuning, to measure the deployed function on AWS."""

import json
from collections.abc import Sequence
from typing import Any

from bench import ROOT

EVENT = ROOT / "events" / "speech__short.json"
ARN = "arn:aws:lambda:REGION:ACCOUNT:function:NAME"
TENANT = "power-tuning"
_INVOCATIONS = 50


def given(sizes: Sequence[int], arn: str = ARN) -> dict[str, Any]:
    """Return the state machine's input. Calls are sequential; parallel calls would all be cold starts."""
    return {
        "lambdaARN": arn,
        "powerValues": list(sizes),
        "num": _INVOCATIONS,
        "payload": event(),
        "parallelInvocation": False,
        "strategy": "balanced",
        "balancedWeight": 0.5,
        "includeOutputResults": True,
    }


def event() -> dict[str, Any]:
    """Return the event of a short message, authenticated with a separate tenant."""
    sample: dict[str, Any] = json.loads(EVENT.read_text(encoding="utf-8"))
    sample["requestContext"]["authorizer"]["lambda"]["tenant"] = TENANT
    del sample["headers"]["authorization"]
    return sample
