"""Recorded calls against the roles that the template gives: what is not allowed, and what is granted in vain."""

import json
import re
import shlex
import shutil
import subprocess
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.iam.requests import requests_of
from tests.template.physical import ACCOUNT
from tests.template.template import ROOT, as_list
from tests.template.translated import translate

NODE = ROOT / ".tools" / "node"
SIMULATOR = Path(__file__).parent / "simulate.mjs"
UNUSED = Path(__file__).parent / "unused.yaml"
EVERYTHING = {
    "EnableStream": "true",
    "GpuImage": "image",
    "GpuModels": "s3://models/herald",
    "LinkPublicKeyA": f"{'M' * 64},IA",
    "ManifestBuckets": "manifests",
}
"""Parameters with which every statement of the template is deployed."""
MANAGED = {
    # What AWS's own policies, which SAM attaches, grant of what is recorded:
    # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaSQSQueueExecutionRole.html
    "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole": [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
    ],
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
}


IDENTIFIER = re.compile(r"[0-9a-f]{8,}|[0-9]+(-[0-9]+)*")
"""What differs from one job, batch or day to the next, and in no policy: one request of each form is evaluated."""


NOWHERE = {"no-such-table", "nowhere", "not-there"}
"""Tables and buckets that tests give to functions to see how they fail."""


@dataclass
class Recorded:
    """What a test run recorded."""

    calls: list = field(default_factory=list)
    """With the names that resources have in a translated template, whatever their names were in each stack."""
    complete: bool = False
    """Whether every test ran and passed."""


@dataclass
class Report:
    """What came of it."""

    requests: int
    denied: list
    unused: set
    """Grants that no request needed: "<policy or role>/<Sid> <action>"."""
    unexplained: set
    stale: set
    """Entries of unused.yaml for what is used, or not granted."""

    def problems(self, *, complete):
        """Return lines for a person; none if all is well. What is granted in vain is known only of a complete run."""
        lines = [
            f"{one.principal} may not {one.action} on {one.resource} {json.dumps(one.context)}: {why}. "
            "Grant it in the template, or stop asking for it."
            for one, why in self.denied
        ]
        if complete:
            lines += [f"{one} is granted, but no test needs it. Remove it, or give a reason in tests/iam/unused.yaml."
                      for one in sorted(self.unexplained)]  # fmt: skip
            lines += [f"{one} is in tests/iam/unused.yaml, but is used or not granted. Remove the entry."
                      for one in sorted(self.stale)]  # fmt: skip
        return lines


def read(path):
    """Read what was recorded."""
    text = path.read_text()
    lines = list(map(json.loads, text.splitlines()))
    names = _names([line["resources"] for line in lines if "resources" in line])
    if names:
        physical = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
        lines = list(map(json.loads, physical.sub(lambda found: names[found[0]], text).splitlines()))
    found = Recorded([line for line in lines if "operation" in line])
    for line in lines:
        found.complete = line.get("complete", found.complete)
    return found


def _names(deployments):
    """Return the names that resources have in a translated template, by the names that they have in some stacks."""
    made_up = translate(local_parameters())["References"]
    pairs = [(one, made_up[key]) for resources in deployments for key, one in resources.items() if key in made_up]
    return {_name(physical): _name(reference) for physical, reference in pairs if physical != reference}


def _name(reference):
    return re.split(r"[/:]", reference)[-1]


def missing_tools():
    """Return what is needed and not here, or None."""
    if not shutil.which("node"):
        return "node is not installed"
    if not (NODE / "node_modules" / "@cloud-copilot" / "iam-simulate").exists():
        return "the policy simulator is not installed: make .tools/node/ready"
    return None


def roles(template):
    """Return the policies of every role of a translated template, by the role's logical id."""
    resources = template["Resources"]
    shared = {
        template["References"][name]: (name, one["Properties"]["PolicyDocument"])
        for name, one in resources.items()
        if one["Type"] == "AWS::IAM::ManagedPolicy"
    }
    shared |= {
        arn: (arn, {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": some, "Resource": "*"}]})
        for arn, some in MANAGED.items()
    }
    found = {}
    for name, one in resources.items():
        if one["Type"] == "AWS::IAM::Role":
            properties = one["Properties"]
            own = [(name, policy["PolicyDocument"]) for policy in properties.get("Policies", [])]
            attached = [shared[arn] for arn in properties.get("ManagedPolicyArns", [])]
            found[name] = [
                {"name": who, "policy": {"Version": "2012-10-17"} | document} for who, document in own + attached
            ]
    return found


def principals(template):
    """Return the role of each principal that records calls, by the principal's name."""
    found = {"GpuRole": "GpuRole", "BatchMachine": "BatchMachineRole"}
    for name, one in template["Resources"].items():
        if one["Type"] == "AWS::Lambda::Function":
            found[template["References"][name]] = one["Properties"]["Role"].rpartition("-")[2]
    return found


def local_parameters():
    """Return the parameters with which the local stack is deployed."""
    options = tomllib.loads((ROOT / "samconfig.toml").read_text())["local"]["deploy"]["parameters"]
    return dict(one.split("=", 1) for one in shlex.split(options["parameter_overrides"]))


def on_purpose(call):
    """Return whether a test made a function call what does not exist, to see how it fails."""
    return not NOWHERE.isdisjoint(map(call["parameters"].get, ("TableName", "Bucket")))


def check(recorded):
    """Evaluate what was recorded against the roles of the functions."""
    translated = translate(local_parameters())
    granted = roles(translated)
    role_of = principals(translated)
    asked = {}
    for call in recorded.calls:
        if call["principal"] in role_of and not on_purpose(call):
            for one in requests_of(call):
                asked.setdefault(form_of(one), one)
    requests = list(asked.values())
    answers = simulate(granted, [one.as_json() | {"role": role_of[one.principal]} for one in requests])
    denied = [
        (one, answer.get("error") or answer["result"])
        for one, answer in zip(requests, answers, strict=True)
        if answer["result"] != "Allowed"
    ]
    used = {
        f"{statement['policy']}/{statement['sid']} {one.action}"
        for one, answer in zip(requests, answers, strict=True)
        for statement in answer["statements"]
        if statement["policy"] not in MANAGED
    }
    unused = grants(roles(translate(EVERYTHING))) - used
    reasons = {f"{where} {action}" for where, actions in explained().items() for action in actions}
    return Report(len(requests), denied, unused, unused - reasons, reasons - unused)


def explained():
    """Return the actions that are granted without a test, by their statements."""
    found = {}
    for entry in yaml.safe_load(UNUSED.read_text()):
        assert entry["reason"].strip(), f"{entry['statement']} has no reason"
        found.setdefault(entry["statement"], []).extend(entry["actions"])
    return found


def form_of(request):
    """Return a request without what differs from one job to the next."""
    return IDENTIFIER.sub("0", json.dumps(request.as_json()))


def grants(granted):
    """Return everything that a template grants, AWS's own policies aside."""
    return {
        f"{policy['name']}/{statement['Sid']} {action}"
        for policies in granted.values()
        for policy in policies
        if policy["name"] not in MANAGED
        for statement in policy["policy"]["Statement"]
        for action in as_list(statement["Action"])
    }


def simulate(granted, requests):
    """Return the simulator's answers to requests, in their order."""
    question = json.dumps({"account": ACCOUNT, "roles": granted, "requests": requests})
    done = subprocess.run(
        ["node", SIMULATOR, NODE], input=question, capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        raise RuntimeError(f"The policy simulator failed:\n{done.stderr}")
    return json.loads(done.stdout)
