"""What the asynchronous endpoint tells through SNS, as SageMaker writes it.

https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html
"""

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from herald.errors import BrokenMessage

_ATTEMPT = re.compile(r"/(?P<attempt>\d{1,6})\.json$")


class Notice(BaseModel):
    """The end of one call of the endpoint."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    job: str = Field(alias="inferenceId")
    status: Literal["Completed", "Failed"] = Field(alias="invocationStatus")
    request: dict[str, Any] = Field(default_factory=dict, alias="requestParameters")
    response: dict[str, Any] = Field(default_factory=dict, alias="responseParameters")

    @classmethod
    def parse(cls, text: str) -> "Notice":
        """BrokenMessage for anything that is not such a notice."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise BrokenMessage(f"This is no notice of an endpoint: {error.error_count()} faults.") from None

    @property
    def output(self) -> str:
        """S3 address of the answer; empty where there is none."""
        return str(self.response.get("outputLocation", ""))

    @property
    def attempt(self) -> int | None:
        """Which attempt at the job it is about, from the name of the input file."""
        found = _ATTEMPT.search(str(self.request.get("inputLocation", "")))
        return int(found["attempt"]) if found else None
