"""The authenticated caller: a tenant, and what its credentials permit."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from herald.errors import Forbidden, InvalidSettings

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)
type Tier = Literal["vip", "standard"]
type Tenant = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""Safe in an S3 key, in a tag and as an SQS message group id."""
type Characters = Annotated[int, Field(ge=0)]
type Requests = Annotated[int, Field(ge=1)]
TOKEN_PREFIX, IAM_PREFIX = "jwt-", "iam-"
"""Prefixes of the tenants of JWTs and AWS accounts. No key can be created for such a tenant, so that they never collide
with the tenants of keys."""


class Scope(StrEnum):
    """A permission of a key."""

    SPEECH = "speech"
    """POST /v1/audio/speech, also with Prefer: respond-async."""
    JOBS = "jobs"
    BATCHES = "batches"


ALL_SCOPES = frozenset(Scope)


class KeylessLimits(BaseModel):
    """The limits of callers without an API key: those with a JWT or an AWS signature."""

    model_config = ConfigDict(frozen=True)

    characters_a_day: Characters
    requests_a_second: Requests


class Caller(BaseModel):
    """A tenant, with its permissions and limits. `key` is None for a caller with a JWT or an AWS signature."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tenant: Tenant
    key: str | None = None
    """The key's id."""
    tier: Tier = "standard"
    scopes: frozenset[Scope] = ALL_SCOPES
    characters_a_day: Characters | None = None
    """None: unlimited."""
    requests_a_second: Requests | None = None

    @property
    def account(self) -> str:
        """Return the id under which limits are counted: the key, or the tenant of a caller without a key.

        They cannot collide: the tenant of a caller without a key contains a hyphen, the id of a key does not.
        """
        return self.key or self.tenant

    @classmethod
    def keyless(cls, prefix: str, name: object, scopes: frozenset[Scope], limits: KeylessLimits) -> Self | None:
        """Return the caller of a JWT or an AWS account; None if `name` cannot be part of a tenant name.

        The tenant is `prefix` and `name` together.
        """
        try:
            if isinstance(name, str) and _NAME.fullmatch(name):
                return cls(tenant=f"{prefix}{name}", scopes=scopes, **dict(limits))
        except ValidationError:  # the name is too long
            pass
        return None

    def context(self) -> dict[str, str]:
        """Return the context of an authorizer response: strings only, with "" for None."""
        values = {name: "" if value is None else str(value) for name, value in self if name != "scopes"}
        return values | {"scopes": format_scopes(self.scopes)}

    @classmethod
    def of_context(cls, context: Mapping[str, Any]) -> Self:
        """Return the caller in an authorizer context; raise InvalidSettings for a malformed context."""
        given = {name: context.get(name) or None for name in cls.model_fields}
        # An authorizer of a newer version may send additional scopes.
        scopes = [scope for scope in str(given["scopes"] or "").split() if scope in ALL_SCOPES]
        try:
            return cls.model_validate(given | {"scopes": scopes})
        except ValidationError as error:
            wrong = ", ".join(sorted({str(fault["loc"][0]) for fault in error.errors(include_input=False)}))
            raise InvalidSettings(f"The authorizer's context is not a valid caller. Invalid fields: {wrong}.") from None

    def require(self, scope: Scope) -> None:
        """Raise Forbidden unless the caller has the scope."""
        if scope not in self.scopes:
            raise Forbidden(
                f"The key does not have the scope {scope}. It has: {format_scopes(self.scopes) or 'none'}. "
                "Use another key, or ask the operator for one with that scope."
            )

    def tier_for(self, priority: Tier | None) -> Tier:
        """Return the tier of a request, by default the caller's own; raise Forbidden for a tier above it."""
        if priority == "vip" and self.tier != "vip":
            raise Forbidden(
                "The key has the tier standard. Omit the priority, or ask the operator for a key of the tier vip.",
                param="priority",
                code="priority_not_allowed",
            )
        return priority or self.tier


def is_reserved(tenant: str) -> bool:
    """Return whether a tenant name has a prefix that is reserved for callers without a key."""
    return tenant.startswith((TOKEN_PREFIX, IAM_PREFIX))


def format_scopes(scopes: frozenset[Scope]) -> str:
    """Return scopes joined by spaces, in a fixed order."""
    return " ".join(scope for scope in Scope if scope in scopes)
