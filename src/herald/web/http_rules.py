"""Rules of HTTP that hold on every path: limits on the size of requests, CORS, and conditional reads.

Pure functions of headers, whose names are in lower case.
"""

import json
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from herald.errors import HeadersTooLarge, InvalidRequest, UriTooLong
from herald.jobs.body import parse_body

MOST_ADDRESS = 8_192
"""Maximum length of path and query in characters. API Gateway limits request line and headers to 10,240 bytes:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""
MOST_HEADERS = 100
MOST_HEADER_BYTES = 16_384
"""Maximum size of all header names and values, for the streaming URL, which accepts more than API Gateway."""
BALANCED_BYTES = (1_000_000 - 16_000) * 3 // 4
"""Maximum size of the body of a response behind a load balancer, two minutes of mp3 or 15 s of wav: a function's result
has at most "1 MB" as JSON, with the body in base64, and 16 kB are reserved for the rest.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html"""
_MOST_EMPTY_BYTES = 1_024

_ANY = "*"
_ALLOWED_HEADERS = "*, Authorization, Content-Type, Idempotency-Key, Prefer, If-None-Match, xi-api-key"
"""Request headers that a page may send. `*` covers those that vendors' SDKs add, but by definition not Authorization;
the others are for browsers that do not know it."""
_EXPOSED_HEADERS = (
    "Location, ETag, Retry-After, Preference-Applied, X-Request-Id, X-Herald-Route, X-Herald-Voice, "
    "X-Herald-Characters, X-Herald-Audio-Seconds, X-Herald-Sample-Rate, X-Herald-Price, X-Herald-Warning, "
    "AI-Disclosure, x-amzn-ErrorType, x-amzn-RequestId, x-amzn-RequestCharacters, request-id, character-cost"
)
"""Response headers that a page may read, those of other vendors included: AWS's SDK reads exceptions from one."""
_PREFLIGHT_SECONDS = "7200"
"""How long a browser may cache a preflight response; Chromium's maximum."""

_LINKS = frozenset({"audio_url", "archive_url", "report"})
"""Fields with signed links, which differ in every response."""
_PART_OF_A_LINK = 3
"""A tag changes every third of a link's lifetime, so after a 304 the client's links have at least two thirds left."""
_TAG = re.compile(r'(?:W/)?("[^"]*")')


def check_request(path: str, query: str, headers: Mapping[str, str]) -> None:
    """Raise UriTooLong or HeadersTooLarge if a request exceeds a limit, whatever its path."""
    if len(path) + len(query) > MOST_ADDRESS:
        raise UriTooLong(f"The path and query exceed {MOST_ADDRESS} characters. Shorten the query.")
    size = sum(len(name) + len(value) for name, value in headers.items())
    if len(headers) > MOST_HEADERS or size > MOST_HEADER_BYTES:
        raise HeadersTooLarge(
            f"The request has more than {MOST_HEADERS} headers, or more than {MOST_HEADER_BYTES} bytes of headers. "
            "Send fewer."
        )


def check_framing(headers: Mapping[str, str]) -> None:
    """Raise InvalidRequest if a body declares two lengths, which allows request smuggling (RFC 9112, section 6.3)."""
    if "content-length" in headers and "transfer-encoding" in headers:
        raise InvalidRequest("Send Content-Length or Transfer-Encoding, not both.")


def require_no_fields(body: bytes, headers: Mapping[str, str]) -> None:
    """Raise InvalidRequest unless the body is absent or an empty JSON object. Unknown fields are refused everywhere."""
    if body and parse_body(body, headers, max_bytes=_MOST_EMPTY_BYTES):
        raise InvalidRequest("This path accepts no fields. Send no body or an empty object.", code="unknown_field")


def prefers_a_job(headers: Mapping[str, str]) -> bool:
    """Return whether a request asks for a job instead of audio: Prefer: respond-async (RFC 7240, section 4.1)."""
    return "respond-async" in {part.partition(";")[0].strip().lower() for part in headers.get("prefer", "").split(",")}


def warning(without_effect: Collection[str]) -> dict[str, str]:
    """Return the header that lists fields of a request without effect; nothing if there are none."""
    return {"X-Herald-Warning": f"No effect: {', '.join(without_effect)}."} if without_effect else {}


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    """Return whether a request is a CORS preflight (https://fetch.spec.whatwg.org/#http-cors-protocol)."""
    return method == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers


def cors_headers(origins: Collection[str], headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that let a page of an allowed origin read a response. Errors carry them as well.

    `origins` are the deployment's allowed origins: none, a list, or `*`. Cookies (Access-Control-Allow-Credentials) are
    never allowed, as pages send API keys in a header that they set themselves.
    """
    if not origins:
        return {}
    if _ANY in origins:
        return {"Access-Control-Allow-Origin": _ANY, "Access-Control-Expose-Headers": _EXPOSED_HEADERS}
    origin = headers.get("origin", "")
    if origin not in origins:
        return {"Vary": "Origin"}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _EXPOSED_HEADERS, "Vary": "Origin"}


def preflight_headers(origins: Collection[str], headers: Mapping[str, str], methods: Collection[str]) -> dict[str, str]:
    """Return the headers of a preflight response in addition to `cors_headers`; `methods` are those of the path."""
    if "Access-Control-Allow-Origin" not in cors_headers(origins, headers):
        return {}
    return {
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": _ALLOWED_HEADERS,
        "Access-Control-Max-Age": _PREFLIGHT_SECONDS,
    }


def etag_of(body: Mapping[str, Any], *, now: datetime, link_seconds: int) -> str:
    """Return a weak tag of a body. Signed links do not affect it, but with links it changes before they expire."""
    resources = [body, *body.get("data", [])]
    state = [
        {name: value for name, value in resource.items() if name not in {*_LINKS, "data"}} for resource in resources
    ]
    links = [[bool(resource.get(name)) for name in sorted(_LINKS)] for resource in resources]
    signed = int(now.timestamp()) // (link_seconds // _PART_OF_A_LINK) if any(map(any, links)) else None
    content = json.dumps([state, links, signed], sort_keys=True).encode()
    return f'W/"{sha256(content).hexdigest()[:32]}"'


def etag_matches(wanted: str, tag: str) -> bool:
    """Return whether an If-None-Match header (`*`, or a list of tags) matches a tag, by weak comparison.

    https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
    """
    return wanted.strip() == "*" or tag.removeprefix("W/") in _TAG.findall(wanted)
