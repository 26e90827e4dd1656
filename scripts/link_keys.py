"""Makes the keys that sign links through CloudFront; the private ones lie in Secrets Manager and nowhere else.

    python scripts/link_keys.py make A --stack herald       a pair; prints the template's parameter for the public key
    python scripts/link_keys.py sign-with A --stack herald  within five minutes, all functions sign with it
    python scripts/link_keys.py forget A --stack herald     removes a key that does not sign

docs/storage.md tells in which order one key takes over from another.
"""

import argparse
import json
import sys
from typing import Any

import boto3
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

SLOTS = ("A", "B")
_BITS = 2048
"""The one length that CloudFront takes."""


class LinkKeys:
    """The secret of a stack, with its keys."""

    def __init__(self, secrets: Any, stack: str) -> None:  # noqa: ANN401  boto3 makes its classes as it runs
        self._secrets = secrets
        self._name = f"{stack}/link-keys"

    def make(self, slot: str) -> str:
        """Make a key, unless there is one; the public one as the template takes it: PEM's lines, joined by commas."""
        held = self._read()
        if slot not in held:
            self._write({"signs": slot} | held | {slot: _new_key()})
            held = self._read()
        public = load_pem_private_key(held[slot].encode(), password=None).public_key()
        lines = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode().splitlines()
        return f"LinkPublicKey{slot}={','.join(lines[1:-1])}"

    def sign_with(self, slot: str) -> str:
        """Have links signed with a key."""
        held = self._read()
        if slot not in held:
            sys.exit(f"There is no key {slot} in {self._name}. Make it first, and deploy its public key.")
        self._write(held | {"signs": slot})
        return f"Within five minutes, all links are signed with key {slot}."

    def forget(self, slot: str) -> str:
        """Remove a key that does not sign."""
        held = self._read()
        if held.get("signs") == slot:
            sys.exit(f"Links are signed with key {slot}. Have them signed with the other one first.")
        self._write({name: value for name, value in held.items() if name != slot})
        return f"Key {slot} is forgotten."

    def _read(self) -> dict[str, str]:
        try:
            held: dict[str, str] = json.loads(self._secrets.get_secret_value(SecretId=self._name)["SecretString"])
        except self._secrets.exceptions.ResourceNotFoundException:
            return {}
        return held

    def _write(self, held: dict[str, str]) -> None:
        text = json.dumps(held)
        try:
            self._secrets.put_secret_value(SecretId=self._name, SecretString=text)
        except self._secrets.exceptions.ResourceNotFoundException:
            self._secrets.create_secret(Name=self._name, SecretString=text, Description="Herald: keys that sign links")


def _new_key() -> str:
    key = generate_private_key(public_exponent=65537, key_size=_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def main(arguments: list[str] | None = None) -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description="Keys that sign links through CloudFront.")
    parser.add_argument("command", choices=["make", "sign-with", "forget"])
    parser.add_argument("slot", choices=SLOTS)
    parser.add_argument("--stack", default="herald")
    given = parser.parse_args(arguments)
    keys = LinkKeys(boto3.client("secretsmanager"), given.stack)
    commands = {"make": keys.make, "sign-with": keys.sign_with, "forget": keys.forget}
    sys.stdout.write(f"{commands[given.command](given.slot)}\n")


if __name__ == "__main__":
    main()
