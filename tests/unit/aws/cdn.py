"""CloudFront's door, as far as it is documented: who opens a signed link, and who does not.

The embedded AWS has no signed links of CloudFront, so it is only by their keys that links are checked.
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
"""What CloudFront adds to a query, and takes off before it compares."""


def new_pair():
    """A private key in PEM, and the public one."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(), key.public_key()


def status(url, group, *, at):
    """200 or 403: what a link is answered by a key group ({id: public key}) at a time (seconds since 1970)."""
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
