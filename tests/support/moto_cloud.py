"""In-process AWS (moto) with the resources that template.yaml deploys for jobs. Every client is created once."""

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
QUEUES = ("standard", "vip", "gpu", "kokoro", "standard-dead", "vip-dead", "webhooks", "webhooks-dead")
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "example",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def table_of_template(table="JobTable"):
    """Return a table's definition as deployed."""
    wanted = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    return {name: RESOURCES[table]["Properties"][name] for name in wanted}


def variables():
    """Return the variables that template.yaml sets for any function, with its parameters' defaults."""
    return {name: str(with_default_parameters(value)) for name, value in ALL_VARIABLES.items()}


class SageMaker:
    """Fake runtime of asynchronous endpoints. It records calls and returns the locations of future results."""

    class exceptions:  # noqa: N801  named as in boto3's clients
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
    """The deployed resources, with helpers to inspect them and to inject failures."""

    def __init__(self, clients):
        self.clients = clients
        self.sagemaker = clients.__dict__["sagemaker"] = SageMaker()
        self.asked = []
        """Every call to AWS: its name and parameters."""
        clients.s3.create_bucket(Bucket=BUCKET)
        clients.dynamodb.create_table(TableName=TABLE, **table_of_template())
        clients.dynamodb.create_table(TableName=KEYS, **table_of_template("KeyTable"))
        clients.events.create_event_bus(Name=BUS)
        definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
        machine = {"name": "herald-batch", "definition": definition, "roleArn": "arn:aws:iam::123456789012:role/batch"}
        self.machine = clients.stepfunctions.create_state_machine(**machine)["stateMachineArn"]
        self.secret = clients.secrets.create_secret(Name="webhooks", SecretString="a secret of the tests")["ARN"]
        self.urls = {name: clients.sqs.create_queue(QueueName=name)["QueueUrl"] for name in QUEUES}

    def environment(self, *, gpu=False):
        """Return the variables with the names of resources."""
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
            "HERALD_WEBHOOK_QUEUE": self.urls["webhooks"],
            "HERALD_WEBHOOK_DEAD_LETTERS": self.urls["webhooks-dead"],
            "HERALD_WEBHOOK_SECRET": self.secret,
        }

    def rows(self):
        """Return all stored rows of the job table, except the sums of spend."""
        rows = self.clients.dynamodb.scan(TableName=TABLE)["Items"]
        return [row for row in rows if not row["id"]["S"].startswith("spend#")]

    def messages(self, queue):
        """Receive all visible messages of a queue and return their bodies."""
        answer = self.clients.sqs.receive_message(QueueUrl=self.urls[queue], MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]

    def send(self, queue, body):
        """Send a message with any body."""
        self.clients.sqs.send_message(QueueUrl=self.urls[queue], MessageBody=body)

    def shown(self, queue):
        """Return the numbers of visible and hidden messages of a queue."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.clients.sqs.get_queue_attributes(QueueUrl=self.urls[queue], AttributeNames=names)
        return tuple(int(answer["Attributes"][name]) for name in names)

    def deliver(self, queue, *bodies):
        """Send bodies, receive them, and return the SQS event that Lambda would pass to a function.

        A body can be a pair of it and the attributes of its message.
        """
        url = self.urls[queue]
        for message in bodies:
            body, attributes = (message, {}) if isinstance(message, str) else message
            values = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
            self.clients.sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=values)
        return self.receive(queue, len(bodies))

    def receive(self, queue, count=10):
        """Receive messages and return them as the SQS event of a function."""
        received = []
        while len(received) < count:
            answer = self.clients.sqs.receive_message(
                QueueUrl=self.urls[queue], MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"]
            )
            if not answer.get("Messages"):
                break
            received += answer["Messages"]
        return {"Records": [_record(message, queue) for message in received]}

    def keys(self, prefix=""):
        """Return the keys in the bucket."""
        listed = self.clients.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        return [one["Key"] for one in listed.get("Contents", [])]

    def write(self, address, body):
        """Write an object, as the endpoint does."""
        self.clients.s3.put_object(Bucket=BUCKET, Key=address.removeprefix(f"s3://{BUCKET}/"), Body=body)

    def refuse(self, service, operation, code="ThrottlingException", status=400, *, after=0):
        """Make an operation fail, after `after` successful calls. The error message repeats the parameters."""
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
        """Make every connection to a service fail."""

        def call(_, __):
            raise EndpointConnectionError(endpoint_url=f"https://{service}.invalid")

        getattr(self.clients, service)._make_api_call = call

    def mend(self):
        """Undo all injected failures."""
        for service in SERVICES:
            vars(getattr(self.clients, service)).pop("_make_api_call", None)

    def note(self, params, model, **_):
        self.asked.append((model.name, params))

    def calls(self, operation):
        """Return the parameters of each call of an operation."""
        return [given for name, given in self.asked if name == operation]

    def runs(self):
        """Return the input of each execution of the state machine."""
        return [json.loads(given["input"]) for given in self.calls("StartExecution")]

    def events(self):
        """Return every event that was published on the bus."""
        entries = [one for given in self.calls("PutEvents") for one in given["Entries"]]
        return [(one["DetailType"], json.loads(one["Detail"])) for one in entries]


def _record(message, queue):
    """Return a message in the format of Lambda's SQS events."""
    attributes = message.get("MessageAttributes", {})
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: {"stringValue": one["StringValue"], "dataType": one["DataType"]} for name, one in attributes.items()
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:us-east-1:123456789012:{queue}",
        "awsRegion": "us-east-1",
    }


def make_clients() -> Iterator[Clients]:
    """Yield the clients that functions use. They are shared, as creating them takes longer than most tests."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            environment.delenv(name, raising=False)
        for name, value in _CREDENTIALS.items():
            environment.setenv(name, value)
        yield Clients()


@contextmanager
def deployed(clients, monkeypatch):
    """Yield an isolated AWS that serializes requests, as AWS does for each row and object."""
    lock, process = Lock(), BotocoreStubber.process_request

    def process_alone(self, request):
        with lock:
            return process(self, request)

    monkeypatch.setattr(BotocoreStubber, "process_request", process_alone)
    with mock_aws():
        cloud = Cloud(clients)
        monkeypatch.setattr("herald.runtime.container.Clients", lambda **_: clients)
        monkeypatch.setattr("herald.functions.send_webhooks.Clients", lambda **_: clients)
        for service in SERVICES:
            getattr(clients, service).meta.events.register("provide-client-params", cloud.note)
        yield cloud
        cloud.mend()
        for service in SERVICES:
            getattr(clients, service).meta.events.unregister("provide-client-params", cloud.note)
