"""Who asks: a tenant, by one of its keys, and what that key is for."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from herald.errors import Forbidden, InvalidSettings
from herald.jobs.job import Tier

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)
type Tenant = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""As it may stand in a key of S3, in a tag and as a group of SQS."""
type Characters = Annotated[int, Field(ge=0)]
type Requests = Annotated[int, Field(ge=1)]
TOKEN_PREFIX, IAM_PREFIX = "jwt-", "iam-"
"""Of the tenants of tokens and of AWS accounts. No key is made for such a tenant, so the two are never the same."""


class Scope(StrEnum):
    """What a key may be used for."""

    SPEECH = "speech"
    """POST /v1/audio/speech, also with Prefer: respond-async."""
    JOBS = "jobs"
    BATCHES = "batches"


ALL_SCOPES = frozenset(Scope)


class KeylessLimits(BaseModel):
    """What a caller without a key may ask for: one with a token, or with a signature of AWS."""

    model_config = ConfigDict(frozen=True)

    characters_a_day: Characters
    requests_a_second: Requests


class Caller(BaseModel):
    """A tenant, and what it may ask for. Without a key it came with a token or with a signature of AWS."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tenant: Tenant
    key: str | None = None
    """The key's id."""
    tier: Tier = "standard"
    scopes: frozenset[Scope] = ALL_SCOPES
    characters_a_day: Characters | None = None
    """None: as many as it likes."""
    requests_a_second: Requests | None = None

    @property
    def account(self) -> str:
        """What its limits are counted under: the key, or the tenant of a caller without one.

        The two never collide: such tenants have a prefix with a hyphen, which no key's id has.
        """
        return self.key or self.tenant

    @classmethod
    def keyless(cls, prefix: str, name: object, scopes: frozenset[Scope], limits: KeylessLimits) -> Self | None:
        """The caller of a token or an AWS account; None if `name` cannot be part of a tenant's name."""
        try:
            return cls(tenant=f"{prefix}{name}", scopes=scopes, **dict(limits)) if _is_name(name) else None
        except ValidationError:
            return None

    def context(self) -> dict[str, str]:
        """What an authorizer answers with: strings only, "" for None."""
        values = {name: "" if value is None else str(value) for name, value in self if name != "scopes"}
        return values | {"scopes": written(self.scopes)}

    @classmethod
    def of_context(cls, context: Mapping[str, Any]) -> Self:
        """Whom an authorizer let in; InvalidSettings for what no authorizer of ours answers."""
        given = {name: context.get(name) or None for name in cls.model_fields}
        # One of a later version may know more scopes.
        scopes = [scope for scope in str(given["scopes"] or "").split() if scope in ALL_SCOPES]
        try:
            return cls.model_validate(given | {"scopes": scopes})
        except ValidationError as error:
            wrong = ", ".join(sorted({str(one["loc"][0]) for one in error.errors(include_input=False)}))
            raise InvalidSettings(f"The authorizer answered with what is no caller. Wrong there: {wrong}.") from None

    def require(self, scope: Scope) -> None:
        """Forbidden where the key is not for that."""
        if scope not in self.scopes:
            raise Forbidden(
                f"The key is not for {scope}, only for: {written(self.scopes) or 'nothing'}. "
                "Use another, or ask the operator for one with that scope."
            )

    def tier_for(self, priority: Tier | None) -> Tier:
        """The tier of what it asks for, left out its own; Forbidden where that is above it."""
        if priority == "vip" and self.tier != "vip":
            raise Forbidden(
                "The key is of the tier standard. Leave the priority out, or ask the operator for one of the tier vip.",
                param="priority",
                code="priority_not_allowed",
            )
        return priority or self.tier


def is_reserved(tenant: str) -> bool:
    """Whether a tenant's name is of those of callers without a key."""
    return tenant.startswith((TOKEN_PREFIX, IAM_PREFIX))


def _is_name(name: object) -> bool:
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def written(scopes: frozenset[Scope]) -> str:
    """Scopes with spaces between them, always in the same order."""
    return " ".join(scope for scope in Scope if scope in scopes)
