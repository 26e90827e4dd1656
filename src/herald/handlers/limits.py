"""What a request may be at most, looked at before anything is done for it. The body's limit is each path's own."""

from collections.abc import Mapping

from herald.errors import HeadersTooLarge, InvalidRequest, UriTooLong
from herald.jobs.body import parse_body

MOST_ADDRESS = 8_192
"""Characters of a path with its query; API Gateway itself takes 10,240 bytes of both and all headers."""
MOST_HEADERS = 100
MOST_HEADER_BYTES = 16_384
"""Of all names and values together, for doors that let through more than API Gateway."""
_MOST_EMPTY_BYTES = 1_024


def check_request(path: str, query: str, headers: Mapping[str, str]) -> None:
    """UriTooLong or HeadersTooLarge for a request that is over a limit, whatever it asks for."""
    if len(path) + len(query) > MOST_ADDRESS:
        raise UriTooLong(f"The path and its query are over {MOST_ADDRESS} characters.")
    size = sum(len(name) + len(value) for name, value in headers.items())
    if len(headers) > MOST_HEADERS or size > MOST_HEADER_BYTES:
        raise HeadersTooLarge(f"More than {MOST_HEADERS} headers, or more than {MOST_HEADER_BYTES} bytes of them.")


def check_framing(headers: Mapping[str, str]) -> None:
    """InvalidRequest for a body with two lengths, on which two servers may disagree (RFC 9112, section 6.3)."""
    if "content-length" in headers and "transfer-encoding" in headers:
        raise InvalidRequest("Send Content-Length or Transfer-Encoding, not both.")


def expect_nothing(body: bytes, headers: Mapping[str, str]) -> None:
    """Take no body, or an empty object: a field that would be overlooked is refused, as it is anywhere."""
    if body and parse_body(body, headers, max_bytes=_MOST_EMPTY_BYTES):
        raise InvalidRequest("This path takes no fields. Send no body, or an empty object.", code="unknown_field")
