"""Runs the web server: python -m herald.functions.speech_stream, with PORT in the environment."""

import logging
import os

import uvicorn
from aws_lambda_powertools import Logger
from starlette.types import ASGIApp

from herald.runtime.settings import HTTP, PRICES, ROUTING, Settings
from herald.web.stream_app import SpeechStream
from herald.web.stream_protocol import BoundedProtocol

_SECONDS_TO_END = 5
"""Grace period at shutdown for responses in progress, in seconds."""
_KEEP_ALIVE = 75
"""Seconds; longer than the adapter keeps idle connections (AWS_LWA_POOL_IDLE_TIMEOUT_SECONDS)."""
_MOST_HEAD_BYTES = 65_536
"""Maximum size of a request's head, above the limits of herald.web.http_rules, so that the app responds 414 or 431."""


def server(app: ASGIApp, logger: Logger, port: int) -> uvicorn.Server:
    """Return a server that listens on the loopback interface only, where the adapter runs."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        http=BoundedProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        h11_max_incomplete_event_size=_MOST_HEAD_BYTES,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )
    log_to(logger)
    return uvicorn.Server(config)


def log_to(logger: Logger) -> None:
    """Send uvicorn's errors to our logger, without exception texts, which may contain the customer's text."""
    logging.logAsyncioTasks = False  # type: ignore[attr-defined]  # task names are noise; typeshed lacks the attribute
    uvicorn_logger = logging.getLogger("uvicorn.error")
    uvicorn_logger.setLevel(logging.WARNING)
    uvicorn_logger.addHandler(logger.registered_handler)

    def without_exception(record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True

    uvicorn_logger.addFilter(without_exception)


def main() -> None:
    """Warm up, then listen: the adapter forwards requests only after the health check succeeds."""
    stream = SpeechStream(Settings.read(os.environ, HTTP, ROUTING, PRICES, {"stream_auth", "bucket"}))
    stream.warm()
    server(stream, stream.logger, int(os.environ["PORT"])).run()


if __name__ == "__main__":
    main()
