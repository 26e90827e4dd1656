"""The only room with boto3: what herald.jobs asks for in herald.jobs.ports, done by AWS."""
