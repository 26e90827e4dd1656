"""The API as plain functions of exchanges, for both endpoints: the HTTP API and the streaming URL."""

from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus

from herald.auth.quotas import Quotas
from herald.errors import HeraldError, MethodNotAllowed, UnknownPath
from herald.runtime.function import frames_of
from herald.web.dialect import Dialect, Endpoint
from herald.web.error_replies import EVERYWHERE, error_body, hints_of, internal_error, status_of
from herald.web.exchange import Exchange, Reply
from herald.web.http_rules import check_request, cors_headers, is_preflight, preflight_headers
from herald.web.routes import ROUTES, SCOPES, find_path, is_public

_LONGEST_LIST = 200
"""Most characters of the paths that an error lists."""


class Application:
    """The routes that one function serves, and what holds for all: limits, CORS, authentication, errors and logs.

    `endpoints` are named as in "GET /v1/jobs/{id}". `paths` are those that its errors list. `dialects` are the APIs of
    other vendors that it offers as well.
    """

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        *,
        quotas: Quotas,
        cors_origins: Collection[str] = (),
        paths: Collection[str] = tuple(ROUTES),
        dialects: Sequence[Dialect] = (),
    ) -> None:
        self._own = Dialect(
            name="",
            applies=lambda _: True,
            routes={path: ROUTES[path] for path in paths},
            scopes=SCOPES,
            endpoints=endpoints,
            reply_to=self._reply_to,
        )
        self._dialects = (*dialects, self._own)
        self._quotas = quotas
        self._cors_origins = cors_origins

    def handle(self, exchange: Exchange) -> Reply:
        """Return the reply to a request whose body has been read. It never raises."""
        try:
            reply = self.begin(exchange)
            if reply is None:
                self.admit(exchange)
                reply = self.answer(exchange)
        except Exception as error:  # noqa: BLE001  every request gets a reply
            reply = self.refuse(exchange, error)
        return self.complete(exchange, reply)

    def begin(self, exchange: Exchange) -> Reply | None:
        """Check the limits of the request and find its route. Return a reply only to a CORS preflight."""
        request = exchange.request
        check_request(request.path, request.query, request.headers)
        if self._cors_origins and is_preflight(request.method, request.headers):
            # A preflight lacks the headers that select a dialect.
            methods = sorted({method for dialect in self._dialects for method in dialect.methods_of(request.path)})
            if methods:
                allowed = preflight_headers(self._cors_origins, request.headers, methods)
                return Reply(status=HTTPStatus.NO_CONTENT, headers=allowed)
        dialect = self._dialect_of(exchange)
        if dialect.name:
            exchange.add_log_keys(api=dialect.name)
        path, exchange.id = find_path(request.path, dialect.routes)
        route = f"{request.routed_method} {path}"
        if route in dialect.endpoints:
            exchange.route = route
        return None

    def admit(self, exchange: Exchange) -> None:
        """Authenticate the caller, check its scope and count the request, before its body is parsed.

        Raises Unauthorized, Forbidden, or TooMany if the caller has used up its requests of the current second.
        """
        path, _ = find_path(exchange.request.path)
        if is_public(exchange.request.routed_method, path):
            return
        caller = exchange.authenticate()
        scope = self._dialect_of(exchange).scope_of(exchange.request.path)
        if scope is not None:
            caller.require(scope)
        self._quotas.request(caller)
        exchange.add_log_keys(tenant=caller.tenant)
        exchange.caller = caller

    def answer(self, exchange: Exchange) -> Reply:
        """Return the reply of the route's endpoint. Raises UnknownPath or MethodNotAllowed if there is no route."""
        dialect = self._dialect_of(exchange)
        if endpoint := dialect.endpoints.get(exchange.route):
            return endpoint(exchange)
        methods = dialect.methods_of(exchange.request.path)
        if methods and exchange.request.routed_method not in methods:
            raise MethodNotAllowed(f"Method not allowed. This path supports {', '.join(methods)}.")
        if methods and exchange.request.path.endswith("/"):  # API Gateway has sent it to another function
            raise UnknownPath("Not found. Remove the slash at the end of the path.")
        paths = ", ".join(dialect.routes)
        if dialect is not self._own and methods:
            raise UnknownPath("Not found at the streaming URL. Send the request to the HTTP API (ApiUrl).")
        if dialect is self._own and not methods and find_path(exchange.request.path)[0]:
            raise UnknownPath(
                "Not found at the streaming URL. Send the request to the HTTP API (ApiUrl). "
                f"Available paths here: {paths}."
            )
        if len(paths) > _LONGEST_LIST:
            raise UnknownPath("Not found. GET /openapi.json lists all paths.")
        raise UnknownPath(f"Not found. Available paths: {paths}.")

    def refuse(self, exchange: Exchange, error: Exception) -> Reply:
        """Log an error and return it as a reply."""
        return self._dialect_of(exchange).reply_to(self.client_error(exchange, error), exchange)

    def _reply_to(self, error: HeraldError, exchange: Exchange) -> Reply:
        hints = hints_of(error, self._own.methods_of(exchange.request.path))
        return Reply(status=status_of(error), body=error_body(error), headers=hints)

    def client_error(self, exchange: Exchange, error: Exception) -> HeraldError:
        """Log an error and return the one that the client may see."""
        if not isinstance(error, HeraldError):
            exchange.log("failed", error=True, error_type=type(error).__name__, frames=frames_of(error))
            error = internal_error()
        by_service = status_of(error).is_server_error
        exchange.failed = exchange.failed or by_service
        exchange.log("refused", error=by_service, code=error.code, param=error.param)
        return error

    def complete(self, exchange: Exchange, reply: Reply) -> Reply:
        """Add the headers of every response. The response to HEAD has those of GET, and no body."""
        cors = cors_headers(self._cors_origins, exchange.request.headers)
        content = {"Content-Type": reply.media_type} if reply.body else {}
        reply.headers = EVERYWHERE | content | reply.headers | cors | {"X-Request-Id": exchange.request.id}
        if exchange.request.method == "HEAD":
            reply.body = ""
        return reply

    def _dialect_of(self, exchange: Exchange) -> Dialect:
        return next(dialect for dialect in self._dialects if dialect.applies(exchange.request))
