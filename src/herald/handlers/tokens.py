"""Tokens (JWT) of the operator's own issuer, which may be shown in the place of a key.

https://openid.net/specs/openid-connect-discovery-1_0.html tells where an issuer has its keys.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from http.client import HTTPException
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from herald.errors import InvalidSettings, Unauthorized, Unavailable
from herald.handlers.settings import Settings
from herald.jobs.caller import ALL_SCOPES, TOKEN_PREFIX, Caller, KeylessLimits
from herald.jobs.door import Tokens, refusal

if TYPE_CHECKING:
    from jwt import PyJWK, PyJWKClient

_ALGORITHMS = ("RS256", "ES256")
"""Of public keys alone: what is signed with the text of a public key is no token."""
_REQUIRED = ["exp", "iss", "aud"]
_LEEWAY = 60.0
"""Seconds by which clocks may differ."""
_SECONDS = 3.0
"""That the issuer may take for an answer; API Gateway waits ten for all."""
_KEYS_LAST = 3_600.0
_LOOK_AGAIN = 30.0
"""Seconds between two looks for a key that is not known: else whoever invents names of keys has us ask for each."""
_LONGEST_ANSWER = 1 << 20
_DISCOVERY = "/.well-known/openid-configuration"


class IssuerTokens(Tokens):
    """Tokens of one issuer, for one audience. PyJWT is loaded by the first of them."""

    def __init__(self, issuer: str, *, audience: str, tenant_claim: str, limits: KeylessLimits) -> None:
        self._issuer = _checked(issuer)
        self._audience = audience
        self._tenant_claim = tenant_claim
        self._limits = limits

    def caller(self, token: str) -> Caller:
        """Whom a token names; Unauthorized `invalid_key` or `key_expired` for one that proves nothing.

        Unavailable where the issuer does not show its keys.
        """
        import jwt  # noqa: PLC0415  with cryptography, 50 ms that no key waits for

        try:
            claims = jwt.decode(
                token,
                self._key(jwt.get_unverified_header(token)),
                algorithms=_ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                leeway=_LEEWAY,
                options={"require": _REQUIRED},
            )
        except jwt.PyJWKClientConnectionError:
            raise Unavailable("The issuer of tokens does not show its keys now. Try again.") from None
        except jwt.ExpiredSignatureError:  # told once the signature was right
            raise refusal("key_expired") from None
        except jwt.PyJWTError:
            raise refusal("invalid_key") from None
        return self._caller(claims)

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        """The caller that a token names, for those of our scopes that it names."""
        scopes = frozenset(ALL_SCOPES & set(str(claims.get("scope", "")).split()))
        caller = Caller.keyless(TOKEN_PREFIX, claims.get(self._tenant_claim), scopes, self._limits)
        if caller is None:
            raise Unauthorized(
                f"The token's claim {self._tenant_claim} cannot name a tenant. It must be 1 to 59 characters of a-z, "
                "0-9 and -, and not begin with -.",
                code="invalid_key",
            )
        return caller

    def _key(self, header: Mapping[str, Any]) -> "PyJWK":
        """The issuer's key of a token's header, which decides neither where it is nor what it may be used for."""
        if header.get("alg") not in _ALGORITHMS or not isinstance(header.get("kid"), str):
            raise refusal("invalid_key")
        try:
            return self._keys.get_signing_key(header["kid"])
        except (ValueError, HTTPException):  # no JSON, or half of it
            raise Unavailable("The issuer of tokens does not show its keys now. Try again.") from None

    @cached_property
    def _keys(self) -> "PyJWKClient":
        from jwt import PyJWKClient  # noqa: PLC0415

        address = _address_of_keys(self._issuer)
        return PyJWKClient(address, lifespan=_KEYS_LAST, timeout=_SECONDS, cooldown_duration=_LOOK_AGAIN)


def issuer_of(settings: Settings) -> IssuerTokens | None:
    """The issuer whose tokens a deployment takes, if it does."""
    if not settings.jwt_issuer:
        return None
    if not settings.jwt_audience:
        raise InvalidSettings("JwtIssuer needs JwtAudience: else its tokens for any other service open this one.")
    return IssuerTokens(
        settings.jwt_issuer,
        audience=settings.jwt_audience,
        tenant_claim=settings.jwt_tenant_claim,
        limits=settings.keyless_limits,
    )


def _address_of_keys(issuer: str) -> str:
    """Where an issuer says that its keys are."""
    request = Request(f"{issuer.rstrip('/')}{_DISCOVERY}", headers={"Accept": "application/json"})  # noqa: S310  checked
    try:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310  checked
            told = json.loads(answer.read(_LONGEST_ANSWER))
    except (OSError, ValueError, HTTPException):
        raise Unavailable("The issuer of tokens does not answer now. Try again.") from None
    if not isinstance(told, dict) or told.get("issuer") != issuer or not isinstance(told.get("jwks_uri"), str):
        raise InvalidSettings(f"What is at JwtIssuer{_DISCOVERY} is not of an issuer of exactly that name.")
    return _checked(told["jwks_uri"])


def _checked(url: str) -> str:
    """An address of https, or one on this machine; InvalidSettings for another."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.hostname or "")):
        raise InvalidSettings("JwtIssuer, and where it has its keys, are addresses that begin with https://.")
    return url


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
