"""docs/deploy.md: what an operator copies from it fits the template, the AWS CLI's model and Herald's own commands."""

import json
import re
import shlex
import subprocess

import botocore.session
import pytest
import yaml
from botocore import xform_name

from tests.docs.test_pages import ROOT, blocks
from tests.template.template import PARAMETERS, Loader

PAGE = (ROOT / "docs" / "deploy.md").read_text()
SHELL = blocks("deploy.md", "sh")
GLOBAL_OPTIONS = {"--query", "--output", "--region"}
WITHOUT_RIGHTS = {"serverless"}
"""Resource types of the SAM transform become those of other services; tests of the translated template see them."""
NAMES_OF_SERVICES = {
    "applicationautoscaling": "application-autoscaling",
    "apigatewayv2": "apigateway",
    "elasticloadbalancingv2": "elasticloadbalancing",
}


def commands(program):
    """The command lines of one program, as words."""
    text = re.sub(r"<<'?JSON'?.*?^JSON", "", "\n".join(SHELL), flags=re.MULTILINE | re.DOTALL)
    for line in text.splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        command = []
        for word in [*lexer, ";"]:
            if set(word) <= set("();<>|&"):
                command = command[1:] if command[:1] == ["if"] else command
                if command[:1] == [program]:
                    yield command
                command = []
            else:
                command.append(word)


OF_THE_CLI = {("s3", "rb"), ("s3", "cp"), ("cloudformation", "deploy")}
"""Commands that the AWS CLI makes of several operations."""


@pytest.mark.parametrize("block", SHELL)
def test_snippets_are_shell(block):
    assert subprocess.run(["bash", "-n"], input=block, text=True, check=False, capture_output=True).stderr == ""


def test_every_aws_command_and_option_exists():
    session = botocore.session.Session()
    checked = 0
    for _, service, command, *words in commands("aws"):
        if (service, command) in OF_THE_CLI:
            continue
        model = session.get_service_model(service)
        if command == "wait":
            waiters = session.get_waiter_model(service).waiter_names
            assert words[0] in {xform_name(name, "-") for name in waiters}
            continue
        operations = {xform_name(name, "-"): name for name in model.operation_names}
        assert command in operations, command
        shape = model.operation_model(operations[command]).input_shape
        members = {f"--{xform_name(name, '-')}" for name in shape.members} if shape else set()
        flags = {f"--no-{name[2:]}" for name in members}
        assert {word for word in words if word.startswith("--")} <= members | flags | GLOBAL_OPTIONS, command
        checked += 1
    assert checked > 8


def test_every_stack_in_the_page_is_in_samconfig():
    config = (ROOT / "samconfig.toml").read_text()
    for stack in re.findall(r"STACK=(\S+)|--stack (herald\S*)", "\n".join(SHELL)):
        assert f'stack_name = "{"".join(stack)}"' in config


def overrides(*arguments):
    """Return the parameters that `make deploy STAGE=prod` with these arguments passes to `sam deploy`."""
    built = ".aws-sam/build/template.yaml"
    command = ["make", "--dry-run", f"--assume-old={built}", "deploy", "STAGE=prod", *arguments]
    shown = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    (line,) = [line for line in shown.splitlines() if line.startswith("sam deploy")]
    options, _, passed = line.partition(" --parameter-overrides ")
    assert options == "sam deploy --config-env prod"
    return shlex.split(passed)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ("LinkPublicKeyA= RetentionDays=180", ['LinkPublicKeyA=""', "RetentionDays=180"]),
        ("RetentionDays=180 WebhookHosts=", ["RetentionDays=180", 'WebhookHosts=""']),
        ("LinkPublicKeyA=MIIB,AQAB== KeepWarm=ping", ["LinkPublicKeyA=MIIB,AQAB==", "KeepWarm=ping"]),
    ],
)
def test_an_empty_parameter_reaches_sam_as_an_empty_value(parameters, words):
    """SAM ignores `NAME=`: https://github.com/aws/aws-sam-cli, samcli/cli/types.py."""
    assert overrides(f"PARAMETERS={parameters}") == words


def test_a_key_of_links_is_removed_before_it_is_forgotten():
    deployed, forgotten = {}, []
    for line in "\n".join(blocks("storage.md", "sh")).splitlines():
        words = shlex.split(line, comments=True)
        if words[:2] == ["make", "deploy"]:
            deployed |= dict(one.split("=", 1) for one in overrides(*words[3:]))
        elif "forget" in words:
            forgotten.append(words[words.index("forget") + 1])
            assert deployed[f"LinkPublicKey{forgotten[-1]}"] == '""'
    assert forgotten == ["A"]
    assert deployed["LinkPublicKeyB"] not in {"", '""'}


def test_every_parameter_is_in_the_table_with_its_default():
    section = PAGE.partition("## Parameters")[2].partition("\n## ")[0]
    rows = [row.split(" | ") for row in section.splitlines() if row.startswith("| `")]
    listed = {}
    for names, defaults, _ in rows:
        named = re.findall(r"`(\w+)`", names)
        listed |= dict(zip(named, defaults.split(", "), strict=True))
    assert listed.keys() == PARAMETERS.keys()
    for name, default in listed.items():
        real = str(PARAMETERS[name]["Default"])
        assert default in {real or "none", "us-east-1's"}, name


def test_the_raise_me_table_leaves_room():
    rows = re.findall(r"^\| ([\d,]+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 4
    for limit, standard, vip, batch, reserved in ([int(cell.replace(",", "")) for cell in row] for row in rows):
        # the authorizer, the speech function and the stream
        assert standard + vip + batch + max(4, 3 * reserved) <= limit
        assert not reserved or limit - 3 * reserved >= 100
    first = dict(zip(("StandardConcurrency", "VipConcurrency", "MaxBatchConcurrency"), rows[0][1:4], strict=True))
    assert first == {name: str(PARAMETERS[name]["Default"]) for name in first}


def test_kept_tables_are_imported_as_the_template_has_them():
    (kept,) = [yaml.load(block, Loader) for block in blocks("deploy.md", "yaml")]  # noqa: S506  a SafeLoader
    template = yaml.load((ROOT / "infra" / "storage.yaml").read_text(), Loader)["Resources"]  # noqa: S506
    retained = {name for name, one in template.items() if one.get("DeletionPolicy", "").startswith("Retain")}
    assert kept["Resources"].keys() == retained
    for name, one in kept["Resources"].items():
        assert one["Type"] == template[name]["Type"]
        properties = one.get("Properties", {})
        assert properties == {key: template[name]["Properties"][key] for key in properties}
    (names,) = re.findall(r"^cat >kept.json <<'JSON'\n(.*?)^JSON", "\n".join(SHELL), re.MULTILINE | re.DOTALL)
    assert {one["LogicalResourceId"] for one in json.loads(names)} == retained


def test_the_policy_covers_every_service_of_the_templates():
    (policy,) = [json.loads(block) for block in blocks("deploy.md", "json")]
    actions = []
    for statement in policy["Statement"]:
        listed = statement["Action"]
        actions += [listed] if isinstance(listed, str) else listed
    allowed = {action.partition(":")[0] for action in actions}
    text = "\n".join(path.read_text() for path in [ROOT / "template.yaml", *ROOT.glob("infra/*.yaml")])
    types = set(re.findall(r"^    Type: AWS::(\w+)::", text, re.MULTILINE))
    services = {NAMES_OF_SERVICES.get(one.lower(), one.lower()) for one in types} - WITHOUT_RIGHTS
    assert services <= allowed
    assert {"lambda", "apigateway", "states", "iam"} <= allowed
    assert "*" not in actions


OF_HANDLERS = {
    "AWS::IAM::Role": (
        "iam:AttachRolePolicy iam:CreateRole iam:DeleteRole iam:DeleteRolePolicy iam:DetachRolePolicy iam:GetRole "
        "iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies iam:PutRolePolicy iam:TagRole "
        "iam:UntagRole iam:UpdateAssumeRolePolicy iam:UpdateRole iam:UpdateRoleDescription"
    ),
    "AWS::IAM::ManagedPolicy": (
        "iam:CreatePolicy iam:CreatePolicyVersion iam:DeletePolicy iam:DeletePolicyVersion iam:GetPolicy "
        "iam:GetPolicyVersion iam:ListEntitiesForPolicy iam:ListPolicyVersions"
    ),
    "AWS::Logs::LogGroup": (
        "logs:CreateLogGroup logs:DeleteDataProtectionPolicy logs:DeleteLogGroup logs:DeleteRetentionPolicy "
        "logs:DescribeLogGroups logs:GetDataProtectionPolicy logs:ListTagsForResource logs:PutRetentionPolicy"
    ),
    "AWS::Logs::MetricFilter": "logs:DeleteMetricFilter logs:DescribeMetricFilters logs:PutMetricFilter",
    "AWS::CloudWatch::Alarm": "cloudwatch:DeleteAlarms cloudwatch:DescribeAlarms cloudwatch:ListTagsForResource",
    "AWS::CloudWatch::Dashboard": "cloudwatch:DeleteDashboards cloudwatch:GetDashboard cloudwatch:PutDashboard",
    "AWS::SageMaker::Endpoint": (
        "sagemaker:AddTags sagemaker:CreateEndpoint sagemaker:DeleteEndpoint sagemaker:DeleteTags "
        "sagemaker:DescribeEndpoint sagemaker:ListTags sagemaker:UpdateEndpoint"
    ),
}
"""What CloudFormation calls with the deployer's permissions: `aws cloudformation describe-type`, "handlers"."""


@pytest.mark.parametrize("kind", OF_HANDLERS)
def test_the_policy_covers_what_cloudformation_calls(kind):
    (policy,) = [json.loads(block) for block in blocks("deploy.md", "json")]
    allowed = {action for statement in policy["Statement"] for action in statement["Action"]}
    assert set(OF_HANDLERS[kind].split()) <= allowed


def test_the_policy_fits_into_a_managed_one():
    (policy,) = [json.loads(block) for block in blocks("deploy.md", "json")]
    assert len(json.dumps(policy, separators=(",", ":"))) < 6_144


def test_only_named_resources_or_a_reason():
    """Statements without limits are those for services whose resources cannot be named in advance."""
    (policy,) = [json.loads(block) for block in blocks("deploy.md", "json")]
    open_ones = {statement["Sid"] for statement in policy["Statement"] if statement["Resource"] == "*"}
    assert open_ones == {
        "Look",
        "AdapterAndMappings",
        "Watch",
        "OnlyWithGpu",
        "OnlyWithCloudFront",
        "OnlyWithLoadBalancer",
    }
