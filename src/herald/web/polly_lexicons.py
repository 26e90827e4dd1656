"""Lexicons in Amazon Polly's API: PutLexicon, GetLexicon, ListLexicons and DeleteLexicon."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_pascal

from herald.errors import InvalidRequest
from herald.jobs.body import max_body_bytes, parse_body
from herald.jobs.lexicon_service import NAME, LexiconCard
from herald.runtime.container import Dependencies
from herald.web.dialect import Endpoint
from herald.web.exchange import Exchange, Reply
from herald.web.polly_errors import PollyRefusal, request_id_of
from herald.web.polly_requests import validated


class PutLexiconRequest(BaseModel):
    """The body of PutLexicon."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, alias_generator=to_pascal, defer_build=True)

    content: str


class PollyLexiconRoutes:
    """The endpoints of lexicons in Polly's API."""

    def __init__(self, parts: Dependencies) -> None:
        self._parts = parts
        self.endpoints: dict[str, Endpoint] = {
            "GET /v1/lexicons": self.list_lexicons,
            "GET /v1/lexicons/{id}": self.get,
            "PUT /v1/lexicons/{id}": self.put,
            "DELETE /v1/lexicons/{id}": self.delete,
        }

    def list_lexicons(self, exchange: Exchange) -> Reply:
        """Return the attributes of all lexicons, on a single page."""
        if exchange.request.parameters.get("NextToken"):
            raise PollyRefusal("InvalidNextTokenException", "All lexicons are on the first page. Omit NextToken.")
        cards = self._parts.lexicons.list(exchange.caller.tenant)
        found = [{"Name": card.name, "Attributes": _attributes(card)} for card in cards]
        return Reply(body={"Lexicons": found}, headers=request_id_of(exchange))

    def get(self, exchange: Exchange) -> Reply:
        """Return a lexicon as PLS, with its attributes."""
        from herald.speech.lexicons.files import as_pls  # noqa: PLC0415  the parsers of files

        card, lexicon = self._parts.lexicons.find(exchange.caller.tenant, exchange.id)
        content = as_pls(lexicon)
        attributes = _attributes(card) | {"Size": len(content.encode())}
        body = {"Lexicon": {"Name": card.name, "Content": content}, "LexiconAttributes": attributes}
        return Reply(body=body, headers=request_id_of(exchange))

    def put(self, exchange: Exchange) -> Reply:
        """Store a lexicon in PLS."""
        from herald.speech.lexicons.files import MOST_BYTES, parse_lexicon  # noqa: PLC0415  the parsers of files

        if not re.fullmatch(NAME, exchange.id):
            raise InvalidRequest("Name: use up to 64 letters and digits.", param="Name")
        sent = parse_body(exchange.body, exchange.request.headers, max_bytes=max_body_bytes(MOST_BYTES))
        content = validated(PutLexiconRequest, sent).content
        lexicon = parse_lexicon(content.encode("utf-8", "surrogatepass"), "pls")
        card, _ = self._parts.lexicons.put(exchange.caller.tenant, exchange.id, lexicon)
        exchange.log("lexicon stored", entries=card.entries, version=card.version)
        return Reply(body={}, headers=request_id_of(exchange))

    def delete(self, exchange: Exchange) -> Reply:
        """Delete a lexicon."""
        self._parts.lexicons.delete(exchange.caller.tenant, exchange.id)
        return Reply(body={}, headers=request_id_of(exchange))


def _attributes(card: LexiconCard) -> dict[str, Any]:
    """Return Polly's attributes of a lexicon, except its size: all pronunciations are stored in IPA."""
    return {
        "Alphabet": "ipa",
        "LanguageCode": card.language or "en-US",
        "LastModified": card.updated_at.timestamp(),
        "LexemesCount": card.entries,
    }
