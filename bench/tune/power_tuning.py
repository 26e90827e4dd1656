"""What a person gives to AWS Lambda Power Tuning to have the deployed function measured on AWS."""

import json
from collections.abc import Sequence
from typing import Any

from bench import ROOT

EVENT = ROOT / "events" / "speech__short.json"
ARN = "arn:aws:lambda:REGION:ACCOUNT:function:NAME"
TENANT = "power-tuning"
_INVOCATIONS = 50


def given(sizes: Sequence[int], arn: str = ARN) -> dict[str, Any]:
    """Input of its state machine. One call after the other: calls at once would each meet a cold start."""
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
    """The short message, as the API hands it over when a key of a tenant of its own was let in."""
    sample: dict[str, Any] = json.loads(EVENT.read_text(encoding="utf-8"))
    sample["requestContext"]["authorizer"]["lambda"]["tenant"] = TENANT
    del sample["headers"]["authorization"]
    return sample
