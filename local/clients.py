"""boto3 clients for the local emulator."""

import os
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

# boto3 creates client methods at run time.
type Client = Any

REGION = "us-east-1"
# The emulator accepts any credentials, but clients require some.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}

DIRECT = Config(proxies={})


def session() -> boto3.Session:
    """Return a session that ignores the user's AWS profiles; pass endpoint_url and DIRECT to its clients."""
    files = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    isolated = botocore.session.Session(session_vars={"profile": (None, None, None, None), **files})
    return boto3.Session(
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        region_name=REGION,
        botocore_session=isolated,
    )
