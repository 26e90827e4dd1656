"""A model of CloudFront's documented validation of signed URLs.

The embedded AWS does not support them, so the tests verify links with the public keys.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
"""

import json
from base64 import b64decode
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

OWN = ("Expires", "Signature", "Key-Pair-Id")
"""Query parameters of the signature, which CloudFront removes before it compares the URL."""


def new_pair():
    """Return a new private key in PEM, and its public key."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(), key.public_key()


def status(url, group, *, at):
    """Return the status, 200 or 403, of a link for a key group {id: public key} at Unix time `at`."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if not all(len(query.get(name, [])) == 1 for name in OWN) or query["Key-Pair-Id"][0] not in group:
        return 403
    rest = [pair for pair in parts.query.split("&") if pair.partition("=")[0] not in OWN]
    resource = f"{parts.scheme}://{parts.netloc}{parts.path}" + (f"?{'&'.join(rest)}" if rest else "")
    until = int(query["Expires"][0])
    condition = {"DateLessThan": {"AWS:EpochTime": until}}
    policy = json.dumps({"Statement": [{"Resource": resource, "Condition": condition}]}, separators=(",", ":"))
    signature = query["Signature"][0].translate(str.maketrans("-_~", "+=/"))
    try:
        group[query["Key-Pair-Id"][0]].verify(b64decode(signature), policy.encode(), PKCS1v15(), SHA1())  # noqa: S303
    except InvalidSignature:
        return 403
    return 200 if at < until else 403
