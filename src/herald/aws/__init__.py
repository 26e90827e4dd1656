"""AWS implementations of the interfaces in herald.auth, herald.jobs and herald.batches.

The only package that uses boto3 and botocore.
"""
