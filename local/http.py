"""Ask what runs on this machine over HTTP, as any client would."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from local.process import opener
from local.progress import Failure

type Json = dict[str, Any]

SECONDS_TO_ANSWER = 60


@dataclass(frozen=True)
class Api:
    """A Herald at an address, asked with a key."""

    url: str
    key: str = field(repr=False)

    def ask(self, path: str, body: Json | None = None) -> bytes:
        """Return what a path answers; POST if there is a body."""
        headers = {"Authorization": f"Bearer {self.key}"}
        if body is None:
            return fetch(self.url + path, headers=headers)
        return fetch(self.url + path, json.dumps(body).encode(), headers | {"Content-Type": "application/json"})

    def call(self, path: str, body: Json | None = None) -> Json:
        """Return what a path answers, read as JSON."""
        answer: Json = json.loads(self.ask(path, body))
        return answer


def fetch(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
    """Return what an address answers."""
    request = urllib.request.Request(url, body, headers or {})  # noqa: S310
    try:
        with opener.open(request, timeout=SECONDS_TO_ANSWER) as answer:
            content: bytes = answer.read()
    except urllib.error.HTTPError as error:
        raise Failure(f"{url} answered {error.code}: {error.read().decode(errors='replace')}") from error
    except OSError as error:
        raise Failure(f"{url} does not answer: {error}") from error
    return content
