"""Keys of the Herald on this machine."""

from herald.aws.keys import DynamoKeys
from herald.jobs.job import utc_now
from herald.jobs.keyring import KeyRing
from herald.jobs.keys import KeySettings
from herald.jobs.ports import Clock
from local.clients import DIRECT, session

TENANT = "local"
# Whoever runs a stack may do all that can be done with it.
EVERYTHING = KeySettings(tenant=TENANT, name="of make run", tier="vip")


def key_ring(endpoint: str, table: str, clock: Clock = utc_now) -> KeyRing:
    """Return the keys of a stack, as `herald keys` has them."""
    dynamodb = session().client("dynamodb", endpoint_url=endpoint, config=DIRECT)
    return KeyRing(DynamoKeys(dynamodb, table=table), clock=clock)


def make_key(endpoint: str, table: str) -> str:
    """Make a key for everything, and return the whole of it."""
    return str(key_ring(endpoint, table).create(EVERYTHING)[1])
