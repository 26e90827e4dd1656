"""The routes under /v1/lexicons."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from herald.errors import BodyTooLarge, InvalidRequest, UnsupportedMediaType
from herald.jobs.body import check_encoding
from herald.jobs.job_request import Language
from herald.jobs.lexicon_service import NAME, LexiconCard
from herald.runtime.container import Dependencies
from herald.speech.lexicons.lexicon import Lexicon
from herald.web import schemas as shapes
from herald.web.dialect import Endpoint
from herald.web.exchange import Exchange, Reply
from herald.web.http_rules import require_no_fields

MEDIA_TYPES: dict[str, Literal["json", "csv", "pls"]] = {
    "application/json": "json",
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/pls+xml": "pls",
    "application/xml": "pls",
    "text/xml": "pls",
}
"""Formats of a lexicon by the Content-Type of its file."""
_PLS = "application/pls+xml; charset=utf-8"


class PutQuery(BaseModel):
    """The query of PUT /v1/lexicons/{id}."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    default: Literal["true", "false"] | None = Field(
        default=None,
        description="true: it applies to requests without the field `lexicons`; up to five lexicons may. "
        "Omitted: as before, and not for a new one.",
    )
    language: Language | None = Field(default=None, description="The language of a file that names none.")


class GetQuery(BaseModel):
    """The query of GET /v1/lexicons/{id}."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: str = Field(default="json", pattern="^(json|pls)$", description="json or pls.")


class LexiconRoutes:
    """The endpoints under /v1/lexicons."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self.endpoints: dict[str, Endpoint] = {
            "GET /v1/lexicons": self.list_lexicons,
            "GET /v1/lexicons/{id}": self.get,
            "PUT /v1/lexicons/{id}": self.put,
            "DELETE /v1/lexicons/{id}": self.delete,
        }

    def list_lexicons(self, exchange: Exchange) -> Reply:
        """Return all lexicons of the tenant, without their entries."""
        cards = self._parts.lexicons.list(exchange.caller.tenant)
        return exchange.conditional({"object": "list", "data": [describe(card) for card in cards]}, self._parts)

    def get(self, exchange: Exchange) -> Reply:
        """Return a lexicon with its entries."""
        query = exchange.query(GetQuery)
        card, lexicon = self._parts.lexicons.find(exchange.caller.tenant, exchange.id)
        if query.format == "pls":
            from herald.speech.lexicons.files import as_pls  # noqa: PLC0415  the parsers of files

            return Reply(body=as_pls(lexicon), media_type=_PLS)
        entries = [
            {
                "word": entry.word,
                "alias": entry.alias or None,
                "ipa": entry.ipa or None,
                "case": "exact" if entry.exact else "any",
            }
            for entry in lexicon.entries
        ]
        return exchange.conditional(describe(card) | {"entries": entries}, self._parts)

    def put(self, exchange: Exchange) -> Reply:
        """Store a lexicon: 201 if the name is new, else 200."""
        if not re.fullmatch(NAME, exchange.id):
            raise InvalidRequest(
                "The name of a lexicon must be 1 to 64 letters, digits, hyphens or underscores, and begin with a "
                "letter or digit.",
                param="name",
            )
        query = exchange.query(PutQuery)
        lexicon = parse_lexicon_body(exchange.body, exchange.request.headers, language=query.language)
        default = None if query.default is None else query.default == "true"
        card, is_new = self._parts.lexicons.put(exchange.caller.tenant, exchange.id, lexicon, default=default)
        exchange.log("lexicon stored", entries=card.entries, version=card.version)
        location = {"Location": f"/v1/lexicons/{card.name}"} if is_new else {}
        return Reply(status=HTTPStatus.CREATED if is_new else HTTPStatus.OK, body=describe(card), headers=location)

    def delete(self, exchange: Exchange) -> Reply:
        """Delete a lexicon and return it as it was."""
        require_no_fields(exchange.body, exchange.request.headers)
        return Reply(body=describe(self._parts.lexicons.delete(exchange.caller.tenant, exchange.id)))


def describe(card: LexiconCard) -> dict[str, Any]:
    """Return a lexicon as the API presents it, without its entries."""
    shown = shapes.LexiconCard(
        name=card.name,
        version=card.version,
        language=card.language,
        default=card.default,
        size=card.entries,
        updated_at=card.updated_at,
    )
    return shown.model_dump(mode="json")


def parse_lexicon_body(body: bytes, headers: Mapping[str, str], *, language: str | None = None) -> Lexicon:
    """Return the lexicon in a body; `headers` have lower-case names. Raise InvalidInput with the place of an error."""
    from herald.speech.lexicons.files import MOST_BYTES, parse_lexicon  # noqa: PLC0415  the parsers of files

    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES:
        raise UnsupportedMediaType(f"Set the header Content-Type to one of: {', '.join(MEDIA_TYPES)}.")
    check_encoding(headers)
    if len(body) > MOST_BYTES:
        raise BodyTooLarge(f"The body exceeds the limit of {MOST_BYTES:,} bytes. Split the lexicon.")
    return parse_lexicon(body, MEDIA_TYPES[media_type], language=language)
