"""Manage the keys that sign CloudFront links; private keys are stored only in Secrets Manager.

    python scripts/link_keys.py make A --stack herald       create a key pair; print the template parameter
    python scripts/link_keys.py sign-with A --stack herald  sign with this key, in all functions within five minutes
    python scripts/link_keys.py forget A --stack herald     remove a key that is not used for signing

docs/storage.md describes the order of steps for key rotation.
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
"""The key length that CloudFront requires."""


class LinkKeys:
    """The secret with the link keys of a stack."""

    def __init__(self, secrets: Any, stack: str) -> None:  # noqa: ANN401  boto3 creates its classes at run time
        self._secrets = secrets
        self._name = f"{stack}/link-keys"

    def make(self, slot: str) -> str:
        """Create a key unless it exists; return the template parameter: the public key's PEM lines, comma-separated."""
        held = self._read()
        if slot not in held:
            self._write({"signs": slot} | held | {slot: _new_key()})
            held = self._read()
        public = load_pem_private_key(held[slot].encode(), password=None).public_key()
        lines = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode().splitlines()
        return f"LinkPublicKey{slot}={','.join(lines[1:-1])}"

    def sign_with(self, slot: str) -> str:
        """Sign links with this key from now on."""
        held = self._read()
        if slot not in held:
            sys.exit(f"{self._name} has no key {slot}. Create it first, and deploy its public key.")
        self._write(held | {"signs": slot})
        return f"All links will be signed with key {slot} within five minutes."

    def forget(self, slot: str) -> str:
        """Remove a key that is not used for signing."""
        held = self._read()
        if held.get("signs") == slot:
            sys.exit(f"Links are signed with key {slot}. Switch to the other key first, with sign-with.")
        self._write({name: value for name, value in held.items() if name != slot})
        return f"Key {slot} was removed."

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
    """Parse the command line and run a command."""
    parser = argparse.ArgumentParser(description="Manage the keys that sign CloudFront links.")
    parser.add_argument("command", choices=["make", "sign-with", "forget"])
    parser.add_argument("slot", choices=SLOTS)
    parser.add_argument("--stack", default="herald")
    given = parser.parse_args(arguments)
    keys = LinkKeys(boto3.client("secretsmanager"), given.stack)
    commands = {"make": keys.make, "sign-with": keys.sign_with, "forget": keys.forget}
    sys.stdout.write(f"{commands[given.command](given.slot)}\n")


if __name__ == "__main__":
    main()
