"""An unreliable network between botocore and moto: answers get lost, requests arrive late, twice, or not at all."""

from collections import deque
from contextlib import contextmanager

from botocore.exceptions import ReadTimeoutError
from moto.core.botocore_stubber import BotocoreStubber

FATES = ("well", "lost", "dropped", "late", "twice", "throttled", "failed")


class Network:
    """Gives each request the next fate of `fates`; all is well once there are no more."""

    def __init__(self):
        self.fates = deque()
        self._waiting = []

    def carry(self, deliver, request):
        """Deliver a request, or not; the answer, or a timeout."""
        fate = self.fates.popleft() if self.fates else "well"
        if fate == "throttled":
            return _refusal(400, "ThrottlingException")
        if fate == "late":
            self._waiting.append(lambda: deliver(request))
        elif fate != "dropped":
            answer = deliver(request)
            if fate == "twice":
                answer = deliver(request)
            if fate == "failed":
                return _refusal(500, "InternalServerError")
            if fate != "lost":
                return answer
        raise ReadTimeoutError(endpoint_url=request.url)

    def arrive(self):
        """Deliver what was late."""
        while self._waiting:
            self._waiting.pop(0)()


def _refusal(status, code):
    body = f'{{"__type": "com.amazonaws.dynamodb.v20120810#{code}", "message": "No."}}'
    return status, {"content-type": "application/x-amz-json-1.0"}, body


@contextmanager
def unreliable(monkeypatch, operation="UpdateItem"):
    """Put a network before an operation of DynamoDB; botocore does not pause before it asks again."""
    network, process = Network(), BotocoreStubber.process_request

    def carried(self, request):
        asked = request.headers.get("X-Amz-Target", b"")
        if "dynamodb" not in request.url or not asked.endswith(f".{operation}".encode()):
            return process(self, request)
        return network.carry(lambda it: process(self, it), request)

    with monkeypatch.context() as patch:
        patch.setattr(BotocoreStubber, "process_request", carried)
        patch.setattr("botocore.endpoint.time.sleep", lambda _: None)
        # It tries less often after many failures, and the client is shared by all tests.
        patch.setattr("botocore.retries.quota.RetryQuota.acquire", lambda *_: True)
        yield network
