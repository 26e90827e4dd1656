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


def with_gpu_queues(template):
    """Return a template with the queues of the nested stack Gpu among its own: only S3 has a nested template."""
    inside = yaml.safe_load((BUILD / template["Resources"]["Gpu"]["Properties"]["TemplateURL"]).read_text())
    text = json.dumps(template)
    for output, one in inside["Outputs"].items():
        text = text.replace(json.dumps({"Fn::GetAtt": ["Gpu", f"Outputs.{output}"]}), json.dumps(one["Value"]))
    queues = {name: one for name, one in inside["Resources"].items() if one["Type"] == "AWS::SQS::Queue"}
    template = json.loads(text)
    return template | {"Resources": template["Resources"] | queues}


def without_functions(template):
    """A template without functions, nested stacks and what needs them; its outputs are the functions' variables."""
    template = with_gpu_queues(template)
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
    """The names in all !Ref, !GetAtt and !Sub."""
    text = json.dumps(value)
    named = re.findall(r'"(?:Ref|Fn::GetAtt)": \[?"(\w+)"', text)
    return {*named, *re.findall(r"\$\{(\w+)(?:\.\w+)*\}", text)}


def as_output(name):
    """A variable's name as CloudFormation takes it."""
    return name.replace("_", "")


def variables_of(template):
    """Return the environment variables of all functions together."""
    functions = by_type(template, "AWS::Serverless::Function").values()
    environments = [one["Environment"]["Variables"] for one in [template["Globals"]["Function"], *functions]]
    # Each function has a name of its own for its logs and metrics.
    return {name: value for own in environments for name, value in own.items() if name != "POWERTOOLS_SERVICE_NAME"}


def write_template(folder, variables, layer_cache):
    """Write the built template with the values of variables, as deployed; return where.

    Its layers are deployed too: SAM makes an image of those once, and of a template's own for every single call.
    """
    template = built()
    template["Globals"]["Function"]["Environment"]["Variables"] |= variables
    layers = {name: deploy_layer(name, layer_cache) for name in by_type(template, "AWS::Serverless::LayerVersion")}
    for function in by_type(template, "AWS::Serverless::Function").values():
        own = function["Environment"]["Variables"]
        own.update({name: variables[name] for name in own if name in variables})
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
