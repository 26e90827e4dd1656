"""The description of an operation: its texts, examples, models and error codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel

type Scope = Literal["speech", "jobs", "batches", "any", "public"]
"""Scope that a key needs; `any` accepts every valid key, `public` needs none."""

ALWAYS = ("uri_too_long", "headers_too_large", "internal_error", "invalid_settings", "broken_installation")
KEYED = ("missing_key", "invalid_key", "key_expired", "key_revoked", "rate_limited")
SCOPED = (*KEYED, "scope_missing")
BODY = (
    "invalid_json", "missing_field", "unknown_field", "invalid_request", "body_too_large", "unsupported_media_type",
)  # fmt: skip
"""Errors of a JSON body."""
NO_BODY = ("invalid_json", "unknown_field", "body_too_large", "unsupported_media_type")
"""Errors of a path that accepts no body, or an empty object."""
QUERY = ("unknown_field", "invalid_request")
VOICE = (
    "unknown_voice", "unknown_speaker", "unsupported_format", "unsupported_sample_rate", "engine_not_installed",
    "gpu_not_deployed", "unknown_lexicon", "voice_not_ready", "voice_disabled",
)  # fmt: skip
TEXT = ("invalid_text", "unreadable_text", "nothing_to_speak", "ssml_not_supported", "invalid_ssml", "text_too_long")


@dataclass(frozen=True, kw_only=True)
class Body:
    """The body of a request."""

    model: type[BaseModel]
    examples: Mapping[str, dict[str, Any]]
    """Examples by name."""
    required: bool = True
    media_type: str = "application/json"
    others: tuple[str, ...] = ()
    """Media types of the same content as text, besides JSON."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A successful response. `headers` are names in components/headers."""

    description: str
    status: HTTPStatus = HTTPStatus.OK
    model: type[BaseModel] | None = None
    content: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    """Content by media type, if it is not `model` as JSON."""
    parts: tuple[type[BaseModel], ...] = ()
    """Models that `content` refers to."""
    headers: tuple[str, ...] = ()
    example: Any = None


UNCHANGED = Answer(status=HTTPStatus.NOT_MODIFIED, description="Unchanged since the given ETag", headers=("ETag",))


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one path. `parameters` are names in components/parameters."""

    method: str
    path: str
    id: str
    tag: str
    scope: Scope
    summary: str
    answers: tuple[Answer, ...]
    codes: tuple[str, ...]
    """Error codes, in addition to ALWAYS and those of the scope."""
    description: str = ""
    parameters: tuple[str, ...] = ()
    query: type[BaseModel] | None = None
    body: Body | None = None
    servers: tuple[dict[str, Any], ...] = ()

    @property
    def all_codes(self) -> tuple[str, ...]:
        """Every error code that the operation may respond with."""
        keyed = {"public": (), "any": KEYED}.get(self.scope, SCOPED)
        return (*self.codes, *keyed, *ALWAYS)
