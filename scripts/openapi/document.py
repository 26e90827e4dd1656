"""Builds the OpenAPI document."""

from collections import Counter
from functools import cache
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from herald import __version__
from herald.web.routes import ROUTES
from scripts.openapi.components import DESCRIPTION, HEADERS, PARAMETERS, SECURITY, SERVERS, TAGS
from scripts.openapi.json_schemas import REF, Schema, components, parameters
from scripts.openapi.models import Error, GatewayError
from scripts.openapi.operation import Operation
from scripts.openapi.paths import OPERATIONS
from scripts.openapi.responses import responses


@cache
def document() -> Schema:
    """Return the OpenAPI document, as in docs/openapi.yaml."""
    paths, shared = _with_shared({(one.path, one.method): responses(one) for one in OPERATIONS})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Herald",
            "version": __version__,
            "description": DESCRIPTION,
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "servers": SERVERS,
        "security": [{"bearer": []}],
        "tags": TAGS,
        "paths": {path: _item(path, paths) for path in ROUTES},
        "components": {
            "schemas": components(
                [one.body.model for one in OPERATIONS if one.body],
                [*_shown(), Error, GatewayError],
            ),
            "parameters": PARAMETERS,
            "headers": HEADERS,
            "responses": shared,
            "securitySchemes": SECURITY,
        },
    }


def _shown() -> list[type[BaseModel]]:
    answers = [answer for one in OPERATIONS for answer in one.answers]
    return [model for one in answers for model in (one.model, *one.parts) if model]


type _Answers = dict[tuple[str, str], dict[str, Schema]]


def _item(path: str, answers: _Answers) -> Schema:
    own = sorted((one for one in OPERATIONS if one.path == path), key=lambda one: ROUTES[path].index(one.method))
    return {one.method.lower(): _operation(one, answers[one.path, one.method]) for one in own}


def _operation(one: Operation, answers: dict[str, Schema]) -> Schema:
    shared = [{"$ref": f"#/components/parameters/{name}"} for name in one.parameters]
    optional = {
        "description": one.description,
        "servers": [*one.servers],
        "parameters": shared + (parameters(one.query) if one.query else []),
        "requestBody": _body(one),
        "security": _security(one),
    }
    present = {name: value for name, value in optional.items() if value or (name == "security" and value is not None)}
    return {"operationId": one.id, "tags": [one.tag], "summary": one.summary, **present, "responses": answers}


def _security(one: Operation) -> list[Any] | None:
    """Return the security requirement of an operation, or None for the document's default: any valid key."""
    if one.scope == "public":
        return []
    return None if one.scope == "any" else [{"bearer": [one.scope]}]


def _body(one: Operation) -> Schema | None:
    if one.body is None:
        return None
    examples = {name: {"value": value} for name, value in one.body.examples.items()}
    content = {"schema": {"$ref": REF + one.body.model.__name__}, "examples": examples}
    others = {media_type: {"schema": {"type": "string"}} for media_type in one.body.others}
    return {"required": one.body.required, "content": {one.body.media_type: content, **others}}


def _with_shared(answers: _Answers) -> tuple[_Answers, dict[str, Schema]]:
    """Move error responses that several operations share to components/responses; return operations and components."""
    counts = Counter(_key(status, one) for each in answers.values() for status, one in each.items())
    shared: dict[str, Schema] = {}
    names: dict[str, str] = {}
    for each in answers.values():
        for status, one in each.items():
            key = _key(status, one)
            if counts[key] > 1 and int(status) >= HTTPStatus.BAD_REQUEST and key not in names:
                names[key] = _name(status, shared)
                shared[names[key]] = one
    linked = {
        place: {
            status: {"$ref": f"#/components/responses/{names[key]}"} if (key := _key(status, one)) in names else one
            for status, one in each.items()
        }
        for place, each in answers.items()
    }
    return linked, shared


def _key(status: str, answer: Schema) -> str:
    return f"{status} {answer['description']}"


def _name(status: str, taken: dict[str, Schema]) -> str:
    """Return the name of a shared response: NotFound, then NotFound2 for another response with the same status."""
    name = HTTPStatus(int(status)).phrase.title().replace(" ", "")
    same = sum(one.rstrip("0123456789") == name for one in taken)
    return f"{name}{same + 1}" if same else name
