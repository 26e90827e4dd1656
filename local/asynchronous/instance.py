"""The instance behind an endpoint: serves invocations in order of arrival, with limited concurrency."""

import http.client
import json
import threading
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError

from local.asynchronous import notices
from local.asynchronous.behaviour import Behaviour, Behaviours
from local.asynchronous.endpoints import Endpoint
from local.asynchronous.invocation import Answer, Invocation
from local.clients import Client
from local.process import opener

type Json = dict[str, Any]

SECONDS_BETWEEN_PINGS = 0.2
NO_CONTAINER = "No container server is running on this machine. Install it with: make .tools/gpu/ready"


class Failed(Exception):
    """A failed invocation; the message is SageMaker's failureReason."""


class Instance:
    """Serves the invocations of all endpoints with one container server, and keeps their notifications in memory."""

    def __init__(self, s3: Client, sns: Client, container_url: str | None) -> None:
        self._s3, self._sns, self._container_url = s3, sns, container_url
        self.behaviours = Behaviours()
        self._threads: dict[Endpoint, ThreadPoolExecutor] = {}
        self._lock = threading.Lock()
        self._notices: dict[str, tuple[str | None, Json]] = {}

    def accept(self, invocation: Invocation) -> None:
        """Accept an invocation; return when its response is due."""
        behaviour, served_at = self.behaviours.serve(invocation.inference_id, time.monotonic())
        if behaviour.deaf:
            return
        done = self._pool(invocation.endpoint).submit(self._serve, invocation, behaviour, served_at)
        done.add_done_callback(report)
        if behaviour.answer_after_notice_seconds is not None:
            done.result()
            time.sleep(behaviour.answer_after_notice_seconds)

    def notice(self, inference_id: str) -> Json | None:
        """Return the notification of an ended invocation, whether or not it was sent."""
        topic_and_notice = self._notices.get(inference_id)
        return topic_and_notice[1] if topic_and_notice else None

    def publish(self, inference_id: str) -> None:
        """Send the notification of an ended invocation (again)."""
        topic, notice = self._notices[inference_id]
        if topic:
            self._sns.publish(TopicArn=topic, Message=json.dumps(notice))

    def _pool(self, endpoint: Endpoint) -> ThreadPoolExecutor:
        with self._lock:
            if endpoint not in self._threads:
                self._threads[endpoint] = ThreadPoolExecutor(endpoint.concurrency)
            return self._threads[endpoint]

    def _serve(self, invocation: Invocation, behaviour: Behaviour, served_at: float) -> None:
        began = time.monotonic()
        time.sleep(max(0, served_at - began) + behaviour.slow_seconds)
        try:
            notice = self._answer(invocation, behaviour)
            topic = invocation.endpoint.success_topic
        except Failed as failed:
            notice = notices.failure(invocation, str(failed))
            topic = invocation.endpoint.error_topic
        self._notices[invocation.inference_id] = topic, notice
        print(f"{invocation.inference_id}: {notice['invocationStatus']} {notice.get('failureReason', '')}", flush=True)
        if not behaviour.silent:
            self._send(invocation.inference_id, behaviour)

    def _answer(self, invocation: Invocation, behaviour: Behaviour) -> Json:
        if (time.time() - invocation.received.timestamp()) > invocation.ttl_seconds:
            raise Failed(f"ClientError: Request exceeded RequestTTLSeconds ({invocation.ttl_seconds})")
        body = invocation.body or self._read(invocation.input_location)
        answer = failing(behaviour.failure_status) if behaviour.failure_status else self._ask(invocation, body)
        if answer.status != HTTPStatus.OK:
            if invocation.failure_location:
                self._write(invocation.failure_location, answer)
            kind, error = ("client", "ClientError") if answer.status < 500 else ("server", "InternalServerError")  # noqa: PLR2004
            raise Failed(f"{error}: Received {kind} error ({answer.status}) from model. See the endpoint's logs.")
        self._write(invocation.output_location, answer)
        return notices.success(invocation, answer)

    def _ask(self, invocation: Invocation, body: bytes) -> Answer:
        headers = {"Content-Type": invocation.content_type, "Accept": invocation.accept}
        headers = {name: value for name, value in headers.items() if value}
        deadline = time.monotonic() + invocation.timeout_seconds
        self._wait_for_container(deadline)
        try:
            return post(f"{self._container_url}/invocations", body, headers, deadline - time.monotonic())
        except (OSError, http.client.HTTPException) as error:
            raise Failed(f"InternalServerError: No answer from model: {type(error).__name__}") from error

    def _wait_for_container(self, deadline: float) -> None:
        if self._container_url is None:
            raise Failed(NO_CONTAINER)
        while True:
            try:
                opener.open(f"{self._container_url}/ping", timeout=2).close()
            except OSError as error:
                if time.monotonic() > deadline:
                    raise Failed("InternalServerError: The container did not answer its ping.") from error
                time.sleep(SECONDS_BETWEEN_PINGS)
            else:
                return

    def _send(self, inference_id: str, behaviour: Behaviour) -> None:
        def send() -> None:
            for _ in range(behaviour.notices):
                self.publish(inference_id)

        after(behaviour.notice_delay_seconds, send)

    def _read(self, location: str) -> bytes:
        bucket, key = location.removeprefix("s3://").split("/", 1)
        try:
            content: bytes = self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            raise Failed(f"ClientError: Unable to read {location}: {error.response['Error']['Code']}") from error
        return content

    def _write(self, location: str, answer: Answer) -> None:
        bucket, key = location.removeprefix("s3://").split("/", 1)
        self._s3.put_object(Bucket=bucket, Key=key, Body=answer.body, ContentType=answer.content_type)


def report(done: Future[None]) -> None:
    """Log errors of the stand-in itself; the future's result is not awaited."""
    if error := done.exception():
        traceback.print_exception(error)


def failing(status: int) -> Answer:
    """Return an error response in the format of Herald's container."""
    error = {
        "message": "The container is configured to fail.",
        "type": "server_error",
        "param": None,
        "code": "simulated",
    }
    return Answer(status, "application/json", json.dumps({"error": error}).encode())


def post(url: str, body: bytes, headers: dict[str, str], seconds: float) -> Answer:
    """Send a POST request; return the response for any status."""
    request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310
    try:
        with opener.open(request, timeout=max(0.1, seconds)) as response:
            return Answer(response.status, response.headers.get_content_type(), response.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers.get_content_type(), error.read())


def after(seconds: float, act: Callable[[], None]) -> None:
    """Call `act` now, or after `seconds` in another thread."""
    if not seconds:
        act()
        return
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()
