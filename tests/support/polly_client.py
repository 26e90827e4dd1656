"""boto3's client of Amazon Polly, with another address and key."""

import boto3
from botocore.config import Config


def polly_client(url, *, key_id="any", token=None, secret="any"):  # noqa: S107  not a secret
    """Return boto3's client with another address and key."""
    return boto3.client(
        "polly",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}, proxies={}),
    )
