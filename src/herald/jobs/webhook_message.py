"""Webhooks of the specification Standard Webhooks: their body, their signature, and the times of retries.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from random import uniform
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from herald.errors import MalformedMessage
from herald.jobs.job import JobError, WebhookOutcome
from herald.jobs.webhook_address import LONGEST_URL

_PREFIX = "whsec_"
_MINUTES = (1 / 12, 1, 5, 20, 60, 120, 240, 480)
"""Minutes before each further attempt: nine attempts in about 15 hours."""
MOST_ATTEMPTS = len(_MINUTES) + 1
_EARLIER = 0.8
"""A pause is random between this fraction of it and the whole, so that retries do not arrive together."""

type ReasonCode = Literal[
    "webhook_refused", "webhook_gone", "webhook_redirected", "webhook_unreachable", "webhook_timeout",
    "webhook_address_not_public", "webhook_host_not_allowed", "invalid_webhook_url", "broken_message",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why an attempt failed. `message` contains no URL and nothing that the receiver sent but its status."""

    code: ReasonCode
    message: str
    status: int | None = None
    """The status of the response, if there was one."""
    final: bool = False
    """Whether further attempts would fail as well."""


class _Ended(BaseModel):
    """The fields of an event's detail that sending needs; all of them are passed on."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(min_length=1, max_length=64)
    tenant: str = Field(min_length=1, max_length=64)
    ended_at: datetime
    webhook_url: str = Field(max_length=LONGEST_URL * 2)
    redrives: int = 0


class _Event(BaseModel):
    """An EventBridge event, as a rule sends it to a queue."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: str = Field(alias="detail-type", min_length=1, max_length=64)
    detail: _Ended


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """A webhook to send."""

    id: str
    """The same for every attempt, and for an event that was published twice."""
    tenant: str
    url: str
    body: bytes
    about: str
    """The id of the job or batch."""
    run: int
    """The number of redrives of the batch before this end; 0 for a job."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the webhook for an event; raise MalformedMessage if the event is malformed."""
        try:
            event = _Event.model_validate_json(text)
        except ValidationError as error:
            raise MalformedMessage(f"The event is malformed: {error.error_count()} validation errors.") from None
        detail = event.detail
        sent: dict[str, Any] = json.loads(text)["detail"]
        data = {name: value for name, value in sent.items() if name != "webhook_url"}
        body = {"type": event.kind, "timestamp": sent["ended_at"], "data": data}
        return cls(
            id=webhook_id(detail.id, detail.redrives),
            tenant=detail.tenant,
            url=detail.webhook_url,
            body=json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode(),
            about=detail.id,
            run=detail.redrives,
        )

    def headers(self, secrets: Sequence[str], now: datetime) -> dict[str, str]:
        """Return the headers of an attempt, with a signature for each of the master `secrets`."""
        timestamp = str(int(now.timestamp()))
        signed = b".".join((self.id.encode(), timestamp.encode(), self.body))
        keys = [tenant_key(secret, self.tenant) for secret in secrets]
        return {
            "Content-Type": "application/json",
            "webhook-id": self.id,
            "webhook-timestamp": timestamp,
            "webhook-signature": " ".join("v1," + _base64(hmac.digest(key, signed, "sha256")) for key in keys),
        }


def webhook_id(about: str, redrives: int = 0) -> str:
    """Return the id of the webhook of a job or batch. A batch ends again after each redrive."""
    return f"{about}_{redrives}" if redrives else about


def tenant_key(secret: str, tenant: str) -> bytes:
    """Return the signing key of a tenant, derived from the deployment's secret: no tenant can sign for another."""
    return hmac.digest(secret.encode(), f"herald webhooks {tenant}".encode(), sha256)


def shown_key(key: bytes) -> str:
    """Return a signing key in the form that the libraries of Standard Webhooks expect."""
    return _PREFIX + _base64(key)


def pause_after(attempt: int) -> timedelta | None:
    """Return the time until the next attempt after number `attempt`, which counts from 1; None after the last."""
    if attempt >= MOST_ATTEMPTS:
        return None
    return timedelta(minutes=_MINUTES[attempt - 1]) * uniform(_EARLIER, 1)  # noqa: S311  not used for security


def failure_of(status: int) -> Failure | None:
    """Return why a response counts as failed, or None for a 2xx status."""
    if 200 <= status < 300:  # noqa: PLR2004  the statuses of success
        return None
    if status == 410:  # noqa: PLR2004  Gone
        return Failure(code="webhook_gone", message="The receiver responded with 410 Gone.", status=status, final=True)
    if 300 <= status < 400:  # noqa: PLR2004  the statuses of redirection
        return Failure(
            code="webhook_redirected",
            message=f"The receiver responded with {status}. Redirects are not followed.",
            status=status,
        )
    return Failure(code="webhook_refused", message=f"The receiver responded with {status}.", status=status)


def outcome_of(webhook: Webhook, result: int | Failure, *, attempts: int, at: datetime) -> WebhookOutcome:
    """Return the outcome of attempt number `attempts`. `result` is the status of a 2xx response, or the failure."""
    sent: dict[str, Any] = {"message": webhook.id, "run": webhook.run, "attempts": attempts, "at": at}
    if isinstance(result, int):
        return WebhookOutcome(**sent, state="delivered", status=result)
    return WebhookOutcome(
        **sent,
        state="failed" if result.final or attempts >= MOST_ATTEMPTS else "retrying",
        status=result.status,
        error=JobError(code=result.code, message=result.message),
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
