"""Starts the web server: python -m herald.handlers.speech_stream, with PORT in the environment."""

import logging
import os

import uvicorn
from aws_lambda_powertools import Logger
from starlette.types import ASGIApp

from herald.handlers.settings import HTTP, PRICES, ROUTING, TOKENS, Settings
from herald.handlers.speech_stream.app import SpeechStream
from herald.handlers.speech_stream.protocol import BoundedProtocol

_SECONDS_TO_END = 5
"""For answers that are on their way when the server is told to end."""
_KEEP_ALIVE = 75
"""Seconds; longer than the adapter keeps a connection that it may use again (AWS_LWA_POOL_IDLE_TIMEOUT_SECONDS)."""
_MOST_HEAD_BYTES = 65_536
"""Of a request's head: room to answer in order what is over the limits of herald.handlers.limits."""


def server(app: ASGIApp, logger: Logger, port: int) -> uvicorn.Server:
    """What serves this machine only: the adapter is on it."""
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
    """Have uvicorn's errors logged as ours are, without what an exception says, which may be a customer's text."""
    logging.logAsyncioTasks = False  # type: ignore[attr-defined]  # their numbers mean nothing; typeshed lacks it
    theirs = logging.getLogger("uvicorn.error")
    theirs.setLevel(logging.WARNING)
    theirs.addHandler(logger.registered_handler)
    theirs.addFilter(_without_exception)


def _without_exception(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True


def main() -> None:
    """Load, then listen: the adapter waits for an answer before it lets requests in."""
    stream = SpeechStream(Settings.read(os.environ, HTTP, ROUTING, PRICES, TOKENS, {"stream_auth", "bucket"}))
    stream.warm()
    server(stream.app, stream.logger, int(os.environ["PORT"])).run()


if __name__ == "__main__":
    main()
