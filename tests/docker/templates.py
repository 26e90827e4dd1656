"""The built template, changed for this machine: without functions for the cloud, with their surroundings for SAM."""

import hashlib
import json
import re
import time

import yaml

from tests.docker.sam import BUILD

NESTED = "AWS::CloudFormation::Stack"


def built():
    """The template that `sam build` wrote."""
    return yaml.safe_load((BUILD / "template.yaml").read_text())


def without_functions(template):
    """A template without functions, nested stacks and what needs them; its outputs are the functions' variables."""
    resources = template["Resources"]
    gone = {name for name, one in resources.items() if one["Type"].startswith(("AWS::Serverless::", NESTED))}
    while more := {name for name, one in resources.items() if name not in gone and mentioned(one) & gone}:
        gone |= more
    return {
        "Parameters": template["Parameters"],
        "Conditions": template["Conditions"],
        "Resources": {name: one for name, one in resources.items() if name not in gone},
        "Outputs": {as_output(name): {"Value": value} for name, value in variables_of(template).items()},
    }


def mentioned(value):
    """The names in all !Ref, !GetAtt and !Sub."""
    text = json.dumps(value)
    named = re.findall(r'"(?:Ref|Fn::GetAtt)": \[?"(\w+)"', text)
    return {*named, *re.findall(r"\$\{(\w+)(?:\.\w+)*\}", text)}


def as_output(name):
    """A variable's name as CloudFormation takes it."""
    return name.replace("_", "")


def variables_of(template):
    """What every function is given."""
    return template["Globals"]["Function"]["Environment"]["Variables"]


def write_template(folder, variables, layer_cache):
    """Write the built template with the values of variables, as deployed; return where.

    Its layers are deployed too: SAM makes an image of those once, and of a template's own for every single call.
    """
    template = built()
    variables_of(template).update(variables)
    layers = {name: deploy_layer(name, layer_cache) for name in by_type(template, "AWS::Serverless::LayerVersion")}
    for function in by_type(template, "AWS::Serverless::Function").values():
        function["CodeUri"] = str(BUILD / function["CodeUri"])
        # Without the Lambda Web Adapter, which is another account's: nobody streams here.
        function["Layers"] = [layers[layer["Ref"]] for layer in function["Layers"] if "Ref" in layer]
    for nested in by_type(template, NESTED).values():
        nested["TemplateURL"] = str(BUILD / nested["TemplateURL"])
    template["Resources"] = {name: one for name, one in template["Resources"].items() if name not in layers}
    file = folder / "template.yaml"
    file.write_text(yaml.safe_dump(template, sort_keys=False))
    return file


def by_type(template, kind):
    """The properties of all resources of a type, by their names."""
    return {name: one["Properties"] for name, one in template["Resources"].items() if one["Type"] == kind}


def deploy_layer(name, layer_cache):
    """Put a built layer where SAM has what it downloaded; return the ARN, whose version no other run has."""
    arn = f"arn:aws:lambda:us-east-1:000000000000:layer:{name}:{time.time_ns() // 1_000_000}"
    digest = hashlib.sha256(arn.encode()).hexdigest()[:10]
    (layer_cache / f"{name}-{arn.rpartition(':')[2]}-{digest}").symlink_to(BUILD / name)
    return arn
