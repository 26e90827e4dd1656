"""Limits on the size of a request, checked before any other work. Each path sets the limit of its own body."""

from collections.abc import Mapping

from herald.errors import HeadersTooLarge, InvalidRequest, UriTooLong
from herald.jobs.body import parse_body

MOST_ADDRESS = 8_192
"""Maximum length of path and query in characters. API Gateway limits request line and headers to 10,240 bytes:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""
MOST_HEADERS = 100
MOST_HEADER_BYTES = 16_384
"""Maximum size of all header names and values, for the streaming URL, which accepts more than API Gateway."""
_MOST_EMPTY_BYTES = 1_024


def check_request(path: str, query: str, headers: Mapping[str, str]) -> None:
    """Raise UriTooLong or HeadersTooLarge if a request exceeds a limit, whatever its path."""
    if len(path) + len(query) > MOST_ADDRESS:
        raise UriTooLong(f"The path and query exceed {MOST_ADDRESS} characters. Shorten the query.")
    size = sum(len(name) + len(value) for name, value in headers.items())
    if len(headers) > MOST_HEADERS or size > MOST_HEADER_BYTES:
        raise HeadersTooLarge(
            f"The request has more than {MOST_HEADERS} headers, or more than {MOST_HEADER_BYTES} bytes of headers. "
            "Send fewer."
        )


def check_framing(headers: Mapping[str, str]) -> None:
    """Raise InvalidRequest if a body declares two lengths, which allows request smuggling (RFC 9112, section 6.3)."""
    if "content-length" in headers and "transfer-encoding" in headers:
        raise InvalidRequest("Send Content-Length or Transfer-Encoding, not both.")


def expect_nothing(body: bytes, headers: Mapping[str, str]) -> None:
    """Raise InvalidRequest unless the body is absent or an empty JSON object. Unknown fields are refused everywhere."""
    if body and parse_body(body, headers, max_bytes=_MOST_EMPTY_BYTES):
        raise InvalidRequest("This path accepts no fields. Send no body or an empty object.", code="unknown_field")
