"""The routes of the API."""

ROUTES = {
    "/v1/audio/speech": ("POST",),
    "/v1/jobs": ("GET", "POST"),
    "/v1/jobs/{id}": ("GET", "DELETE"),
    "/v1/jobs/{id}/retention": ("PUT",),
    "/v1/jobs/{id}/retry": ("POST",),
    "/v1/batches": ("GET", "POST"),
    "/v1/batches/{id}": ("GET", "DELETE"),
    "/v1/batches/{id}/items": ("GET",),
    "/v1/batches/{id}/redrive": ("POST",),
    "/v1/batches/{id}/start": ("POST",),
    "/v1/voices": ("GET",),
    "/v1/usage": ("GET",),
    "/health": ("GET",),
    "/openapi.json": ("GET",),
    "/docs": ("GET",),
}
"""Every path of the API, with its methods."""
ROUTE_KEYS = frozenset(f"{method} {path}" for path, methods in ROUTES.items() for method in methods)
"""The same routes as API Gateway writes them. Traces of all other requests have the route OTHER."""
OTHER = "other"
PUBLIC = frozenset({"/health", "/openapi.json", "/docs"})
"""Paths that need no key."""


def methods_of(path: str) -> tuple[str, ...]:
    """Return the methods that a path supports; none if there is no such path."""
    return next((methods for route, methods in ROUTES.items() if _matches(path, route)), ())


def _matches(path: str, route: str) -> bool:
    parts, pattern = path.split("/"), route.split("/")
    return len(parts) == len(pattern) and all(
        part == expected or (expected == "{id}" and part) for part, expected in zip(parts, pattern, strict=True)
    )
