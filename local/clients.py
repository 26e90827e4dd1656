"""boto3 for the AWS on this machine."""

import os
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

# boto3 makes its clients' methods as it runs.
type Client = Any

REGION = "us-east-1"
# The emulator takes any; clients need some.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}

DIRECT = Config(proxies={})


def session() -> boto3.Session:
    """Return a session that no profile of this machine's user reaches; give its clients an endpoint_url and DIRECT."""
    files = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    nobody = botocore.session.Session(session_vars={"profile": (None, None, None, None), **files})
    return boto3.Session(
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        region_name=REGION,
        botocore_session=nobody,
    )
