"""The queue messages: a reference to a job, without any of its text."""

from pydantic import BaseModel, ConfigDict, ValidationError

from herald.errors import MalformedMessage

VERSION = 1


class JobMessage(BaseModel):
    """A reference to a job to process."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    version: int = VERSION
    job: str
    tenant: str

    @classmethod
    def parse(cls, body: str) -> "JobMessage":
        """Parse a message; raise MalformedMessage if it is malformed or of a different version."""
        try:
            message = cls.model_validate_json(body)
        except ValidationError as error:
            raise MalformedMessage(
                f"The queue message is malformed: {error.error_count()} validation errors."
            ) from None
        if message.version != VERSION:
            raise MalformedMessage(
                f"The queue message has version {message.version}; this worker supports version {VERSION}."
            )
        return message
