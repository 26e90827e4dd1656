"""The routes of the service itself: voices, usage and health."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from herald import __version__
from herald.auth.caller import Caller, Scope
from herald.auth.quotas import DayOfUse
from herald.errors import VoiceNotPrepared
from herald.jobs.voice_names import VoiceNames
from herald.runtime.container import Dependencies
from herald.speech.voices.catalog import VoiceInfo
from herald.web import schemas as shapes
from herald.web.dialect import Endpoint
from herald.web.exchange import Exchange, Reply


class UsageQuery(BaseModel):
    """The query of GET /v1/usage."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int = Field(default=30, ge=1, le=90, description="Number of days to return, today included.")


class ServiceRoutes:
    """The endpoints of voices, usage and health."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self._names = parts.settings.voice_names
        self.endpoints: dict[str, Endpoint] = {
            "GET /v1/voices": self.voices,
            "GET /v1/usage": self.usage,
            "GET /health": self.health,
        }

    def voices(self, exchange: Exchange) -> Reply:
        """Return all voices."""
        policy = self._parts.service_config.policy
        voices = [
            describe_voice(info, self._names) | {"needs_gpu": policy.needs_gpu(info)}
            for info in self._parts.catalog.voices.values()
        ]
        return exchange.conditional({"object": "list", "data": voices}, self._parts)

    def usage(self, exchange: Exchange) -> Reply:
        """Return the usage and the spend of the caller's tenant, and the limits of its key."""
        query = exchange.query(UsageQuery)
        used = self._parts.quotas.used(exchange.caller.tenant, query.days)
        return Reply(body=describe_usage(exchange.caller, used, self._parts.spend.days(exchange.caller.tenant, used)))

    def health(self, _: Exchange) -> Reply:
        """Return 200 if the default voice is available."""
        default = self._names.default
        if default not in self._parts.catalog.voices:
            raise VoiceNotPrepared(
                f"The default voice {default} is not in the voice layer. Build and deploy the layer with it."
            )
        return Reply(body=shapes.Health(version=__version__, default_voice=default).model_dump())


def describe_voice(info: VoiceInfo, names: VoiceNames) -> dict[str, Any]:
    """Return a voice as the API presents it."""
    voice = shapes.Voice(
        id=info.id,
        language=info.language,
        language_name=info.language_name,
        languages=list(info.languages),
        engine=info.engine,
        sample_rate=info.sample_rate,
        quality=info.quality,
        licence=info.licence,
        data_licence=info.data_licence,
        commercial_use=info.commercial,
        gender=info.gender,
        age=info.age,
        needs_gpu=info.needs_gpu,
        realtime=not info.needs_gpu,
        speakers=list(info.speakers),
        aliases=names.aliases_of(info.id),
    )
    return voice.model_dump()


def describe_usage(caller: Caller, used: Mapping[date, DayOfUse], ended: Mapping[date, Decimal]) -> dict[str, Any]:
    """Return a caller's usage as the API presents it: `today` of its key, `data` of its tenant by day, newest first.

    `ended` has the prices of jobs and batches by the day on which they ended.
    """
    spent = next(iter(used.values())).by_account.get(caller.account, 0)
    most = caller.characters_a_day
    return {
        "object": "usage",
        "tenant": caller.tenant,
        "tier": caller.tier,
        "scopes": [scope for scope in Scope if scope in caller.scopes],
        "limits": {
            "characters_a_day": caller.characters_a_day,
            "requests_a_second": caller.requests_a_second,
        },
        "today": {"characters": spent, "characters_left": None if most is None else max(0, most - spent)},
        "data": [
            {
                "day": day.isoformat(),
                "characters": use.characters,
                "requests": use.requests,
                "spend": float(use.spend + ended.get(day, 0)),
            }
            for day, use in used.items()
        ],
    }
