"""The routes of the service itself: voices, usage, health, and the description of the API with Redoc, its viewer."""

import gzip
from base64 import b64encode
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from herald import __version__
from herald.auth.caller import Caller, Scope
from herald.auth.quotas import DayOfUse
from herald.errors import UnknownPath, VoiceNotPrepared
from herald.jobs.body import validated
from herald.jobs.voice_names import VoiceNames
from herald.runtime.container import Dependencies
from herald.speech.voices.catalog import VoiceInfo
from herald.web import schemas as shapes
from herald.web.dialect import Endpoint
from herald.web.exchange import Exchange, Reply
from herald.web.http_rules import matches

_DOCUMENT = Path(__file__).with_name("openapi.json")
_VIEWER = Path(__file__).with_name("redoc.js.gz")
"""scripts/build adds it."""
_VIEWER_QUERY = "redoc"
"""The query of the viewer's script, which has the path of the page: the API needs no other public route."""
_STYLE = "body{margin:0}"
_PAGE = f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Herald API</title>
<style>{_STYLE}</style></head>
<body><redoc spec-url="openapi.json" disable-search></redoc><script src="docs?{_VIEWER_QUERY}"></script></body>
</html>
"""
_CACHED = {"Cache-Control": "public, max-age=300"}
"""They change only with a deployment."""


class UsageQuery(BaseModel):
    """The query of GET /v1/usage."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int = Field(default=30, ge=1, le=90, description="Number of days to return, today included.")


class ServiceRoutes:
    """The endpoints of voices, usage, health and the description."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self._names = parts.settings.voice_names
        self.endpoints: dict[str, Endpoint] = {
            "GET /v1/voices": self.voices,
            "GET /v1/usage": self.usage,
            "GET /health": self.health,
            "GET /openapi.json": lambda exchange: cached_file(exchange, document()),
            "GET /docs": lambda exchange: cached_file(
                exchange, viewer() if exchange.request.query == _VIEWER_QUERY else page()
            ),
        }

    def voices(self, exchange: Exchange) -> Reply:
        """Return all voices."""
        policy = self._parts.service_config.policy
        voices = [
            describe_voice(info, self._names) | {"needs_gpu": policy.needs_gpu(info)}
            for info in self._parts.catalog.voices.values()
        ]
        shown = {"object": "list", "data": voices}
        return exchange.conditional(shown, now=self._parts.clock(), link_seconds=self._parts.settings.link_seconds)

    def usage(self, exchange: Exchange) -> Reply:
        """Return the usage of the caller's tenant and the limits of its key."""
        query = validated(UsageQuery, dict(exchange.request.parameters))
        used = self._parts.quotas.used(exchange.caller.tenant, query.days)
        return Reply(body=describe_usage(exchange.caller, used))

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


def describe_usage(caller: Caller, used: dict[Any, DayOfUse]) -> dict[str, Any]:
    """Return a caller's usage as the API presents it: `today` of its key, `data` of its tenant by day, newest first."""
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
            {"day": day.isoformat(), "characters": one.characters, "requests": one.requests}
            for day, one in used.items()
        ],
    }


@cache
def document() -> Reply:
    """Return the description in OpenAPI."""
    return Reply(body=_DOCUMENT.read_text(encoding="utf-8"))


@cache
def viewer() -> Reply:
    """Return the script of Redoc."""
    if not _VIEWER.exists():
        raise UnknownPath("The viewer is not part of this build. Build with `make build`, or read /openapi.json.")
    return Reply(body=gzip.decompress(_VIEWER.read_bytes()).decode(), media_type="text/javascript; charset=utf-8")


@cache
def page() -> Reply:
    """Return the page that shows the description."""
    # Redoc's styles are rules that it adds to an empty <style> element, which has the second hash.
    styles = " ".join(f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" for style in (_STYLE, ""))
    policy = (
        f"default-src 'none'; script-src 'self'; style-src {styles}; img-src data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Reply(body=_PAGE, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": policy})


def cached_file(exchange: Exchange, file: Reply) -> Reply:
    """Return a file with its ETag, or 304 if the client already has it."""
    tag = f'"{sha256(str(file.body).encode()).hexdigest()[:32]}"'
    headers = _CACHED | {"ETag": tag} | file.headers
    if matches(exchange.request.headers.get("if-none-match", ""), tag):
        return Reply(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Reply(body=file.body, media_type=file.media_type, headers=headers)
