"""An unreliable network between botocore and moto: lost responses, and late, repeated or lost requests."""

from collections import deque
from contextlib import contextmanager

from botocore.exceptions import ReadTimeoutError
from moto.core.botocore_stubber import BotocoreStubber

FATES = ("delivered", "lost", "dropped", "late", "twice", "throttled", "failed")


class Network:
    """Gives each request the next of `fates`; afterwards, all requests are delivered.

    Besides FATES, a request can be "overtaken": the late ones before it arrive first.
    """

    def __init__(self):
        self.fates = deque()
        self._late = []

    def carry(self, deliver, request):
        """Handle a request by its fate: return a response or raise a timeout."""
        fate = self.fates.popleft() if self.fates else "delivered"
        if fate == "overtaken":
            self.arrive()
        if fate == "throttled":
            return _error(400, "ThrottlingException")
        if fate == "late":
            self._late.append(lambda: deliver(request))
        elif fate != "dropped":
            response = deliver(request)
            if fate == "twice":
                response = deliver(request)
            if fate == "failed":
                return _error(500, "InternalServerError")
            if fate != "lost":
                return response
        raise ReadTimeoutError(endpoint_url=request.url)

    def arrive(self):
        """Deliver the late requests."""
        while self._late:
            self._late.pop(0)()


def _error(status, code):
    body = f'{{"__type": "com.amazonaws.dynamodb.v20120810#{code}", "message": "No."}}'
    return status, {"content-type": "application/x-amz-json-1.0"}, body


@contextmanager
def unreliable(monkeypatch, operation="UpdateItem"):
    """Route an operation of DynamoDB through an unreliable network; botocore retries without pauses."""
    network, process = Network(), BotocoreStubber.process_request

    def intercepted(self, request):
        target = request.headers.get("X-Amz-Target", b"")
        if "dynamodb" not in request.url or not target.endswith(f".{operation}".encode()):
            return process(self, request)
        return network.carry(lambda request: process(self, request), request)

    with monkeypatch.context() as patch:
        patch.setattr(BotocoreStubber, "process_request", intercepted)
        patch.setattr("botocore.endpoint.time.sleep", lambda _: None)
        # botocore retries less often after many failures, and all tests share the client.
        patch.setattr("botocore.retries.quota.RetryQuota.acquire", lambda *_: True)
        yield network
