"""The HTTP client of the command line and of voice downloads. Lambda functions do not contain httpx."""

import ssl

import httpx

from herald import __version__
from herald.errors import HeraldError

SILENCE_SECONDS = 30.0
"""Seconds without data after which a request fails."""


def open_client() -> httpx.Client:
    """Return a client that trusts the system's certificates and follows redirects of GET requests only.

    A redirect from https to http raises httpx.RequestError. Redirects to another host lose the Authorization header.
    Raise HeraldError for a proxy of the environment that httpx does not support, such as one for SOCKS.
    """
    try:
        return httpx.Client(
            headers={"User-Agent": f"herald/{__version__}"},
            timeout=SILENCE_SECONDS,
            verify=ssl.create_default_context(),
            event_hooks={"response": [_check_redirect]},
        )
    except (ValueError, ImportError):
        raise HeraldError(
            "A proxy in ALL_PROXY, HTTPS_PROXY or HTTP_PROXY is not an http:// or https:// address. Unset the "
            "variable, or set it to an HTTP proxy."
        ) from None


def reason_of(error: BaseException) -> str:
    """Return the reason of a failed request as text: that of the operating system, if there is one."""
    while not isinstance(error, OSError) and (inner := error.__cause__ or error.__context__):
        error = inner
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def _check_redirect(response: httpx.Response) -> None:
    if response.has_redirect_location and response.url.scheme == "https":
        target = response.url.join(response.headers["Location"])
        if target.scheme != "https":
            raise httpx.RequestError("it redirects from https to another scheme", request=response.request)
