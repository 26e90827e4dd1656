"""Physical ids, ARNs and other attributes of resources, in CloudFormation's formats."""

from dataclasses import dataclass

ACCOUNT = "000000000000"

NAMES = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::EventBus": "Name",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SageMaker::Endpoint": "EndpointName",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}
"""Properties with the name of a resource."""
ARNS = {
    "AWS::CloudWatch::Alarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "AWS::DynamoDB::Table": "dynamodb:{region}:{account}:table/{name}",
    "AWS::Events::EventBus": "events:{region}:{account}:event-bus/{name}",
    "AWS::Events::Rule": "events:{region}:{account}:rule/{name}",
    "AWS::IAM::ManagedPolicy": "iam::{account}:policy/{name}",
    "AWS::IAM::Role": "iam::{account}:role/{name}",
    "AWS::Lambda::Alias": "lambda:{region}:{account}:function:{name}",
    "AWS::Lambda::Function": "lambda:{region}:{account}:function:{name}",
    "AWS::Lambda::LayerVersion": "lambda:{region}:{account}:layer:{name}:1",
    "AWS::Lambda::Version": "lambda:{region}:{account}:function:{name}:1",
    "AWS::Logs::LogGroup": "logs:{region}:{account}:log-group:{name}:*",
    "AWS::S3::Bucket": "s3:::{name}",
    "AWS::SNS::Topic": "sns:{region}:{account}:{name}",
    "AWS::SQS::Queue": "sqs:{region}:{account}:{name}",
    "AWS::SageMaker::Endpoint": "sagemaker:{region}:{account}:endpoint/{name}",
    "AWS::SecretsManager::Secret": "secretsmanager:{region}:{account}:secret:{name}-Ab1Cd2",
    "AWS::StepFunctions::StateMachine": "states:{region}:{account}:stateMachine:{name}",
}
REF_IS_ARN = {
    "AWS::IAM::ManagedPolicy",
    "AWS::Lambda::Alias",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Version",
    "AWS::SNS::Topic",
    "AWS::SageMaker::Endpoint",
    "AWS::SecretsManager::Secret",
    "AWS::StepFunctions::StateMachine",
}


@dataclass(frozen=True)
class Place:
    """The region and the stack into which a template is deployed."""

    region: str
    stack: str

    @property
    def partition(self):
        """The partition of the region."""
        prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
        return next((name for prefix, name in prefixes.items() if self.region.startswith(prefix)), "aws")

    def pseudo(self, name):
        """Return the value of a pseudo parameter."""
        values = {
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": self.partition,
            "AWS::Region": self.region,
            "AWS::StackId": f"arn:{self.partition}:cloudformation:{self.region}:{ACCOUNT}:stack/{self.stack}/0",
            "AWS::StackName": self.stack,
            "AWS::URLSuffix": "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com",
        }
        return values[name]

    def arn(self, kind, name):
        """Return the ARN of a resource of a type."""
        return f"arn:{self.partition}:" + ARNS[kind].format(region=self.region, account=ACCOUNT, name=name)


def ref_of(logical_id, resource, place):
    """Return the Ref of a resource that is not deployed."""
    kind = resource["Type"]
    name = resource["Properties"].get(NAMES.get(kind)) or f"{place.stack}-{logical_id}"
    match kind:
        case "AWS::S3::Bucket":
            return name.lower()
        case "AWS::SQS::Queue":
            return f"https://sqs.{place.region}.amazonaws.com/{ACCOUNT}/{name}"
    return place.arn(kind, name) if kind in REF_IS_ARN else name


def attribute_of(attribute, ref, resource, place):
    """Return an attribute (Fn::GetAtt) of a resource, given its Ref."""
    kind = resource["Type"]
    name = ref.rpartition("/" if kind == "AWS::SQS::Queue" else ":")[2] if "/" in ref or ":" in ref else ref
    if attribute in ("Arn", "TopicArn") and kind in ARNS:
        return ref if kind in REF_IS_ARN else place.arn(kind, ref if kind == "AWS::Logs::LogGroup" else name)
    match attribute:
        case "QueueName" | "TopicName":
            return name
        case "EndpointName":
            return ref.rpartition("/")[2]
        case "RegionalDomainName":
            return f"{ref}.s3.{place.region}.amazonaws.com"
    return f"{ref}.{attribute}"
