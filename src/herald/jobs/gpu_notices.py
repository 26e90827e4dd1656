"""Notifications of the asynchronous endpoint through SNS, in the format of SageMaker.

https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html
"""

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from herald.errors import MalformedMessage

_ATTEMPT = re.compile(r"/(?P<attempt>\d{1,6})\.json$")


class Notice(BaseModel):
    """A notification that a call of the endpoint has ended."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    job: str = Field(alias="inferenceId")
    status: Literal["Completed", "Failed"] = Field(alias="invocationStatus")
    request: dict[str, Any] = Field(default_factory=dict, alias="requestParameters")
    response: dict[str, Any] = Field(default_factory=dict, alias="responseParameters")

    @classmethod
    def parse(cls, text: str) -> "Notice":
        """Parse a notification; raise MalformedMessage if it is malformed."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise MalformedMessage(
                f"The SNS message is not a notification of an endpoint: {error.error_count()} validation errors."
            ) from None

    @property
    def output(self) -> str:
        """Return the S3 address of the response, or "" without one."""
        return str(self.response.get("outputLocation", ""))

    @property
    def attempt(self) -> int | None:
        """Return the number of the attempt, from the name of the input file, or None."""
        found = _ATTEMPT.search(str(self.request.get("inputLocation", "")))
        return int(found["attempt"]) if found else None
