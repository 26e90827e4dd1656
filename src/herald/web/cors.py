"""CORS: which web pages may call the API from a browser (https://fetch.spec.whatwg.org/#http-cors-protocol).

Pure functions of headers, shared by the functions behind the HTTP API and the streaming app. `headers` have
lower-case names. `origins` are the deployment's allowed origins: none, a list, or `*`. API keys are sent in a header
that the page sets itself, so cookies (Access-Control-Allow-Credentials) are never allowed.
"""

from collections.abc import Collection, Mapping

_ANY = "*"
_SENT = "Authorization, Content-Type, Idempotency-Key, Prefer, If-None-Match"
_SHOWN = (
    "Location, ETag, Retry-After, Preference-Applied, X-Request-Id, X-Herald-Route, X-Herald-Voice, "
    "X-Herald-Characters, X-Herald-Audio-Seconds, X-Herald-Sample-Rate, X-Herald-Price"
)
"""Response headers that a page may read."""
_REMEMBER_SECONDS = "7200"
"""How long a browser may cache a preflight response; Chromium's maximum."""


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    """Return whether a request is a CORS preflight."""
    return method == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers


def cors_headers(origins: Collection[str], headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that let a page of an allowed origin read a response. Errors carry them as well."""
    if not origins:
        return {}
    if _ANY in origins:
        return {"Access-Control-Allow-Origin": _ANY, "Access-Control-Expose-Headers": _SHOWN}
    origin = headers.get("origin", "")
    if origin not in origins:
        return {"Vary": "Origin"}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _SHOWN, "Vary": "Origin"}


def preflight_headers(origins: Collection[str], headers: Mapping[str, str], methods: Collection[str]) -> dict[str, str]:
    """Return the headers of a preflight response in addition to `cors_headers`; `methods` are those of the path."""
    if "Access-Control-Allow-Origin" not in cors_headers(origins, headers):
        return {}
    return {
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": _SENT,
        "Access-Control-Max-Age": _REMEMBER_SECONDS,
    }
