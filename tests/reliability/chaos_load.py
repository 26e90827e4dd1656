"""Load of the chaos test: mixed requests, and a record of accepted ones."""

import threading
import time
from collections import Counter
from random import Random
from uuid import uuid4

import httpx

from tests.hostile.cases import CASES, with_a_gpu
from tests.hostile.test_over_http import Client
from tests.local.tools import client_of, key_of

TENANT = "chaos"
WORDS = ("parcel", "doctor", "garden", "winter", "ticket", "bridge", "kitchen", "letter", "window", "music", "river")
WEIGHTS = {"speak": 4, "stream": 2, "standard": 5, "vip": 3, "gpu": 1, "batch": 1, "hostile": 3}
ROWS = 6
RETRY = {429, 503}
MOST_POSTS = 10
HOSTILE = [with_a_gpu(case) for case in CASES if 400 <= case.status < 500 and not case.get("over_http")]
"""Requests that must be rejected."""


class Load:
    """Callers of one tenant, with their accepted requests."""

    def __init__(self, stack, seed):
        self._stack, self._random, self._lock = stack, Random(seed), threading.Lock()  # noqa: S311
        key = key_of(stack, tenant=TENANT, tier="vip")
        self.http = client_of(stack, key)
        headers = {"Authorization": f"Bearer {key}"}
        self._stream = httpx.Client(base_url=stack.stream_url, headers=headers, trust_env=False, timeout=60)
        self._hostile = Client(stack)
        self.jobs, self.batches, self.spoken = {}, {}, {}
        self.characters = self.unsure = 0
        """Characters of accepted requests, and of those without a response."""
        self.statuses, self.wrong = Counter(), []

    def close(self):
        self.http.close()
        self._stream.close()

    def run(self, until):
        """Send consecutive requests until a time."""
        while time.monotonic() < until:
            with self._lock:
                (kind,) = self._random.choices(list(WEIGHTS), list(WEIGHTS.values()))
                words = self._random.choices(WORDS, k=self._random.randint(2, 8))
            text = f"{' '.join(words).capitalize()}."
            try:
                getattr(self, kind)(text)
            except (httpx.TransportError, OSError) as error:
                with self._lock:
                    self.statuses[kind, type(error).__name__] += 1
                    self.unsure += len(text)

    def _note(self, kind, status, *, accepted, text):
        with self._lock:
            self.statuses[kind, status] += 1
            self.characters += len(text) if accepted else 0
            if not accepted and status not in RETRY:
                self.wrong.append((kind, status, text))
        if not accepted:
            time.sleep(0.3)

    def speak(self, text):
        answer = self.http.post("/v1/audio/speech", json={"input": text, "response_format": "ulaw"})
        self._note("speak", answer.status_code, accepted=answer.is_success, text=text)
        if answer.is_success:
            self.spoken[text] = len(answer.content) / 8_000

    def stream(self, text):
        answer = self._stream.post("/v1/audio/speech", json={"input": text, "response_format": "pcm"})
        self._note("stream", answer.status_code, accepted=answer.is_success, text=text)
        if answer.is_success:
            self.spoken[text] = len(answer.content) / 2 / 24_000

    def standard(self, text):
        self._job("standard", text, priority="standard")

    def vip(self, text):
        self._job("vip", text, priority="vip")

    def gpu(self, text):
        self._job("gpu", text, quality="high", priority="standard")

    def _job(self, kind, text, **fields):
        if accepted := self._submit(kind, "/v1/jobs", text, input=text, response_format="ulaw", **fields):
            self.jobs[accepted["id"]] = text

    def batch(self, text):
        texts = {str(number): f"Number {number}: {text}" for number in range(ROWS)}
        items = [{"id": name, "text": one} for name, one in texts.items()]
        body = {"name": "Chaos", "items": items, "items_per_child": 2, "response_format": "ulaw"}
        if accepted := self._submit("batch", "/v1/batches", "".join(texts.values()), **body):
            self.batches[accepted["id"]] = texts

    def _submit(self, kind, path, text, **body):
        """Submit like a well-behaved client: retry with the same Idempotency-Key until accepted."""
        key = {"Idempotency-Key": uuid4().hex}
        for _ in range(MOST_POSTS):
            try:
                answer = self.http.post(path, json=body, headers=key)
            except httpx.TransportError:
                continue
            accepted = answer.status_code == httpx.codes.ACCEPTED
            self._note(kind, answer.status_code, accepted=accepted, text=text)
            if answer.status_code not in RETRY:
                return answer.json() if accepted else None
        with self._lock:
            self.unsure += len(text)
        return None

    def hostile(self, _text):
        with self._lock:
            case = self._random.choice(HOSTILE)
        answer = self._hostile.call(case.method, case.path, case.headers, case.body)
        expected = answer.status in {case.status, *RETRY}
        self._note("hostile", answer.status, accepted=expected, text="")
