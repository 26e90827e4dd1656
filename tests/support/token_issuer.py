"""An issuer of tokens on this machine, for tests of sign-in."""

import json
import time
from http.server import BaseHTTPRequestHandler

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tests.support.loopback import serve

AUDIENCE = "https://herald.example"
RSA = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
FOREIGN = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
EC = ec.generate_private_key(ec.SECP256R1())


class Issuer:
    """A local issuer that publishes its keys by OpenID Connect Discovery."""

    def __init__(self):
        self.keys = [self.public("rsa", RSAAlgorithm, RSA, "RS256"), self.public("ec", ECAlgorithm, EC, "ES256")]
        self.asked = []
        self.changes = {}
        self.status = 200
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.reply(*issuer.get(self.path))

            def do_POST(self):
                self.reply(*issuer.post(self.rfile.read(int(self.headers["Content-Length"])).decode()))

            def reply(self, status, body, headers=()):
                self.send_response(status)
                for name, value in {"Access-Control-Allow-Origin": "*", **dict(headers)}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.url, self.close = serve(Handler)

    @staticmethod
    def public(name, algorithm, key, alg):
        return json.loads(algorithm.to_jwk(key.public_key())) | {"kid": name, "alg": alg, "use": "sig"}

    def get(self, path):
        """Return the status and body, and possibly headers, of a response."""
        self.asked.append(path)
        return self.status, self.answer(path)

    def post(self, body):  # noqa: ARG002  for issuers that users sign in at
        return 404, b""

    def answer(self, path):
        if path == "/keys":
            return json.dumps({"keys": self.keys}).encode()
        document = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"} | self.changes
        return json.dumps(document).encode()

    def token(self, key=RSA, algorithm="RS256", kid="rsa", headers=None, **changes):
        now = int(time.time())
        claims = {"iss": self.url, "aud": AUDIENCE, "sub": "acme", "exp": now + 300, "iat": now} | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, key, algorithm, headers={"kid": kid} | (headers or {}))


def deploy_with(issuer, monkeypatch, *, audience=AUDIENCE):
    """Make deployments that begin afterwards trust an issuer on this machine, without https."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr("herald.runtime.tokens._checked", lambda address: address)
    monkeypatch.setenv("HERALD_JWT_ISSUER", issuer.url)
    monkeypatch.setenv("HERALD_JWT_AUDIENCE", audience)
