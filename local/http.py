"""HTTP client for the local stack."""

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
    """Client for an API with a key."""

    url: str
    key: str = field(repr=False)

    def ask(self, path: str, body: Json | None = None) -> bytes:
        """Return the response of a GET request, or of a POST request if there is a body."""
        headers = {"Authorization": f"Bearer {self.key}"}
        if body is None:
            return fetch(self.url + path, headers=headers)
        return fetch(self.url + path, json.dumps(body).encode(), headers | {"Content-Type": "application/json"})

    def call(self, path: str, body: Json | None = None) -> Json:
        """Return the response parsed as JSON."""
        answer: Json = json.loads(self.ask(path, body))
        return answer


def fetch(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
    """Return the response of an address; raise Failure on errors."""
    request = urllib.request.Request(url, body, headers or {})  # noqa: S310
    try:
        with opener.open(request, timeout=SECONDS_TO_ANSWER) as answer:
            content: bytes = answer.read()
    except urllib.error.HTTPError as error:
        raise Failure(f"{url} responded {error.code}: {error.read().decode(errors='replace')}") from error
    except OSError as error:
        raise Failure(f"{url} does not respond: {error}") from error
    return content
