"""The routes of the API, with what each requires of a key."""

from collections.abc import Iterable

from herald.auth.caller import Scope

ROUTES = {
    "/v1/audio/speech": ("POST",),
    "/v1/audio/reading": ("POST",),
    "/v1/lexicons": ("GET",),
    "/v1/lexicons/{id}": ("GET", "PUT", "DELETE"),
    "/v1/audio/models": ("GET",),
    "/v1/audio/voice_consents/sentence": ("GET",),
    "/v1/audio/voice_consents": ("GET", "POST"),
    "/v1/audio/voice_consents/{id}": ("GET", "DELETE"),
    "/v1/audio/voices": ("GET", "POST"),
    "/v1/audio/voices/{id}": ("GET", "DELETE"),
    "/v1/models": ("GET",),
    "/v1/models/{id}": ("GET",),
    "/v1/jobs": ("GET", "POST"),
    "/v1/jobs/{id}": ("GET", "DELETE"),
    "/v1/jobs/{id}/retention": ("PUT",),
    "/v1/jobs/{id}/retry": ("POST",),
    "/v1/batches": ("GET", "POST"),
    "/v1/batches/preview": ("POST",),
    "/v1/batches/{id}": ("GET", "DELETE"),
    "/v1/batches/{id}/items": ("GET",),
    "/v1/batches/{id}/redrive": ("POST",),
    "/v1/batches/{id}/start": ("POST",),
    "/v1/voices": ("GET",),
    "/v1/usage": ("GET",),
    "/health": ("GET",),
    "/openapi.json": ("GET",),
    "/docs": ("GET",),
    "/studio": ("GET",),
    "/": ("GET",),
}
"""Every path of the API, with its methods."""
STREAM_PATHS = (
    "/v1/audio/speech",
    "/v1/audio/models",
    "/v1/audio/voices",
    "/v1/models",
    "/v1/models/{id}",
    "/health",
)
"""The paths of the streaming URL."""
NAMES = frozenset({"/v1/models", "/v1/models/{id}", "/v1/audio/models", "/v1/audio/voices"})
"""Paths that return names only. Several clients ask for these without the key that they are given."""
PUBLIC = NAMES | {"/health", "/openapi.json", "/docs", "/studio", "/"}
"""Paths that need no key for GET."""
SCOPES = {
    "/v1/audio/": Scope.SPEECH,
    "/v1/lexicons": Scope.SPEECH,
    "/v1/jobs": Scope.JOBS,
    "/v1/batches": Scope.BATCHES,
}
"""Scope that a key needs, by path prefix. Other paths accept any valid key."""
UNMATCHED, OTHER = "$default", "other"
"""The route of requests without one, in logs as API Gateway names it, and in traces."""


def find_path(path: str, routes: Iterable[str] = ROUTES) -> tuple[str, str]:
    """Return the path in `routes` that a request's path matches, and the id in it; "" for either that there is not.

    A slash at the end is ignored.
    """
    parts = (path.removesuffix("/") or "/").split("/")
    for pattern in routes:
        expected = pattern.split("/")
        if len(parts) == len(expected) and all(
            part == name or (name == "{id}" and part) for part, name in zip(parts, expected, strict=True)
        ):
            return pattern, parts[expected.index("{id}")] if "{id}" in expected else ""
    return "", ""


def is_public(method: str, path: str) -> bool:
    """Return whether a path of `PUBLIC` needs no key for a method: it needs one for all methods but GET."""
    return path in PUBLIC and (method == "GET" or method not in ROUTES[path])
