"""What lies in the queues: which job, and nothing of its text."""

from pydantic import BaseModel, ConfigDict, ValidationError

from herald.errors import BrokenMessage

VERSION = 1


class JobMessage(BaseModel):
    """A job to work on."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    version: int = VERSION
    job: str
    tenant: str

    @classmethod
    def parse(cls, body: str) -> "JobMessage":
        """BrokenMessage for anything that is not a message of this version."""
        try:
            message = cls.model_validate_json(body)
        except ValidationError as error:
            raise BrokenMessage(f"The queue holds a message that is none: {error.error_count()} faults.") from None
        if message.version != VERSION:
            raise BrokenMessage(f"The message is of version {message.version}; this worker knows {VERSION}.")
        return message
