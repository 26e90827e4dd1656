"""The speech function's handler, called as by the runtime, and its engine by itself."""

import json
from pathlib import Path
from typing import Any

from bench import ROOT
from bench.files import DEFAULT_VOICE
from herald.functions import speech

FORMAT = "mp3"
_OK = 200


class _Context:
    """The attributes of the runtime's context that the function uses."""

    function_name = "herald"
    function_version = "1"
    memory_limit_in_mb = 3008
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:herald"
    aws_request_id = "00000000-0000-4000-8000-000000000000"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 29_000


class Engine:
    """The function, configured by the environment."""

    def __init__(self, _files: Path, _threads: int) -> None:
        self._event = json.loads((ROOT / "events" / "speech__short.json").read_text())

    def handle(self, text: str) -> None:
        """Handle one event."""
        answer = speech.handler(self._event | {"body": self._body(text)}, _Context())
        if answer["statusCode"] != _OK:
            raise RuntimeError(answer["body"])

    def bare(self, text: str) -> None:
        """Synthesize and encode the same text with the function's engine, without the handler."""
        speech.handler.function.routes.speaker.engine.speak(text, voice=DEFAULT_VOICE, format=FORMAT)

    def _body(self, text: str) -> str:
        body: dict[str, Any] = json.loads(self._event["body"])
        return json.dumps(body | {"input": text, "response_format": FORMAT})
