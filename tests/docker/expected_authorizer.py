"""Sample events of the authorizer."""

from herald.auth.caller import Caller
from tests.docker.expected import of
from tests.docker.herald import SAMPLE_KEY


@of("authorizer__valid_key")
def a_key_identifies_its_tenant(herald):
    key, shown = herald.key(tier="vip", characters_a_day=1_000)
    answer = herald.call("authorizer__valid_key", {SAMPLE_KEY: shown})
    assert answer["isAuthorized"] is True
    assert Caller.of_context(answer["context"]) == key.caller


@of("authorizer__unknown_key")
def an_unknown_key_is_refused_by_the_function(herald):
    assert herald.call("authorizer__unknown_key") == {"isAuthorized": True, "context": {"refused": "invalid_key"}}
