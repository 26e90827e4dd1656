"""The settings of a deployment, read from the environment when a function handles its first event, never at import."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from herald.auth.caller import KeylessLimits
from herald.errors import InvalidSettings
from herald.jobs.voice_names import VoiceNames, parse_aliases
from herald.jobs.webhook_address import WebhookHosts
from herald.pricing.prices import parse_prices


def _from_text(parse: Callable[[str], Any]) -> BeforeValidator:
    """Return the validator of a field whose value is parsed if it is text, as in the environment."""
    return BeforeValidator(lambda value: parse(value) if isinstance(value, str) else value)


_FOLDERS = _from_text(lambda text: [Path(folder) / "voices" for folder in text.split(":") if folder])
_NAMES = _from_text(lambda text: [name.strip() for name in text.split(",") if name.strip()])
ROUTING = frozenset({"default_voice", "aliases", "gpu"})
"""Fields that decide the voice of a request, and whether a GPU is available."""
JOBS = frozenset({"table", "bucket", "bus", "standard_queue", "vip_queue", "gpu_queue"})
PRICES = frozenset({
    "prices", "speech_megabytes", "worker_megabytes", "architecture", "retention_days", "infrequent_access_days"
})  # fmt: skip
LINKS = frozenset({"link_domain", "link_key_a", "link_key_b", "link_secret"})
TOKENS = frozenset({
    "jwt_issuer", "jwt_audience", "jwt_tenant_claim", "token_characters_a_day", "token_requests_a_second"
})  # fmt: skip
"""Fields that decide which tokens authenticate callers in addition to keys."""
HTTP = TOKENS | {"key_table", "cors_origins"}
MANIFESTS = frozenset({"manifest_buckets", "account"})
WEBHOOKS = frozenset({"webhook_hosts", "webhook_secret", "webhook_queue", "webhook_dead_letters", "table"})


class Settings(BaseModel):
    """The environment of a function, validated; each field's alias is the variable's name.

    The template sets only the variables that a function needs, and the function names them when it reads its settings.
    All others keep their defaults: limits that the template does not change, and empty names of unused resources.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    default_voice: str = Field(alias="HERALD_DEFAULT_VOICE", default="")
    aliases: Annotated[dict[str, str], _from_text(parse_aliases)] = Field(alias="HERALD_VOICE_ALIASES", default={})
    max_characters: int = Field(alias="HERALD_MAX_CHARACTERS", default=4_096, gt=0)
    """Maximum length of a text that is synthesized in real time."""
    max_answer_bytes: int = Field(alias="HERALD_MAX_ANSWER_BYTES", default=4_700_000, gt=0)
    """Largest audio file in a response: Lambda limits responses to 6 MB, and base64 leaves three quarters of that.
    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
    memory_megabytes: int = Field(alias="AWS_LAMBDA_FUNCTION_MEMORY_SIZE", default=1769, gt=0)
    layer_folders: Annotated[list[Path], _FOLDERS] = Field(alias="_LAMBDA_LAYERS_DIRS", default=[])
    """The folders into which a local AWS emulator unpacks layers, because it has no /opt."""
    initialization: str = Field(alias="AWS_LAMBDA_INITIALIZATION_TYPE", default="on-demand")

    longform_characters: int = Field(alias="HERALD_LONGFORM_CHARACTERS", default=20_000, gt=0)
    """Maximum length of a text that a worker synthesizes; longer texts need the GPU."""
    max_job_characters: int = Field(alias="HERALD_MAX_JOB_CHARACTERS", default=100_000, gt=0)
    retention_days: int = Field(alias="HERALD_RETENTION_DAYS", default=90, gt=0)
    infrequent_access_days: int = Field(alias="HERALD_INFREQUENT_ACCESS_DAYS", default=0, ge=0)
    """0: never."""
    gpu: bool = Field(alias="HERALD_ENABLE_GPU", default=False)
    gpu_concurrency: int = Field(alias="HERALD_GPU_CONCURRENCY", default=4, gt=0)
    """Concurrent requests per GPU instance, as infra/gpu.yaml sets it."""
    prices: Annotated[dict[str, str], _from_text(parse_prices)] = Field(alias="HERALD_PRICES", default={})
    """Prices that differ from those of us-east-1, by their names in herald.pricing.prices."""
    speech_megabytes: int = Field(alias="HERALD_SPEECH_MEMORY", default=1_769, gt=0)
    worker_megabytes: int = Field(alias="HERALD_WORKER_MEMORY", default=1_769, gt=0)
    kokoro_megabytes: int = Field(alias="HERALD_KOKORO_MEMORY", default=0, ge=0)
    """Memory of the function that speaks Kokoro's voices on CPU; 0 if it is not deployed."""
    architecture: Literal["x86_64", "arm64"] = Field(alias="HERALD_ARCHITECTURE", default="x86_64")
    table: str = Field(alias="HERALD_TABLE", default="")
    bucket: str = Field(alias="HERALD_BUCKET", default="")
    bus: str = Field(alias="HERALD_BUS", default="")
    standard_queue: str = Field(alias="HERALD_STANDARD_QUEUE", default="")
    vip_queue: str = Field(alias="HERALD_VIP_QUEUE", default="")
    gpu_queue: str = Field(alias="HERALD_GPU_QUEUE", default="")
    kokoro_queue: str = Field(alias="HERALD_KOKORO_QUEUE", default="")
    chunk_queue: str = Field(alias="HERALD_CHUNK_QUEUE", default="")
    """Queue of the chunks of batches, for workers in a cluster."""
    gpu_endpoint: str = Field(alias="HERALD_GPU_ENDPOINT", default="")
    dead_letter_queues: Annotated[tuple[str, ...], _NAMES] = Field(alias="HERALD_DEAD_LETTER_QUEUES", default=())
    """URLs of the dead-letter queues."""
    link_seconds: int = Field(alias="HERALD_LINK_SECONDS", default=900, ge=60)
    link_domain: str = Field(alias="HERALD_LINK_DOMAIN", default="")
    """CloudFront domain of links; "" if links point to S3."""
    link_key_a: str = Field(alias="HERALD_LINK_KEY_A", default="")
    link_key_b: str = Field(alias="HERALD_LINK_KEY_B", default="")
    link_secret: str = Field(alias="HERALD_LINK_SECRET", default="")
    batch_machine: str = Field(alias="HERALD_BATCH_MACHINE", default="")
    batch_concurrency: int = Field(alias="HERALD_BATCH_CONCURRENCY", default=1, gt=0)
    cors_origins: Annotated[frozenset[str], _NAMES] = Field(alias="HERALD_CORS_ORIGINS", default=frozenset())
    """Origins of web pages that may call the API: none, a list, or `*`."""
    key_table: str = Field(alias="HERALD_KEY_TABLE", default="")
    stream_url: str = Field(alias="HERALD_STREAM_URL", default="")
    """Address of the streaming endpoint, for the page at /studio; "" if there is none."""
    region: str = Field(alias="AWS_REGION", default="us-east-1")
    stream_auth: Literal["NONE", "AWS_IAM"] = Field(alias="HERALD_STREAM_AUTH", default="NONE")
    """AWS_IAM: the Function URL checks AWS signatures before a request reaches the streaming function."""
    key_cache_seconds: int = Field(alias="HERALD_KEY_CACHE_SECONDS", default=60, ge=0)
    """How long the authorizer and the streaming function cache a valid key."""
    jwt_issuer: str = Field(alias="HERALD_JWT_ISSUER", default="")
    """Issuer of the tokens that are accepted in addition to keys; "" for none."""
    jwt_audience: str = Field(alias="HERALD_JWT_AUDIENCE", default="")
    """Required audience of those tokens; after a comma, the client id with which the page at /studio signs in."""
    jwt_tenant_claim: str = Field(alias="HERALD_JWT_TENANT_CLAIM", default="sub", min_length=1)
    token_characters_a_day: int = Field(alias="HERALD_TOKEN_CHARACTERS_A_DAY", default=100_000, ge=0)
    token_requests_a_second: int = Field(alias="HERALD_TOKEN_REQUESTS_A_SECOND", default=5, ge=1)
    """Limits of each caller that authenticates by a token or an AWS signature instead of a key."""
    manifest_buckets: Annotated[frozenset[str], _NAMES] = Field(alias="HERALD_MANIFEST_BUCKETS", default=frozenset())

    webhook_hosts: str = Field(alias="HERALD_WEBHOOK_HOSTS", default="")
    webhook_loopback: bool = Field(alias="HERALD_WEBHOOK_LOOPBACK", default=False)
    """Also send webhooks to this machine, over http. The local stack sets it; template.yaml must not."""
    webhook_secret: str = Field(alias="HERALD_WEBHOOK_SECRET", default="")
    webhook_queue: str = Field(alias="HERALD_WEBHOOK_QUEUE", default="")
    webhook_dead_letters: str = Field(alias="HERALD_WEBHOOK_DEAD_LETTERS", default="")

    account: str = Field(alias="HERALD_ACCOUNT", default="")
    """The AWS account of this deployment, which must own every bucket that manifests are read from."""

    @classmethod
    def read(cls, environment: Mapping[str, str], *needs: Collection[str]) -> Self:
        """Read and validate a function's environment.

        `needs` are the fields whose variables the function requires. Raise InvalidSettings with all missing and invalid
        variables at once.
        """
        needed = sorted(f"{cls.model_fields[name].alias}" for names in needs for name in names)
        wrong = [f"{variable} is not set" for variable in needed if variable not in environment]
        try:
            settings = cls.model_validate(dict(environment))
        except ValidationError as error:
            wrong += [f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors(include_input=False)]
        if wrong:
            raise InvalidSettings(
                f"The function's environment is invalid. Correct these variables: {'; '.join(wrong)}."
            )
        return settings

    @property
    def from_snapshot(self) -> bool:
        """Whether processes of this function start from a SnapStart snapshot."""
        return self.initialization == "snap-start"

    @property
    def token_audience(self) -> str:
        """The required audience of tokens; "" for none."""
        return self.jwt_audience.partition(",")[0].strip()

    @property
    def studio_sign_in(self) -> tuple[str, str]:
        """The client id with which the page at /studio signs in, or "", and the audience that it asks for."""
        return self.jwt_audience.partition(",")[2].strip(), self.token_audience

    @property
    def keyless_limits(self) -> KeylessLimits:
        """Limits of each caller that authenticates without a key."""
        return KeylessLimits(
            characters_a_day=self.token_characters_a_day, requests_a_second=self.token_requests_a_second
        )

    @property
    def voice_names(self) -> VoiceNames:
        """The default voice and the deployment's voice aliases."""
        return VoiceNames(default=self.default_voice, aliases=self.aliases)

    @property
    def manifests_from(self) -> frozenset[str]:
        """Buckets that manifests may be read from; never Herald's own, which holds files of every tenant."""
        return self.manifest_buckets - {self.bucket}

    @property
    def infrequent_after(self) -> timedelta | None:
        """Age at which large files move to infrequent access, where reads are billed; None for never."""
        return timedelta(days=self.infrequent_access_days) if self.infrequent_access_days else None

    @property
    def webhooks(self) -> WebhookHosts:
        """Hosts that webhooks may be sent to."""
        return WebhookHosts.parse(self.webhook_hosts, loopback=self.webhook_loopback)

    @property
    def retention(self) -> timedelta:
        """How long jobs and their files are kept."""
        return timedelta(days=self.retention_days)
