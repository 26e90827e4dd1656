"""Which web pages may use the API from a browser: the CORS protocol (fetch.spec.whatwg.org, "HTTP extensions").

Plain functions of headers, for the functions behind the HTTP API and for the streaming app alike. `headers` have
lower-case names; `origins` are those of the deployment: none, some, or `*`. Credentials are keys in a header, which a
page sends itself: cookies are never allowed for.
"""

from collections.abc import Collection, Mapping

_ANY = "*"
_SENT = "Authorization, Content-Type, Idempotency-Key, Prefer, If-None-Match"
_SHOWN = (
    "Location, ETag, Retry-After, Preference-Applied, X-Request-Id, X-Herald-Route, X-Herald-Voice, "
    "X-Herald-Characters, X-Herald-Audio-Seconds, X-Herald-Sample-Rate, X-Herald-Price"
)
"""Headers of answers that a page may read; a list, as `*` would not do for requests with Authorization."""
_REMEMBER_SECONDS = "7200"
"""For how long a browser need not ask again; Chromium remembers no longer."""


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a browser asks what a page may send."""
    return method == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers


def cors_headers(origins: Collection[str], headers: Mapping[str, str]) -> dict[str, str]:
    """What every answer carries, errors too, for a page of an allowed origin to read it."""
    if not origins:
        return {}
    if _ANY in origins:
        return {"Access-Control-Allow-Origin": _ANY, "Access-Control-Expose-Headers": _SHOWN}
    origin = headers.get("origin", "")
    if origin not in origins:
        return {"Vary": "Origin"}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _SHOWN, "Vary": "Origin"}


def preflight_headers(origins: Collection[str], headers: Mapping[str, str], methods: Collection[str]) -> dict[str, str]:
    """What the answer to a preflight carries, beside `cors_headers`: what may be sent to a path with those methods."""
    if "Access-Control-Allow-Origin" not in cors_headers(origins, headers):
        return {}
    return {
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": _SENT,
        "Access-Control-Max-Age": _REMEMBER_SECONDS,
    }
