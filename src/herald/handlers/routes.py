"""The paths of the API."""

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
"""Every path of the API, with the methods that it knows."""
ROUTE_KEYS = frozenset(f"{method} {path}" for path, methods in ROUTES.items() for method in methods)
"""The same as API Gateway names them. Traces of other requests have the route OTHER."""
OTHER = "other"
PUBLIC = frozenset({"/health", "/openapi.json", "/docs"})
"""Paths that anybody may ask for."""


def methods_of(path: str) -> tuple[str, ...]:
    """The methods that a path knows; none for one that is nowhere."""
    return next((methods for route, methods in ROUTES.items() if _fits(path, route)), ())


def _fits(path: str, route: str) -> bool:
    parts, wanted = path.split("/"), route.split("/")
    return len(parts) == len(wanted) and all(
        part == want or (want == "{id}" and part) for part, want in zip(parts, wanted, strict=True)
    )
