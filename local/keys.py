"""API keys of the local stack."""

from herald.auth.api_keys import KeyRing, KeySettings
from herald.aws.key_table import DynamoKeys
from herald.clock import Clock, utc_now
from local.clients import DIRECT, session

TENANT = "local"
# The key of `make run` has all scopes and no quotas.
EVERYTHING = KeySettings(tenant=TENANT, name="of make run", tier="vip")


def key_ring(endpoint: str, table: str, clock: Clock = utc_now) -> KeyRing:
    """Return the key ring of a stack, as `herald keys` uses it."""
    dynamodb = session().client("dynamodb", endpoint_url=endpoint, config=DIRECT)
    return KeyRing(DynamoKeys(dynamodb, table=table), clock=clock)


def make_key(endpoint: str, table: str) -> str:
    """Create a key with all scopes and return the complete key."""
    return str(key_ring(endpoint, table).create(EVERYTHING)[1])
