"""Transport of the functions behind an Application Load Balancer, which authenticates no caller and sends up to 1 MB.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

from herald.auth.authenticator import credentials_in
from herald.auth.caller import Caller
from herald.errors import ResponseTooLarge
from herald.runtime.function import Event, joined_headers
from herald.web.exchange import Reply, Request
from herald.web.http_rules import BALANCED_BYTES
from herald.web.lambda_door import HttpFunction, LambdaExchange


class LoadBalancerExchange(LambdaExchange):
    """A request of a load balancer, whose target group sends the values of repeated headers as lists.

    Its headers, X-Forwarded-For included, are the client's, and nothing here trusts them. The id of the request is
    that of the invocation, since clients can choose X-Amzn-Trace-Id.
    """

    def __init__(self, event: Event, context: Any, function: HttpFunction) -> None:  # noqa: ANN401  the runtime's own
        query, parameters = _query_of(event.get("multiValueQueryStringParameters") or {})
        request = Request(
            id=context.aws_request_id,
            method=event["httpMethod"],
            path=unquote(event["path"]),
            query=query,
            parameters=parameters,
            headers=joined_headers(event.get("multiValueHeaders")),
        )
        super().__init__(request, event, context, function)
        self.most_bytes = min(self.most_bytes, BALANCED_BYTES)
        self._authenticator = function.authenticator

    def authenticate(self) -> Caller:
        """Return the caller of the key or token in the request, as the authorizer of the HTTP API does."""
        return self._authenticator.admit(credentials_in(self.request.headers))

    def encode(self, reply: Reply) -> Event:
        """Return a reply as a load balancer expects it, in base64 whatever it is, so that its size is known."""
        content = reply.content
        body = content if isinstance(content, bytes) else content.encode()
        if len(body) > BALANCED_BYTES:
            raise ResponseTooLarge(
                f"The response has {len(body):,} bytes; the load balancer sends at most {BALANCED_BYTES:,}. "
                "Request less, for example with limit, or send the request to the HTTP API (ApiUrl)."
            )
        status = HTTPStatus(reply.status)
        return {
            "statusCode": status.value,
            "statusDescription": f"{status.value} {status.phrase}",
            "multiValueHeaders": {name: [value] for name, value in reply.headers.items()},
            "body": b64encode(body).decode(),
            "isBase64Encoded": body != b"",
        }


def _query_of(values: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, str]]:
    """Return the query as sent, and its decoded parameters; those of one name are joined, as by API Gateway."""
    query = "&".join(f"{name}={value}" for name, several in values.items() for value in several)
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    return query, parameters
