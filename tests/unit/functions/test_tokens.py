"""Tokens of the operator's issuer authenticate like keys, and no other token does."""

import hmac
import json
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from herald.auth.authenticator import Authenticator
from herald.auth.caller import ALL_SCOPES, Caller, KeylessLimits, Scope
from herald.errors import InvalidSettings, Unauthorized, Unavailable
from herald.functions import authorizer
from herald.runtime.tokens import IssuerTokens
from tests.support.job_fakes import MemoryKeys
from tests.support.token_issuer import AUDIENCE, EC, FOREIGN, RSA, Issuer
from tests.unit.functions.conftest import Context, event

LIMITS = KeylessLimits(characters_a_day=1_000, requests_a_second=5)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """Use no proxy for local addresses."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def issuer():
    made = Issuer()
    yield made
    made.close()


@pytest.fixture
def door(issuer):
    tokens = IssuerTokens(issuer.url, audience=AUDIENCE, tenant_claim="sub", limits=LIMITS)
    return Authenticator(MemoryKeys(), clock=lambda: datetime.now(UTC), tokens=tokens)


def refused(door, token):
    with pytest.raises(Unauthorized) as error:
        door.admit(f"Bearer {token}")
    return error.value.code


def test_token_names_its_tenant(door, issuer):
    """Its prefix cannot occur in a key's tenant: a user "acme" of the issuer is not the customer "acme"."""
    limits = {"characters_a_day": 1_000, "requests_a_second": 5}
    assert door.admit(f"Bearer {issuer.token()}") == Caller(tenant="jwt-acme", scopes=frozenset(), **limits)
    assert door.admit(f"Bearer {issuer.token(EC, 'ES256', 'ec', sub='globex')}").tenant == "jwt-globex"


def test_claim_of_the_tenant_is_configurable(issuer):
    tokens = IssuerTokens(issuer.url, audience=AUDIENCE, tenant_claim="https://herald.example/tenant", limits=LIMITS)
    claims = {"https://herald.example/tenant": "acme", "sub": "auth0|5f7c"}
    assert tokens.caller(issuer.token(**claims)).tenant == "jwt-acme"


@pytest.mark.parametrize(
    ("scope", "scopes"),
    [
        ("speech", {Scope.SPEECH}),
        ("openid jobs batches", {Scope.JOBS, Scope.BATCHES}),
        ("openid", set()),
        ("", set()),
        (None, set()),
        (" ".join(ALL_SCOPES), ALL_SCOPES),
        ("herald/speech herald/jobs", {Scope.SPEECH, Scope.JOBS}),
        ("printer/jobs", set()),
    ],
)
def test_token_has_the_scopes_that_it_names(door, issuer, scope, scopes):
    assert door.admit(f"Bearer {issuer.token(scope=scope)}").scopes == scopes


@pytest.mark.parametrize("audience", [AUDIENCE, [AUDIENCE, "another"]])
def test_token_with_several_audiences(door, issuer, audience):
    assert door.admit(f"Bearer {issuer.token(aud=audience)}").tenant == "jwt-acme"


def test_an_access_token_of_cognito_has_the_client_as_its_audience(door, issuer):
    token = {"aud": None, "token_use": "access", "client_id": AUDIENCE, "scope": "herald/speech"}
    assert door.admit(f"Bearer {issuer.token(**token)}").scopes == {Scope.SPEECH}
    assert refused(door, issuer.token(**token | {"client_id": "another"})) == "invalid_key"
    assert refused(door, issuer.token(**token | {"token_use": "id"})) == "invalid_key"
    assert refused(door, issuer.token(**token | {"aud": "another"})) == "invalid_key"


def test_clock_skew_of_a_minute_is_tolerated(door, issuer):
    now = int(time.time())
    assert door.admit(f"Bearer {issuer.token(exp=now - 30)}").tenant == "jwt-acme"
    assert door.admit(f"Bearer {issuer.token(iat=now + 30, nbf=now + 30)}").tenant == "jwt-acme"


def test_expired_token_gets_its_own_code_only_with_a_valid_signature(door, issuer):
    gone = int(time.time()) - 120
    assert refused(door, issuer.token(exp=gone)) == "key_expired"
    assert refused(door, issuer.token(FOREIGN, exp=gone)) == "invalid_key"


def base64url(value):
    return urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).decode().rstrip("=")


def with_header(issuer, header, sign=lambda _: b""):
    """Return the claims of a valid token with another header and signature."""
    unsigned = f"{base64url(header)}.{issuer.token().split('.')[1]}"
    return f"{unsigned}.{base64url(sign(unsigned.encode()))}"


def by_the_public_key(unsigned):
    """Sign with the public key as if it were an HMAC secret."""
    pem = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return hmac.digest(pem, unsigned, "sha256")


def with_claims_of_another(issuer):
    header, _, signature = issuer.token().split(".")
    return ".".join([header, issuer.token(sub="root").split(".")[1], signature])


OWN_KEY = Issuer.public("rsa", RSAAlgorithm, FOREIGN, "RS256")
NO_TOKENS = {
    "another audience": lambda issuer: issuer.token(aud="https://another.example"),
    "no audience": lambda issuer: issuer.token(aud=None),
    "another issuer": lambda issuer: issuer.token(iss="https://evil.example"),
    "no issuer": lambda issuer: issuer.token(iss=None),
    "no expiry": lambda issuer: issuer.token(exp=None),
    "a key id that is no string": lambda issuer: with_header(issuer, {"alg": "RS256", "kid": 5}),
    "not yet": lambda issuer: issuer.token(nbf=int(time.time()) + 600),
    "a foreign key": lambda issuer: issuer.token(FOREIGN),
    "an unknown key": lambda issuer: issuer.token(kid="another"),
    "no key id": lambda issuer: with_header(issuer, {"alg": "RS256"}),
    "one algorithm with the key of another": lambda issuer: issuer.token(EC, "ES256", "rsa"),
    "an algorithm that is not accepted": lambda issuer: issuer.token(RSA, "RS512"),
    "a shared secret": lambda issuer: issuer.token("a" * 64, "HS256"),
    "the public key as a secret": lambda issuer: with_header(issuer, {"alg": "HS256", "kid": "rsa"}, by_the_public_key),
    "no algorithm": lambda issuer: with_header(issuer, {"alg": "none", "kid": "rsa"}),
    "a signature cut off": lambda issuer: issuer.token().rpartition(".")[0] + ".",
    "claims changed": with_claims_of_another,
    "no token": lambda _: "abc",
    "dots": lambda _: "..",
    "base64 of nothing": lambda _: "e30.e30.e30",
    "no tenant": lambda issuer: issuer.token(sub=None),
    "a tenant that is unsafe": lambda issuer: issuer.token(sub="../acme"),
    "a tenant of another shape": lambda issuer: issuer.token(sub="auth0|5f7c"),
    "a tenant that is too long": lambda issuer: issuer.token(sub="a" * 60),
    "a tenant that is no string": lambda issuer: issuer.token(sub=None, tenant=5),
    "its own address of keys": lambda issuer: issuer.token(FOREIGN, headers={"jku": "https://evil.example/keys"}),
    "its own key": lambda issuer: issuer.token(FOREIGN, headers={"jwk": OWN_KEY}),
}  # fmt: skip


@pytest.mark.parametrize("make", NO_TOKENS.values(), ids=NO_TOKENS)
def test_invalid_token_is_refused(door, issuer, make):
    assert refused(door, make(issuer)) == "invalid_key"


def test_keys_are_fetched_once(door, issuer):
    for _ in range(3):
        door.admit(f"Bearer {issuer.token()}")
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]


def test_unknown_key_ids_do_not_each_cause_a_request(door, issuer):
    door.admit(f"Bearer {issuer.token()}")
    for number in range(20):
        assert refused(door, issuer.token(FOREIGN, kid=f"another {number}")) == "invalid_key"
    assert issuer.asked.count("/keys") == 1


def test_new_key_of_the_issuer_is_found(issuer, monkeypatch):
    monkeypatch.setattr("herald.runtime.tokens._LOOK_AGAIN", 0)
    tokens = IssuerTokens(issuer.url, audience=AUDIENCE, tenant_claim="sub", limits=LIMITS)
    tokens.caller(issuer.token())
    issuer.keys.append(Issuer.public("new", RSAAlgorithm, FOREIGN, "RS256"))
    assert tokens.caller(issuer.token(FOREIGN, kid="new")).tenant == "jwt-acme"


def test_unavailable_issuer_is_an_unavailable_error(door, issuer):
    issuer.status = 503
    with pytest.raises(Unavailable):
        door.admit(f"Bearer {issuer.token()}")


def test_keys_that_cannot_be_fetched_are_an_unavailable_error(door, issuer):
    issuer.get = lambda path: (503 if path == "/keys" else 200, issuer.answer(path))
    with pytest.raises(Unavailable, match="keys cannot be fetched"):
        door.admit(f"Bearer {issuer.token()}")


def test_keys_that_are_not_json_are_an_unavailable_error(door, issuer):
    issuer.answer = lambda path: b"<html>" if path == "/keys" else Issuer.answer(issuer, path)
    with pytest.raises(Unavailable):
        door.admit(f"Bearer {issuer.token()}")


@pytest.mark.parametrize(
    "changes",
    [{"issuer": "https://evil.example"}, {"jwks_uri": None}, {"jwks_uri": "http://evil.example/keys"},
     {"jwks_uri": "file:///etc/passwd"}],
)  # fmt: skip
def test_wrong_discovery_document_is_an_error_of_the_operator(door, issuer, changes):
    issuer.changes = changes
    with pytest.raises(InvalidSettings):
        door.admit(f"Bearer {issuer.token()}")


@pytest.mark.parametrize("url", ["http://issuer.example", "http://10.0.0.1", "ftp://127.0.0.1", "issuer.example", ""])
def test_issuer_must_use_tls(url):
    with pytest.raises(InvalidSettings, match="https://"):
        IssuerTokens(url, audience=AUDIENCE, tenant_claim="sub", limits=LIMITS)


@pytest.fixture
def deployed(cloud, issuer, monkeypatch):
    monkeypatch.setenv("HERALD_JWT_ISSUER", issuer.url)
    monkeypatch.setenv("HERALD_JWT_AUDIENCE", AUDIENCE)


def ask(token):
    asked = event("authorizer__valid_key")
    asked["headers"]["authorization"] = f"Bearer {token}"
    return authorizer.handler(asked, Context())


def test_authorizer_accepts_tokens_if_an_issuer_is_set(deployed, issuer, capsys):
    token = issuer.token()
    limits = {"characters_a_day": 100_000, "requests_a_second": 5}
    caller = Caller(tenant="jwt-acme", scopes=frozenset(), **limits)
    assert ask(token) == {"isAuthorized": True, "context": caller.context()}
    assert ask(issuer.token(aud="another")) == {"isAuthorized": True, "context": {"refused": "invalid_key"}}
    assert ask(issuer.token(exp=1)) == {"isAuthorized": True, "context": {"refused": "key_expired"}}
    output = capsys.readouterr()
    assert token not in output.out + output.err


def test_tokens_are_refused_if_no_issuer_is_set(cloud, issuer):
    assert ask(issuer.token()) == {"isAuthorized": True, "context": {"refused": "invalid_key"}}
    assert issuer.asked == []


def test_issuer_without_an_audience_is_an_error_of_the_operator(deployed, issuer, monkeypatch):
    monkeypatch.setenv("HERALD_JWT_AUDIENCE", "")
    with pytest.raises(Exception, match="JwtAudience"):
        ask(issuer.token())


def test_pyjwt_is_not_imported_without_a_token():
    script = "import sys; import herald.runtime.tokens; print({'jwt', 'cryptography'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
