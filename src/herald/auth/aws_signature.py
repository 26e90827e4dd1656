"""Credentials of AWS's SDKs and command line, which sign each request (Signature Version 4).

Herald cannot check a signature, because it stores no secret of a key in plain text. A key is accepted as the session
token, or as the access key id of the signature.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import re
from collections.abc import Mapping

from herald.auth.api_keys import PREFIX

TOKEN_HEADER = "x-amz-security-token"  # noqa: S105  the name of a header
"""The header with the session token."""
_POLLY = re.compile(
    r"AWS4-HMAC-SHA256 +Credential=([^/,\s]+)/[0-9]{8}/[^/,\s]*/polly/aws4_request(?:[,\s]|$)", re.ASCII
)


def is_for_polly(headers: Mapping[str, str]) -> bool:
    """Return whether a request was signed by a client of Amazon Polly. `headers` have lower-case names."""
    return _POLLY.match(headers.get("authorization", "")) is not None


def bearer_of(authorization: str | None, session_token: str | None) -> str | None:
    """Return a value of the Authorization header as an authenticator expects it.

    For a client of Polly it contains the key: the access key id if it looks like one, else the session token. Other
    values are returned unchanged.
    """
    signed = _POLLY.match(authorization or "")
    if signed is None:
        return authorization
    key = signed[1] if signed[1].startswith(PREFIX) or not session_token else session_token
    return f"Bearer {key}"
