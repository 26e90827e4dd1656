"""The translated templates in three regions, with all options off and on."""

import itertools
import json

import pytest

from tests.template.intrinsics import Intrinsics
from tests.template.template import NESTED, ROOT
from tests.template.translated import Refused, Unresolvable, expand, load, translate

REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")
KEY = f"{'M' * 64},{'I' * 64},IB"
SAMPLES = {
    "AlarmEmail": "operator@example.com",
    "KeepWarm": "snapshot",
    "GpuImage": "000000000000.dkr.ecr.us-east-1.amazonaws.com/herald:1",
    "GpuModels": "s3://models/herald",
    "JwtAudience": "herald",
    "JwtIssuer": "https://issuer.example.com/",
    "LinkPublicKeyA": KEY,
    "LinkPublicKeyB": KEY.replace("I", "J"),
    "Profile": "production",
    "ReservedConcurrency": "5",
    "ManifestBuckets": "one,two",
    "VoiceAliases": "nova=en_US-joe-medium",
}
"""Parameters that enable all options."""
PARTITIONS = {"aws": REGIONS, "aws-cn": ("cn-north-1",), "aws-us-gov": ("us-gov-west-1",)}


def everything():
    """Return SAMPLES, with each switch of the main template turned on."""
    parameters = load("template.yaml")["Parameters"]
    switches = {name for name, one in parameters.items() if one.get("AllowedValues") == ["true", "false"]}
    return dict.fromkeys(switches, "true") | {name: one for name, one in SAMPLES.items() if name in parameters}


def templates():
    """Return the main template and the nested ones by path."""
    main = load("template.yaml")
    nested = [one["Properties"]["TemplateURL"] for one in main["Resources"].values() if one["Type"] == NESTED]
    return {"template.yaml": main} | {path: load(path) for path in nested}


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("parameters", [{}, everything()], ids=["defaults", "everything"])
def test_references_to_missing_resources_do_not_exist(region, parameters):
    assert translate(parameters, region)["Resources"]


def versions(template):
    found = translate(everything(), template=template)["Resources"]
    return {name for name, one in found.items() if one["Type"] == "AWS::Lambda::Version"}


def test_a_deployment_publishes_versions_with_its_settings_and_layers():
    """SAM names a version after the text of its function: neither a parameter nor a layer would change it."""
    released, layered = load("template.yaml"), load("template.yaml")
    for name in ("SpeechFunction", "SpeechStreamFunction"):
        released["Resources"][name]["Properties"]["Environment"]["Variables"]["HERALD_RELEASE"] = "2026-11-29"
    layered["Resources"]["VoiceLayer"]["Properties"]["ContentUri"] = "layers/another"
    before = versions(load("template.yaml"))
    assert len(before) == 2
    assert not before & versions(released)
    assert not before & versions(layered)


def test_enabling_all_options_deploys_more():
    assert translate(everything())["Resources"].keys() > translate()["Resources"].keys()


def test_a_reference_to_an_unknown_name_is_found():
    broken = load("template.yaml")
    broken["Resources"]["KeepWarmPing"]["Properties"]["Description"] = {"Ref": "NoBucket"}
    with pytest.raises(Unresolvable, match=r"KeepWarmPing: .*NoBucket"):
        translate({"KeepWarm": "ping"}, template=broken)


def test_a_reference_to_a_disabled_resource_is_found():
    broken = load("template.yaml")
    broken["Resources"]["FunctionLogs"]["Condition"] = "UseGpu"
    with pytest.raises(Unresolvable, match="FunctionLogs is not deployed"):
        translate({"KeepWarm": "ping"}, template=broken)


def test_rules_reject_parameters():
    with pytest.raises(Refused, match="JwtAudience"):
        translate({"JwtIssuer": "https://issuer.example.com/"})


def test_arns_depend_on_the_region():
    for region in REGIONS:
        text = json.dumps(translate(everything(), region)["Resources"])
        assert f":{region}:" in text
        assert not [other for other in REGIONS if other != region and f":{other}:" in text]


# --- no dead conditions ---


def names(value, kind):
    """Return all names in a template with keys such as "Ref" or "Condition"."""
    if isinstance(value, dict):
        here = {value[kind]} if isinstance(value.get(kind), str) else set()
        conditional = {value["Fn::If"][0]} if kind == "Condition" and "Fn::If" in value else set()
        return here | conditional | set().union(*(names(one, kind) for one in value.values()), set())
    return set().union(*(names(one, kind) for one in value)) if isinstance(value, list) else set()


def choices(name, declared):
    """Return values of a parameter that select each branch of a condition."""
    if name == "AWS::Partition":
        return list(PARTITIONS)
    if name == "AWS::Region":
        return [region for regions in PARTITIONS.values() for region in regions]
    if allowed := declared.get("AllowedValues"):
        return list(map(str, allowed))
    limits = [declared.get(key) for key in ("Default", "MinValue", "MaxValue")]
    values = [str(one) for one in limits if one is not None]
    return [*(values or [""]), SAMPLES.get(name, "another")]


def outcomes(template, condition):
    """Return the values of a condition over all choices of its parameters."""
    conditions = template["Conditions"]
    needed, queue = set(), [condition]
    while queue:
        body = conditions[queue.pop()]
        needed |= names(body, "Ref")
        queue += names(body, "Condition")
    ordered = sorted(needed)
    values = [choices(name, template["Parameters"].get(name, {})) for name in ordered]
    found = set()
    for chosen in itertools.product(*values):
        given = dict(zip(ordered, chosen, strict=True))
        found.add(Intrinsics(conditions, template.get("Mappings", {}), given.__getitem__, None).holds(condition))
    return found


CONDITIONS = [(path, name) for path, one in templates().items() for name in one.get("Conditions", {})]


@pytest.mark.parametrize(("path", "name"), CONDITIONS)
def test_a_condition_is_used_and_can_be_true_and_false(path, name):
    template = load(path)
    others = {key: one for key, one in template["Conditions"].items() if key != name}
    used = names([template["Resources"], template.get("Outputs", {}), template.get("Globals", {}), others], "Condition")
    assert name in used, f"nothing in {path} uses it"
    assert outcomes(template, name) == {True, False}


def test_a_dead_condition_is_found():
    template = {
        "Parameters": {"Kind": {"AllowedValues": ["a", "b"]}},
        "Conditions": {"Dead": {"Fn::Equals": [{"Ref": "Kind"}, "c"]}, "Alive": {"Fn::Equals": [{"Ref": "Kind"}, "a"]}},
    }
    assert outcomes(template, "Dead") == {False}
    assert outcomes(template, "Alive") == {True, False}


def test_the_translator_creates_a_role_per_function():
    source = load("template.yaml")
    functions = {name for name, one in source["Resources"].items() if one["Type"] == "AWS::Serverless::Function"}
    expanded = expand(source, {}, "us-east-1")["Resources"]
    assert {f"{name}Role" for name in functions} <= expanded.keys()


def test_the_main_template_is_limited_in_size():
    assert len((ROOT / "template.yaml").read_text().splitlines()) <= 1_200
    assert len(load("template.yaml")["Parameters"]) <= 32
