"""AWS in this process (moto), with what template.yaml deploys for jobs, and every client made once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

from herald.aws.clients import Clients
from tests.template.template import ALL_VARIABLES, RESOURCES, with_default_parameters

TABLE, KEYS, BUCKET, BUS, ENDPOINT = "jobs", "keys", "audio-bucket", "herald-events", "herald-gpu"
SERVICES = ("dynamodb", "s3", "sqs", "events", "stepfunctions")
QUEUES = ("standard", "vip", "gpu", "standard-dead", "vip-dead")
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "example",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def table_of_template(table="JobTable"):
    """A table as it is deployed."""
    wanted = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    return {name: RESOURCES[table]["Properties"][name] for name in wanted}


def variables():
    """Return what template.yaml sets for any function, with the defaults of its parameters."""
    return {name: str(with_default_parameters(value)) for name, value in ALL_VARIABLES.items()}


class SageMaker:
    """The runtime of asynchronous endpoints: remembers what it was asked, and says where its answers will be."""

    class exceptions:  # noqa: N801  as boto3's clients have it
        ClientError = ClientError

    def __init__(self):
        self.calls = []

    def invoke_endpoint_async(self, **call):
        self.calls.append(call)
        number = len(self.calls)
        return {
            "OutputLocation": f"s3://{BUCKET}/gpu/output/{number}.out",
            "FailureLocation": f"s3://{BUCKET}/gpu/failure/{number}.out",
        }


class Cloud:
    """What is deployed, and what a test wants to know of it or to break in it."""

    def __init__(self, clients):
        self.clients = clients
        self.sagemaker = clients.__dict__["sagemaker"] = SageMaker()
        self.asked = []
        """Every call of AWS from now on: its name, and what it was given."""
        clients.s3.create_bucket(Bucket=BUCKET)
        clients.dynamodb.create_table(TableName=TABLE, **table_of_template())
        clients.dynamodb.create_table(TableName=KEYS, **table_of_template("KeyTable"))
        clients.events.create_event_bus(Name=BUS)
        definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
        machine = {"name": "herald-batch", "definition": definition, "roleArn": "arn:aws:iam::123456789012:role/batch"}
        self.machine = clients.stepfunctions.create_state_machine(**machine)["stateMachineArn"]
        self.urls = {name: clients.sqs.create_queue(QueueName=name)["QueueUrl"] for name in QUEUES}

    def environment(self, *, gpu=False):
        """What template.yaml gives to functions, of resources."""
        return {
            "HERALD_TABLE": TABLE,
            "HERALD_KEY_TABLE": KEYS,
            "HERALD_BUCKET": BUCKET,
            "HERALD_BUS": BUS,
            "HERALD_BATCH_MACHINE": self.machine,
            "HERALD_STANDARD_QUEUE": self.urls["standard"],
            "HERALD_VIP_QUEUE": self.urls["vip"],
            "HERALD_ENABLE_GPU": str(gpu).lower(),
            "HERALD_GPU_QUEUE": self.urls["gpu"] if gpu else "",
            "HERALD_DEAD_LETTER_QUEUES": f"{self.urls['standard-dead']},{self.urls['vip-dead']}",
            "HERALD_GPU_ENDPOINT": ENDPOINT if gpu else "",
        }

    def rows(self):
        """Every row, as it is stored."""
        return self.clients.dynamodb.scan(TableName=TABLE)["Items"]

    def messages(self, queue):
        """The bodies of all messages that can be received now."""
        answer = self.clients.sqs.receive_message(QueueUrl=self.urls[queue], MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]

    def send(self, queue, body):
        """Send a message of any content."""
        self.clients.sqs.send_message(QueueUrl=self.urls[queue], MessageBody=body)

    def shown(self, queue):
        """How many messages of a queue are visible, and how many are hidden."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.clients.sqs.get_queue_attributes(QueueUrl=self.urls[queue], AttributeNames=names)
        return tuple(int(answer["Attributes"][name]) for name in names)

    def deliver(self, queue, *bodies):
        """Send bodies, receive them, and give back the event of SQS that a function gets."""
        url = self.urls[queue]
        for body in bodies:
            self.clients.sqs.send_message(QueueUrl=url, MessageBody=body)
        return self.receive(queue, len(bodies))

    def receive(self, queue, count=10):
        """What SQS hands to a function now."""
        received = []
        while len(received) < count:
            answer = self.clients.sqs.receive_message(
                QueueUrl=self.urls[queue], MaxNumberOfMessages=10, AttributeNames=["All"]
            )
            if not answer.get("Messages"):
                break
            received += answer["Messages"]
        return {"Records": [_record(message, queue) for message in received]}

    def keys(self, prefix=""):
        """The keys in the bucket."""
        listed = self.clients.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        return [one["Key"] for one in listed.get("Contents", [])]

    def write(self, address, body):
        """Write an object, as the endpoint does."""
        self.clients.s3.put_object(Bucket=BUCKET, Key=address.removeprefix(f"s3://{BUCKET}/"), Body=body)

    def refuse(self, service, operation, code="ThrottlingException", status=400, *, after=0):
        """From now on, or `after` so many calls, a service refuses an operation, and repeats what it was sent."""
        client = getattr(self.clients, service)
        real, left = client._make_api_call, [after]

        def call(name, parameters):
            left[0] -= name == operation
            if name != operation or left[0] >= 0:
                return real(name, parameters)
            error = {"Code": code, "Message": f"Refused: {parameters}"}
            raise client.exceptions.from_code(code)(
                {"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}}, name
            )

        client._make_api_call = call

    def silence(self, service):
        """From now on, nothing listens where a service was."""

        def call(_, __):
            raise EndpointConnectionError(endpoint_url=f"https://{service}.invalid")

        getattr(self.clients, service)._make_api_call = call

    def mend(self):
        """All services are well again."""
        for service in SERVICES:
            vars(getattr(self.clients, service)).pop("_make_api_call", None)

    def note(self, params, model, **_):
        self.asked.append((model.name, params))

    def calls(self, operation):
        """What each call of an operation was given."""
        return [given for name, given in self.asked if name == operation]

    def runs(self):
        """What each execution of the state machine was given."""
        return [json.loads(given["input"]) for given in self.calls("StartExecution")]

    def events(self):
        """Every event that was told on the bus."""
        entries = [one for given in self.calls("PutEvents") for one in given["Entries"]]
        return [(one["DetailType"], json.loads(one["Detail"])) for one in entries]


def _record(message, queue):
    """A message as Lambda's poller hands it on."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:us-east-1:123456789012:{queue}",
        "awsRegion": "us-east-1",
    }


def make_clients() -> Iterator[Clients]:
    """The clients that functions use: to make them takes longer than most tests."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            environment.delenv(name, raising=False)
        for name, value in _CREDENTIALS.items():
            environment.setenv(name, value)
        yield Clients()


@contextmanager
def deployed(clients, monkeypatch):
    """An AWS of its own, which takes one request at a time, as each row and each object of the real one does."""
    lock, process = Lock(), BotocoreStubber.process_request

    def process_alone(self, request):
        with lock:
            return process(self, request)

    monkeypatch.setattr(BotocoreStubber, "process_request", process_alone)
    with mock_aws():
        cloud = Cloud(clients)
        monkeypatch.setattr("herald.handlers.parts.Clients", lambda **_: clients)
        for service in SERVICES:
            getattr(clients, service).meta.events.register("provide-client-params", cloud.note)
        yield cloud
        cloud.mend()
        for service in SERVICES:
            getattr(clients, service).meta.events.unregister("provide-client-params", cloud.note)
