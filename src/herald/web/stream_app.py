"""The streaming endpoint: the same application as behind the HTTP API, as an ASGI app that streams its replies."""

import json
import random
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from anyio import CapacityLimiter, to_thread
from aws_lambda_powertools import Logger
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from herald import __version__
from herald.auth.api_keys import ELEVENLABS_HEADER, TOKEN_HEADER, bearer_of
from herald.auth.authenticator import Admission, CachingAuthenticator, refusal
from herald.auth.caller import IAM_PREFIX, Caller, KeylessLimits
from herald.auth.caller import Scope as KeyScope
from herald.errors import BodyTooLarge, Overloaded, UnreadableRow
from herald.jobs.body import check_headers, max_body_bytes
from herald.runtime.container import Dependencies
from herald.runtime.metrics import UNREADABLE_ROWS, Meter
from herald.runtime.settings import Settings
from herald.web.application import Application
from herald.web.elevenlabs_routes import ElevenLabsAccountRoutes, elevenlabs, is_for_elevenlabs
from herald.web.elevenlabs_speech import ElevenLabsSpeechRoutes
from herald.web.exchange import Exchange, Reply, Request, Stream
from herald.web.http_rules import check_framing
from herald.web.model_routes import ModelRoutes
from herald.web.polly_routes import PollyVoiceRoutes, polly
from herald.web.polly_speech import PollySpeechRoutes
from herald.web.routes import PUBLIC, STREAM_PATHS, UNMATCHED, find_path
from herald.web.speech_routes import SpeechRoutes
from herald.web.stream_response import OpenStreams, StreamedResponse

AFTER_RESTORE = "/after-restore"
"""Path that the adapter calls after a restore from a snapshot. It does not forward client requests to it."""
CONTEXT = "x-amzn-request-context"
"""Header in which the Lambda Web Adapter passes the request context. It replaces one sent by the client:
https://github.com/aws/aws-lambda-web-adapter/blob/main/CHANGELOG.md (version 1.0.0, #286)."""
_UNMEASURED = frozenset({"/health", AFTER_RESTORE})
"""Paths that the adapter itself calls."""
_ACCOUNT = re.compile(r"[0-9]{12}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9=_-]{1,64}")
_MOST_DIGITS = 7
"""Content-Lengths with more digits count as endless: Lambda accepts no request over 6 MB."""
_LONGEST = 290.0
"""Maximum seconds for a response. The function's Timeout in template.yaml is 300."""
_AT_ONCE = 8
"""Pieces synthesized concurrently. Lambda sends one request at a time; outside Lambda there may be many."""
_BEGUN_AT_ONCE = 4
"""First pieces synthesized concurrently, in a pool of their own so that they do not queue behind later pieces."""
_ADMITTED_AT_ONCE = 16
"""Callers authenticated concurrently; this is bound by calls to AWS, not by CPU."""
_MOST_STREAMS = 64
"""Maximum concurrent streams, waiting ones included; a stream whose client does not read holds about 400 kB."""


class StreamExchange(Exchange):
    """A request of the streaming endpoint, with its own log keys and meter: several may be in progress at once.

    `authenticator` authenticates the caller by the Authorization header, or by X-Api-Key if requests are `signed`:
    Authorization then is the AWS signature, and a request without a key belongs to the tenant of its AWS account, with
    the given `limits`.
    """

    def __init__(  # noqa: PLR0913  independent collaborators
        self, scope: Scope, authenticator: Admission, *, signed: bool, limits: KeylessLimits, logger: Logger, cold: bool
    ) -> None:
        headers = Headers(scope=scope)
        try:
            context = json.loads(headers.get(CONTEXT, "{}"))
        except (ValueError, RecursionError):
            context = None
        self._context: dict[str, Any] = context if isinstance(context, dict) else {}
        """The request context of AWS; empty if the request did not come through AWS."""
        given, query = self._context.get("requestId"), scope["query_string"].decode("latin-1")
        request = Request(
            id=given if isinstance(given, str) and _REQUEST_ID.fullmatch(given) else uuid4().hex,
            method=scope["method"],
            path=scope["path"],
            query=query,
            parameters=dict(parse_qsl(query)),
            headers=headers,
        )
        super().__init__(request, logger=logger, meter=Meter(), cold=cold)
        self.has_body = False
        """Whether the whole body was read."""
        self._headers = headers
        self._authenticator = authenticator
        self._signed = signed
        self._limits = limits
        self.add_log_keys(request_id=request.id)

    def authenticate(self) -> Caller:
        """Return the caller. A header that was sent twice is refused."""
        if not self._signed:
            if is_for_elevenlabs(self.request):
                key = ",".join(self._headers.getlist(ELEVENLABS_HEADER))
                return self._authenticator.admit(f"Bearer {key}" if key else None)
            authorization, token = (",".join(self._headers.getlist(name)) for name in ("authorization", TOKEN_HEADER))
            return self._authenticator.admit(bearer_of(authorization or None, token))
        if keys := self._headers.getlist("x-api-key"):
            return self._authenticator.admit(f"Bearer {','.join(keys)}")
        try:
            account = self._context["authorizer"]["iam"]["accountId"]  # the Function URL has verified the signature
        except (KeyError, TypeError):
            account = None
        caller = None
        if isinstance(account, str) and _ACCOUNT.fullmatch(account):
            caller = Caller.keyless(IAM_PREFIX, account, frozenset({KeyScope.SPEECH}), self._limits)
        if caller is None:
            raise refusal("missing_key")
        return caller

    def time_left(self) -> float:
        """Return the seconds until the response is cut off, before Lambda's own timeout."""
        return _LONGEST - self.seconds

    def annotate(self, **values: str) -> None:
        """Do nothing: requests of this endpoint have no trace."""

    @property
    def goes_on(self) -> bool:
        """Whether the client may still be sending a long body that is not read."""
        length = self._headers.get("content-length", "0")
        endless = "transfer-encoding" in self._headers or len(length) > _MOST_DIGITS
        return endless and not self.has_body


class SpeechStream:
    """The ASGI app and its dependencies."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.logger = Logger()
        self._parts = Dependencies(settings, interactive=True, unreadable=self._row_unreadable)
        self._authenticator = CachingAuthenticator(self._parts.authenticator, seconds=settings.key_cache_seconds)
        self.routes = SpeechRoutes(self._parts)
        polly_endpoints = {
            "POST /v1/speech": PollySpeechRoutes(self._parts, self.routes).stream,
            **PollyVoiceRoutes(self._parts).endpoints,
        }
        elevenlabs_endpoints = {
            **ElevenLabsSpeechRoutes(self._parts, self.routes).streaming,
            **ElevenLabsAccountRoutes(self._parts).endpoints,
        }
        self.application = Application(
            {
                "POST /v1/audio/speech": self.routes.stream,
                "GET /health": self.health,
                **ModelRoutes(self._parts).endpoints,
            },
            quotas=self._parts.quotas,
            cors_origins=settings.cors_origins,
            paths=STREAM_PATHS,
            dialects=(elevenlabs(elevenlabs_endpoints), polly(polly_endpoints)),
        )
        self._working = CapacityLimiter(_AT_ONCE)
        self._beginning = CapacityLimiter(_BEGUN_AT_ONCE)
        self._admitting = CapacityLimiter(_ADMITTED_AT_ONCE)
        self._streams = OpenStreams()
        self._cold = True

    def warm(self) -> None:
        """Load the default voice and all code, so that no request pays for it."""
        self.routes.warm()

    def health(self, _: Exchange) -> Reply:
        """Report readiness: the app listens only after its default voice is loaded."""
        default = self._settings.default_voice
        return Reply(body={"status": "ok", "version": __version__, "default_voice": default})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        settings = self._settings
        exchange = StreamExchange(
            scope,
            self._authenticator,
            signed=settings.stream_auth == "AWS_IAM",
            limits=settings.keyless_limits,
            logger=self.logger,
            cold=self._cold,
        )
        measured = exchange.request.path not in _UNMEASURED
        self._cold = self._cold and not measured
        status = 0

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._respond(exchange, scope, receive, send_noting_status)
        except ClientDisconnect:
            exchange.log("client disconnected")
        except Exception as error:  # noqa: BLE001  an error in one request must not affect the server
            reply = self.application.refuse(exchange, error)
            if exchange.goes_on:
                reply.headers["Connection"] = "close"
            if not status:
                await self._response(exchange, reply)(scope, receive, send_noting_status)
        finally:
            exchange.end(status, measured=measured)
            exchange.meter.flush()

    async def _respond(self, exchange: StreamExchange, scope: Scope, receive: Receive, send: Send) -> None:
        request = exchange.request
        check_framing(request.headers)
        if (request.method, request.path) == ("POST", AFTER_RESTORE):
            random.seed()  # all environments restored from one snapshot share its random state
            reply: Reply | None = Reply(status=HTTPStatus.NO_CONTENT)
        else:
            reply = self.application.begin(exchange)
        if reply is None and (find_path(request.path)[0] in PUBLIC or exchange.route == UNMATCHED):
            reply = self.application.answer(exchange)
        if reply is not None:
            await self._response(exchange, reply)(scope, receive, send)
            return
        if self._streams.count >= _MOST_STREAMS:
            raise Overloaded(f"The limit of {_MOST_STREAMS} concurrent streams is reached. Try again.")
        with self._streams:
            await to_thread.run_sync(self.application.admit, exchange, limiter=self._admitting)
            if request.routed_method != "GET":
                check_headers(request.headers)
            exchange.body = await self._body(HttpRequest(scope, receive))
            exchange.has_body = True
            reply = await to_thread.run_sync(self.application.answer, exchange, limiter=self._beginning)
            await self._response(exchange, reply)(scope, receive, send)

    async def _body(self, request: HttpRequest) -> bytes:
        most = max_body_bytes(self._settings.max_job_characters)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise BodyTooLarge(f"The body exceeds {most} bytes. Send the text in parts.")
        return bytes(body)

    def _response(self, exchange: StreamExchange, reply: Reply) -> Response:
        """Return the response of Starlette that sends a reply."""
        reply = self.application.complete(exchange, reply)
        if isinstance(reply.body, Stream):
            client_error: Callable[[Exception], Any] = lambda error: self.application.client_error(exchange, error)  # noqa: E731
            return StreamedResponse(reply, reply.body, self._working, client_error)
        response = Response(reply.content, status_code=reply.status, headers=reply.headers)
        if exchange.request.method == "HEAD":
            del response.headers["content-length"]  # that of the empty body
        return response

    def _row_unreadable(self, error: UnreadableRow) -> None:
        """Log and count a stored row that cannot be read."""
        self.logger.error("unreadable row", row=error.row, row_id=error.row_id, why=error.reason)
        meter = Meter()
        meter.add(UNREADABLE_ROWS, 1)
        meter.flush()
