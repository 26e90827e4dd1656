"""The operations of web/lexicon_routes.py."""

from http import HTTPStatus

from herald.web.lexicon_routes import MEDIA_TYPES, GetQuery, PutQuery
from herald.web.schemas import Lexicon, LexiconCard
from scripts.openapi.examples import LEXICON, NEW_LEXICON
from scripts.openapi.models import LexiconList, NewLexicon
from scripts.openapi.operation import NO_BODY, QUERY, UNCHANGED, Answer, Body, Operation

_CARD = {name: value for name, value in LEXICON.items() if name != "entries"}
_STORED = ("unavailable", "unreadable_row")

LEXICONS = (
    Operation(
        method="GET",
        path="/v1/lexicons",
        id="listLexicons",
        tag="Lexicons",
        scope="speech",
        summary="List the lexicons of the tenant",
        parameters=("IfNoneMatch",),
        answers=(
            Answer(
                description="All lexicons, without their entries",
                model=LexiconList,
                headers=("ETag",),
                example={"object": "list", "data": [_CARD]},
            ),
            UNCHANGED,
        ),
        codes=_STORED,
    ),
    Operation(
        method="GET",
        path="/v1/lexicons/{id}",
        id="getLexicon",
        tag="Lexicons",
        scope="speech",
        summary="Get a lexicon",
        parameters=("LexiconName", "IfNoneMatch"),
        query=GetQuery,
        answers=(
            Answer(
                description="The lexicon with its entries; with `format=pls` the file alone",
                model=Lexicon,
                content={"application/pls+xml": {"schema": {"type": "string"}}},
                headers=("ETag",),
                example=LEXICON,
            ),
            UNCHANGED,
        ),
        codes=("not_found", *QUERY, *_STORED),
    ),
    Operation(
        method="PUT",
        path="/v1/lexicons/{id}",
        id="putLexicon",
        tag="Lexicons",
        scope="speech",
        summary="Create or replace a lexicon",
        description=(
            "The body is a lexicon as JSON, CSV or PLS 1.0, by its Content-Type. The next request uses it. The same "
            "content again changes nothing. Jobs and batches keep the version with which they were accepted."
        ),
        parameters=("LexiconName",),
        query=PutQuery,
        body=Body(
            model=NewLexicon,
            examples={"words": NEW_LEXICON},
            others=tuple(one for one in MEDIA_TYPES if one != "application/json"),
        ),
        answers=(
            Answer(description="The lexicon, replaced or as it was", model=LexiconCard, example=_CARD),
            Answer(
                status=HTTPStatus.CREATED,
                description="The new lexicon",
                model=LexiconCard,
                headers=("Location",),
                example=_CARD,
            ),
        ),
        codes=(
            "invalid_lexicon",
            "invalid_pronunciation",
            "lexeme_too_long",
            "lexicon_too_large",
            "unsupported_alphabet",
            "unsupported_language",
            "too_many_lexicons",
            "body_too_large",
            "unsupported_media_type",
            *QUERY,
            *_STORED,
        ),
    ),
    Operation(
        method="DELETE",
        path="/v1/lexicons/{id}",
        id="deleteLexicon",
        tag="Lexicons",
        scope="speech",
        summary="Delete a lexicon",
        description="Jobs and batches that were accepted before still use it.",
        parameters=("LexiconName",),
        answers=(Answer(description="The lexicon as it was", model=LexiconCard, example=_CARD),),
        codes=("not_found", *NO_BODY, *_STORED),
    ),
)
