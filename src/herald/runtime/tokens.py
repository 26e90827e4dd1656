"""Tokens (JWT) of the operator's own issuer, accepted in place of an API key.

The issuer's keys are found by OpenID Connect Discovery: https://openid.net/specs/openid-connect-discovery-1_0.html
"""

import json
from collections.abc import Mapping
from functools import cached_property
from http.client import HTTPException
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from herald.auth.authenticator import Tokens, refusal
from herald.auth.caller import ALL_SCOPES, TOKEN_PREFIX, Caller, KeylessLimits
from herald.errors import InvalidSettings, Unauthorized, Unavailable
from herald.runtime.settings import Settings

if TYPE_CHECKING:
    from jwt import PyJWK, PyJWKClient

_ALGORITHMS = ("RS256", "ES256")
"""Asymmetric algorithms only. With HS256 allowed, a token could be forged using the public key as the secret."""
_REQUIRED = ["exp", "iss"]
_RESOURCE_SERVER = "herald/"
"""Custom scopes of Amazon Cognito begin with the identifier of their resource server."""
_LEEWAY = 60.0
"""Tolerated clock skew, in seconds."""
_SECONDS = 3.0
"""Timeout of each request to the issuer; API Gateway waits ten seconds for the authorizer."""
_KEYS_LAST = 3_600.0
_LOOK_AGAIN = 30.0
"""Minimum seconds between two lookups of unknown key ids; otherwise forged ids would each cause a request."""
_LONGEST_RESPONSE = 1 << 20
_DISCOVERY = "/.well-known/openid-configuration"
_NO_KEYS = "The token issuer's keys cannot be fetched. Try again."


class IssuerTokens(Tokens):
    """Verifies tokens of one issuer and one audience. PyJWT is loaded with the first token."""

    def __init__(self, issuer: str, *, audience: str, tenant_claim: str, limits: KeylessLimits) -> None:
        self._issuer = _checked(issuer)
        self._audience = audience
        self._tenant_claim = tenant_claim
        self._limits = limits

    def caller(self, token: str) -> Caller:
        """Return the caller that a valid token names, with those of Herald's scopes that it lists.

        Raise Unauthorized (`invalid_key` or `key_expired`), or Unavailable if the issuer's keys cannot be fetched.
        """
        import jwt  # noqa: PLC0415  with cryptography 50 ms, which requests with an API key should not pay

        try:
            claims = jwt.decode(
                token,
                self._key(jwt.get_unverified_header(token)),
                algorithms=_ALGORITHMS,
                issuer=self._issuer,
                leeway=_LEEWAY,
                options={"require": _REQUIRED, "verify_aud": False},
            )
            if self._audience not in audiences(claims):
                raise jwt.InvalidAudienceError
        except jwt.PyJWKClientConnectionError:
            raise Unavailable(_NO_KEYS) from None
        except jwt.ExpiredSignatureError:  # raised only after the signature was verified
            raise refusal("key_expired") from None
        except jwt.PyJWTError:
            raise refusal("invalid_key") from None
        granted = str(claims.get("scope", "")).split()
        scopes = frozenset(ALL_SCOPES & {scope.removeprefix(_RESOURCE_SERVER) for scope in granted})
        caller = Caller.keyless(TOKEN_PREFIX, claims.get(self._tenant_claim), scopes, self._limits)
        if caller is None:
            raise Unauthorized(
                f"The token's claim {self._tenant_claim} is not a valid tenant name. Use 1 to 59 characters of a-z, "
                "0-9 and -, not beginning with -.",
                code="invalid_key",
            )
        return caller

    def _key(self, header: Mapping[str, Any]) -> "PyJWK":
        """Return the issuer's key that a token's header names. Addresses and keys in the header itself are ignored."""
        if header.get("alg") not in _ALGORITHMS or not isinstance(header.get("kid"), str):
            raise refusal("invalid_key")
        try:
            return self._keys.get_signing_key(header["kid"])
        except (ValueError, HTTPException):  # not JSON, or truncated
            raise Unavailable(_NO_KEYS) from None

    @cached_property
    def _keys(self) -> "PyJWKClient":
        from jwt import PyJWKClient  # noqa: PLC0415

        address = _keys_url(self._issuer)
        return PyJWKClient(address, lifespan=_KEYS_LAST, timeout=_SECONDS, cooldown_duration=_LOOK_AGAIN)


def audiences(claims: Mapping[str, Any]) -> list[object]:
    """Return the audiences of a token. Access tokens of Amazon Cognito have the claim `client_id` instead of `aud`.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    """
    found = claims.get("aud")
    if found is None and claims.get("token_use") == "access":
        found = claims.get("client_id")
    return found if isinstance(found, list) else [found]


def issuer_of(settings: Settings) -> IssuerTokens | None:
    """Return the issuer whose tokens the deployment accepts, or None if it accepts none.

    Raise InvalidSettings if an issuer is set without an audience.
    """
    if not settings.jwt_issuer:
        return None
    if not settings.token_audience:
        raise InvalidSettings(
            "JwtIssuer requires JwtAudience: without it, the issuer's tokens for any other service would be accepted. "
            "Set the audience of your tokens."
        )
    return IssuerTokens(
        settings.jwt_issuer,
        audience=settings.token_audience,
        tenant_claim=settings.jwt_tenant_claim,
        limits=settings.keyless_limits,
    )


def _keys_url(issuer: str) -> str:
    """Return the `jwks_uri` of an issuer's discovery document."""
    request = Request(f"{issuer.rstrip('/')}{_DISCOVERY}", headers={"Accept": "application/json"})  # noqa: S310  checked
    try:
        with urlopen(request, timeout=_SECONDS) as response:  # noqa: S310  checked
            found = json.loads(response.read(_LONGEST_RESPONSE))
    except (OSError, ValueError, HTTPException):
        raise Unavailable("The token issuer does not respond. Try again.") from None
    if not isinstance(found, dict) or found.get("issuer") != issuer or not isinstance(found.get("jwks_uri"), str):
        raise InvalidSettings(
            f"The document at JwtIssuer{_DISCOVERY} must have an `issuer` equal to JwtIssuer and a `jwks_uri`. "
            "Correct JwtIssuer."
        )
    return _checked(found["jwks_uri"])


def _checked(url: str) -> str:
    """Return a URL that is https, or http to a loopback address; raise InvalidSettings for any other."""
    parts = urlsplit(url)
    try:
        is_loopback = ip_address(parts.hostname or "").is_loopback
    except ValueError:
        is_loopback = False
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback):
        raise InvalidSettings("JwtIssuer and its jwks_uri must be URLs that begin with https://.")
    return url
