"""Variants of the built template: without functions for the cloud, and with deployed values for SAM."""

import hashlib
import json
import re
import time

import yaml

from tests.docker.sam import BUILD

NESTED = "AWS::CloudFormation::Stack"
KINDS = (
    "AWS::DynamoDB::",
    "AWS::Events::EventBus",
    "AWS::IAM::",
    "AWS::Logs::",
    "AWS::S3::",
    "AWS::SNS::",
    "AWS::SQS::",
    "AWS::SageMaker::",
    "AWS::SecretsManager::",
)
"""Resources of nested stacks that the functions need."""


def built():
    """Read the template written by `sam build`."""
    return yaml.safe_load((BUILD / "template.yaml").read_text())


def with_nested(template):
    """Return a template with the data of Storage, the endpoint, and the queues of Gpu, Kokoro and Webhooks.

    Nested templates could only be deployed from S3.
    """
    for stack in ("Storage", "Gpu", "Kokoro", "Webhooks"):
        inside = nested(template, stack)
        text = json.dumps(template)
        for output, one in inside["Outputs"].items():
            text = text.replace(json.dumps({"Fn::GetAtt": [stack, f"Outputs.{output}"]}), json.dumps(one["Value"]))
        template = json.loads(text)
        template["Conditions"] |= inside.get("Conditions", {})
        template["Resources"] |= {
            name: one
            for name, one in inside["Resources"].items()
            # The policy of the queue of webhooks names a rule, which no function needs.
            if one["Type"].startswith(KINDS) and one["Type"] != "AWS::SQS::QueuePolicy"
        }
    return template


def nested(template, stack):
    """Return a nested template with the parameters that it is given, without protection and dashboard."""
    properties = template["Resources"][stack]["Properties"]
    inside = yaml.safe_load((BUILD / properties["TemplateURL"]).read_text())
    defaults = {name: one["Default"] for name, one in inside["Parameters"].items() if "Default" in one}
    # An !If, which no condition may contain.
    given = defaults | properties["Parameters"] | {"ProtectTables": "false", "ShowDashboard": "false"}
    text = json.dumps(inside)
    for name, value in given.items():
        text = text.replace(json.dumps({"Ref": name}), json.dumps(value))
        match value:
            case {"Ref": other}:
                text = text.replace(f"${{{name}}}", f"${{{other}}}")
            case {"Fn::GetAtt": [resource, attribute]}:
                text = text.replace(f"${{{name}}}", f"${{{resource}.{attribute}}}")
    return json.loads(text)


def without_functions(template):
    """Return the template without functions, nested stacks and dependents; its outputs are the functions' variables."""
    template = with_nested(template)
    resources = template["Resources"]
    gone = {name for name, one in resources.items() if one["Type"].startswith(("AWS::Serverless::", NESTED))}
    while more := {name for name, one in resources.items() if name not in gone and mentioned(one) & gone}:
        gone |= more
    return {
        "Parameters": template["Parameters"],
        "Mappings": template["Mappings"],
        "Conditions": template["Conditions"],
        "Resources": {name: one for name, one in resources.items() if name not in gone},
        "Outputs": {as_output(name): {"Value": value} for name, value in variables_of(template).items()},
    }


def mentioned(value):
    """Return the names in all !Ref, !GetAtt and !Sub."""
    text = json.dumps(value)
    named = re.findall(r'"(?:Ref|Fn::GetAtt)": \[?"(\w+)"', text)
    return {*named, *re.findall(r"\$\{(\w+)(?:\.\w+)*\}", text)}


def as_output(name):
    """Return a variable's name as a valid output name."""
    return name.replace("_", "")


def variables_of(template):
    """Return the merged environment variables of all functions."""
    functions = by_type(template, "AWS::Serverless::Function").values()
    environments = [one["Environment"]["Variables"] for one in [template["Globals"]["Function"], *functions]]
    # Except the name for logs and metrics, which differs.
    return {name: value for own in environments for name, value in own.items() if name != "POWERTOOLS_SERVICE_NAME"}


def write_template(folder, variables, layer_cache):
    """Write the built template with deployed values of variables; return its path.

    Its layers are references to deployed ones: SAM builds their image once, but that of local layers for each call.
    """
    template = built()
    # Each function keeps its own variables; AWS's addresses and credentials are for all.
    own = variables_of(template)
    shared = {name: value for name, value in variables.items() if name not in own}
    template["Globals"]["Function"]["Environment"]["Variables"] |= shared
    layers = {name: deploy_layer(name, layer_cache) for name in by_type(template, "AWS::Serverless::LayerVersion")}
    for function in by_type(template, "AWS::Serverless::Function").values():
        named = function["Environment"]["Variables"]
        named.update({name: variables[name] for name in named if name in variables})
        function["CodeUri"] = str(BUILD / function["CodeUri"])
        # Without the Lambda Web Adapter of another account, which is not needed here.
        function["Layers"] = [layers[layer["Ref"]] for layer in function["Layers"] if "Ref" in layer]
    for nested in by_type(template, NESTED).values():
        nested["TemplateURL"] = str(BUILD / nested["TemplateURL"])
    template["Resources"] = {name: one for name, one in template["Resources"].items() if name not in layers}
    file = folder / "template.yaml"
    file.write_text(yaml.safe_dump(template, sort_keys=False))
    return file


def by_type(template, kind):
    """Return the properties of all resources of a type by name."""
    return {name: one["Properties"] for name, one in template["Resources"].items() if one["Type"] == kind}


def deploy_layer(name, layer_cache):
    """Copy a built layer to SAM's cache of downloads; return an ARN with a version unique to this run."""
    arn = f"arn:aws:lambda:us-east-1:000000000000:layer:{name}:{time.time_ns() // 1_000_000}"
    digest = hashlib.sha256(arn.encode()).hexdigest()[:10]
    (layer_cache / f"{name}-{arn.rpartition(':')[2]}-{digest}").symlink_to(BUILD / name)
    return arn
