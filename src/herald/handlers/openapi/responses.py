"""The answers of an operation: the good ones as they are described, the others by their codes."""

from collections import defaultdict
from http import HTTPStatus
from typing import Any

from herald.handlers.openapi.codes import Code, by_code
from herald.handlers.openapi.operation import Answer, Operation
from herald.handlers.openapi.schemas import REF, Schema, matching
from herald.handlers.shapes.house import GatewayError

_GATEWAY = {
    HTTPStatus.UNAUTHORIZED: "Unauthorized",
    HTTPStatus.FORBIDDEN: "Forbidden",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Request Entity Too Large",
    HTTPStatus.TOO_MANY_REQUESTS: "Too Many Requests",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "Request Header Fields Too Large",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Internal Server Error",
    HTTPStatus.SERVICE_UNAVAILABLE: "Service Unavailable",
}
"""What API Gateway itself answers, before or instead of Herald."""
_OF_A_KEY = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_HEADERS = {
    HTTPStatus.UNAUTHORIZED: "WWW-Authenticate",
    HTTPStatus.TOO_MANY_REQUESTS: "Retry-After",
    HTTPStatus.SERVICE_UNAVAILABLE: "Retry-After",
}
_EVERYWHERE = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
"""Answered by API Gateway alone where Herald itself has no such code."""


def responses(operation: Operation) -> dict[str, Schema]:
    """All answers of an operation, by their statuses."""
    good = {str(int(answer.status)): _good(answer) for answer in operation.answers}
    keyed = operation.scope != "public"
    always = (*_EVERYWHERE, *(_OF_A_KEY if keyed else ()))
    codes: dict[HTTPStatus, list[Code]] = defaultdict(list, {status: [] for status in always})
    for row in by_code().values():
        if row.code in operation.all_codes and row.status:
            codes[HTTPStatus(row.status)].append(row)
    bad = {str(int(status)): _bad(status, codes[status], keyed=keyed) for status in sorted(codes)}
    return good | bad


def _good(answer: Answer) -> Schema:
    content = dict(answer.content)
    if answer.model:
        content["application/json"] = {"schema": {"$ref": REF + answer.model.__name__}}
        if answer.example is not None:
            content["application/json"]["example"] = answer.example
    headers = {"headers": {name: _header(name) for name in ("X-Request-Id", *answer.headers)}}
    return {"description": answer.description, **headers, **({"content": content} if content else {})}


def _header(name: str) -> Schema:
    return {"$ref": f"#/components/headers/{name}"}


def _bad(status: HTTPStatus, rows: list[Code], *, keyed: bool) -> Schema:
    by_gateway = _GATEWAY.get(status) if keyed or status not in _OF_A_KEY else None
    told = [f"- `{row.code}`: {row.meaning}. *To mend it:* {row.mending}." for row in rows]
    told += [f'- `{{"message": "{by_gateway}"}}`: of API Gateway itself, {_why(status)}.'] if by_gateway else []
    schemas = [matching(row.code for row in rows)] if rows else []
    schemas += [{"$ref": REF + GatewayError.__name__}] if by_gateway else []
    schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    names = ["X-Request-Id", *([_HEADERS[status]] if status in _HEADERS else [])]
    return {
        "description": "\n".join(told),
        "headers": {name: _header(name) for name in names},
        "content": {"application/json": {"schema": schema, "example": _example(rows, by_gateway)}},
    }


def _why(status: HTTPStatus) -> str:
    return {
        HTTPStatus.UNAUTHORIZED: "where there is no header Authorization",
        HTTPStatus.FORBIDDEN: "where the key is not one of ours",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "over 10 MB",
        HTTPStatus.TOO_MANY_REQUESTS: "above the rate that the deployment lets through",
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "over 10,240 bytes of address and headers",
        HTTPStatus.INTERNAL_SERVER_ERROR: "where keys cannot be checked now",
        HTTPStatus.SERVICE_UNAVAILABLE: "where the function is busy or took too long",
    }[status]


def _example(rows: list[Code], by_gateway: str | None) -> Any:  # noqa: ANN401  whatever JSON holds
    if not rows:
        return {"message": by_gateway}
    row = rows[0]
    kind = "server_error" if HTTPStatus(row.status or 0).is_server_error else "invalid_request_error"
    message = f"{row.meaning[0].upper()}{row.meaning[1:]}. To mend it: {row.mending}."
    return {"error": {"message": message, "type": kind, "param": None, "code": row.code}}
