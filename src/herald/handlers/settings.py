"""What the deployment sets, read when a function first handles an event and never at import."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from herald.errors import InvalidSettings
from herald.jobs.caller import KeylessLimits
from herald.jobs.prices import parse_prices
from herald.jobs.voices import VoiceNames, parse_aliases


def _aliases(value: Any) -> Any:  # noqa: ANN401  whatever the environment holds
    return parse_aliases(value) if isinstance(value, str) else value


def _prices(value: Any) -> Any:  # noqa: ANN401  whatever the environment holds
    return parse_prices(value) if isinstance(value, str) else value


def _folders(value: Any) -> Any:  # noqa: ANN401  whatever the environment holds
    return [Path(folder) / "voices" for folder in value.split(":") if folder] if isinstance(value, str) else value


def _names(value: Any) -> Any:  # noqa: ANN401  whatever the environment holds
    return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


class Settings(BaseModel):
    """The environment of a function, checked; each field's alias is the variable's name."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    default_voice: str = Field(alias="HERALD_DEFAULT_VOICE")
    aliases: Annotated[dict[str, str], BeforeValidator(_aliases)] = Field(alias="HERALD_VOICE_ALIASES")
    max_characters: int = Field(alias="HERALD_MAX_CHARACTERS", gt=0)
    max_answer_bytes: int = Field(alias="HERALD_MAX_ANSWER_BYTES", gt=0)
    memory_megabytes: int = Field(alias="AWS_LAMBDA_FUNCTION_MEMORY_SIZE", default=1769, gt=0)
    layer_folders: Annotated[list[Path], BeforeValidator(_folders)] = Field(alias="_LAMBDA_LAYERS_DIRS", default=[])
    """Where an embedded AWS unpacks layers, as it has no /opt."""
    initialization: str = Field(alias="AWS_LAMBDA_INITIALIZATION_TYPE", default="on-demand")

    longform_characters: int = Field(alias="HERALD_LONGFORM_CHARACTERS", gt=0)
    max_job_characters: int = Field(alias="HERALD_MAX_JOB_CHARACTERS", gt=0)
    retention_days: int = Field(alias="HERALD_RETENTION_DAYS", gt=0)
    infrequent_access_days: int = Field(alias="HERALD_INFREQUENT_ACCESS_DAYS", ge=0)
    """0: never."""
    gpu: bool = Field(alias="HERALD_ENABLE_GPU")
    gpu_instance_price: str = Field(alias="HERALD_GPU_INSTANCE_PRICE")
    gpu_concurrency: int = Field(alias="HERALD_GPU_CONCURRENCY", gt=0)
    prices: Annotated[dict[str, str], BeforeValidator(_prices)] = Field(alias="HERALD_PRICES")
    """Those that are not as in us-east-1, by their names in herald.jobs.prices."""
    speech_megabytes: int = Field(alias="HERALD_SPEECH_MEMORY", gt=0)
    worker_megabytes: int = Field(alias="HERALD_WORKER_MEMORY", gt=0)
    architecture: Literal["x86_64", "arm64"] = Field(alias="HERALD_ARCHITECTURE")
    table: str = Field(alias="HERALD_TABLE", min_length=1)
    bucket: str = Field(alias="HERALD_BUCKET", min_length=1)
    bus: str = Field(alias="HERALD_BUS", min_length=1)
    standard_queue: str = Field(alias="HERALD_STANDARD_QUEUE", min_length=1)
    vip_queue: str = Field(alias="HERALD_VIP_QUEUE", min_length=1)
    gpu_queue: str = Field(alias="HERALD_GPU_QUEUE")
    gpu_endpoint: str = Field(alias="HERALD_GPU_ENDPOINT")
    link_seconds: int = Field(alias="HERALD_LINK_SECONDS", ge=60)
    link_domain: str = Field(alias="HERALD_LINK_DOMAIN")
    """CloudFront's; "" where S3 answers links itself."""
    link_key_a: str = Field(alias="HERALD_LINK_KEY_A")
    link_key_b: str = Field(alias="HERALD_LINK_KEY_B")
    link_secret: str = Field(alias="HERALD_LINK_SECRET")
    batch_machine: str = Field(alias="HERALD_BATCH_MACHINE", min_length=1)
    batch_concurrency: int = Field(alias="HERALD_BATCH_CONCURRENCY", gt=0)
    cors_origins: Annotated[frozenset[str], BeforeValidator(_names)] = Field(alias="HERALD_CORS_ORIGINS")
    """Origins of web pages that may use the API: none, some, or `*`."""
    key_table: str = Field(alias="HERALD_KEY_TABLE", min_length=1)
    stream_auth: Literal["NONE", "AWS_IAM"] = Field(alias="HERALD_STREAM_AUTH", default="NONE")
    """Whether AWS checks the signature of what it streams the answers to."""
    key_cache_seconds: int = Field(alias="HERALD_KEY_CACHE_SECONDS", default=60, ge=0)
    """For how long the streaming function lets a key in again unchecked; for the API, API Gateway does so."""
    jwt_issuer: str = Field(alias="HERALD_JWT_ISSUER", default="")
    """Whose tokens are taken beside keys; "" for nobody's."""
    jwt_audience: str = Field(alias="HERALD_JWT_AUDIENCE", default="")
    jwt_tenant_claim: str = Field(alias="HERALD_JWT_TENANT_CLAIM", default="sub", min_length=1)
    token_characters_a_day: int = Field(alias="HERALD_TOKEN_CHARACTERS_A_DAY", default=100_000, ge=0)
    token_requests_a_second: int = Field(alias="HERALD_TOKEN_REQUESTS_A_SECOND", default=5, ge=1)
    """Limits of each caller without a key, by a token or by a signature of AWS."""
    manifest_buckets: Annotated[frozenset[str], BeforeValidator(_names)] = Field(alias="HERALD_MANIFEST_BUCKETS")

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Check a function's environment; InvalidSettings names every variable that is wrong, at once."""
        try:
            return cls.model_validate(dict(environment))
        except ValidationError as error:
            wrong = "; ".join(f"{one['loc'][0]}: {one['msg']}" for one in error.errors(include_input=False))
            raise InvalidSettings(f"The function's environment is wrong. {wrong}.") from None

    @property
    def from_snapshot(self) -> bool:
        """Whether processes of this function begin from a snapshot (SnapStart)."""
        return self.initialization == "snap-start"

    @property
    def keyless_limits(self) -> KeylessLimits:
        """What each caller without a key may ask for."""
        return KeylessLimits(
            characters_a_day=self.token_characters_a_day, requests_a_second=self.token_requests_a_second
        )

    @property
    def voice_names(self) -> VoiceNames:
        """Other names for voices, as the deployment sets them."""
        return VoiceNames(default=self.default_voice, aliases=self.aliases)

    @property
    def manifests_from(self) -> frozenset[str]:
        """Buckets in which manifests may be; never our own, which has everybody's."""
        return self.manifest_buckets - {self.bucket}

    @property
    def account(self) -> str:
        """The AWS account of this deployment, as the ARN of its state machine names it."""
        try:
            return self.batch_machine.split(":")[4]
        except IndexError:
            raise InvalidSettings("HERALD_BATCH_MACHINE is not the ARN of a state machine.") from None

    @property
    def infrequent_after(self) -> timedelta | None:
        """How long large files stay where reading them is free; None: always."""
        return timedelta(days=self.infrequent_access_days) if self.infrequent_access_days else None

    @property
    def retention(self) -> timedelta:
        """How long jobs and their files are kept."""
        return timedelta(days=self.retention_days)
