"""AWS implementations of the interfaces in herald.jobs. The only package that uses boto3 and botocore."""
