"""GET /v1/usage: a caller's usage and limits."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from herald.auth.caller import Caller, Scope
from herald.auth.quotas import DayOfUse
from herald.jobs.body import validated
from herald.runtime.container import Dependencies
from herald.web.http import HttpFunction


class UsageQuery(BaseModel):
    """The query of GET /v1/usage."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int = Field(default=30, ge=1, le=90, description="Number of days to return, today included.")


class UsagePath:
    """Adds GET /v1/usage to a function."""

    def __init__(self, function: HttpFunction, parts: Dependencies) -> None:
        self._function = function
        self._parts = parts
        function.app.get("/v1/usage")(self._get)

    def _get(self) -> dict[str, Any]:
        query = validated(UsageQuery, dict(self._function.app.current_event.query_string_parameters))
        caller = self._function.caller
        return describe_usage(caller, self._parts.quotas.used(caller.tenant, query.days))


def describe_usage(caller: Caller, used: dict[Any, DayOfUse]) -> dict[str, Any]:
    """Return a caller's usage as the API presents it: `today` of its key, `data` of its tenant by day, newest first."""
    return {
        "object": "usage",
        "tenant": caller.tenant,
        "tier": caller.tier,
        "scopes": [scope for scope in Scope if scope in caller.scopes],
        "limits": {
            "characters_a_day": caller.characters_a_day,
            "requests_a_second": caller.requests_a_second,
        },
        "today": _today(caller, next(iter(used.values()))),
        "data": [
            {"day": day.isoformat(), "characters": one.characters, "requests": one.requests}
            for day, one in used.items()
        ],
    }


def _today(caller: Caller, used: DayOfUse) -> dict[str, int | None]:
    spent = used.by_account.get(caller.account, 0)
    most = caller.characters_a_day
    return {"characters": spent, "characters_left": None if most is None else max(0, most - spent)}
