"""Templates as deployed: expanded by the SAM translator, with resolved intrinsics.

For tests of deployed resources; tests of the templates' source use `tests.template.template`.
"""

import copy
import functools
import logging
import os
from unittest.mock import patch

from samtranslator.translator import arn_generator
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from tests.template.intrinsics import Intrinsics, Unresolvable
from tests.template.physical import ACCOUNT, Place, attribute_of, ref_of
from tests.template.template import NESTED, ROOT

STACK = "herald"
SAM = "AWS::Serverless-2016-10-31"
# It prints its own metrics at exit.
logging.getLogger("samtranslator.metrics.metrics").setLevel(logging.ERROR)

URIS = {"CodeUri", "ContentUri", "DefinitionUri"}
"""Properties with local paths, which `sam deploy` replaces by S3 addresses."""


class Refused(ValueError):
    """A rule of the template rejects the parameters."""


def translate(parameters=None, region="us-east-1", *, template="template.yaml", stack=STACK):
    """Return a template as deployed with the given parameters.

    The result has Parameters (values), Conditions (booleans), Resources, Outputs, and References: a made-up Ref in the
    correct format for each resource. Resources with a false condition are omitted; those of nested stacks are included
    under their own logical ids. `template` is a path in the repository or a dictionary.
    """
    source = load(template) if isinstance(template, str) else template
    return _Stack(source, parameters or {}, Place(region, stack)).deployed()


@functools.cache
def _parsed(path):
    return yaml_parse((ROOT / path).read_text())


def load(path):
    """Return a modifiable copy of a template of the repository, with intrinsics in long form."""
    return copy.deepcopy(_parsed(path))


def expand(source, parameters, region):
    """Return a template after the SAM transform, with intrinsics and conditions."""
    if source.get("Transform") != SAM:
        return source
    arn_generator._get_region_from_session.cache_clear()
    arn_generator._region_to_partition.cache_clear()
    with patch.dict(os.environ, AWS_DEFAULT_REGION=region):
        return transform(_packaged(source), {name: str(one) for name, one in parameters.items()}, _NoManagedPolicies())


class _NoManagedPolicies:
    """AWS's managed policies, which the templates do not use."""

    def load(self):
        return {}


def _packaged(value):
    """Return a template with S3 addresses instead of local paths."""
    if isinstance(value, dict):
        return {
            name: f"s3://artifacts/{one}" if name in URIS and isinstance(one, str) else _packaged(one)
            for name, one in value.items()
        }
    return [_packaged(one) for one in value] if isinstance(value, list) else value


class _Stack:
    """A stack with its parameters, resources and nested stacks."""

    def __init__(self, source, parameters, place):
        self.place = place
        self.template = expand(source, parameters, place.region)
        self.parameters = self._with_defaults(parameters)
        self.resources = self.template["Resources"]
        self.intrinsics = Intrinsics(
            self.template.get("Conditions", {}), self.template.get("Mappings", {}), self._reference, self._attribute
        )
        self.nested = {}

    def _with_defaults(self, given):
        declared = self.template.get("Parameters", {})
        if unknown := given.keys() - declared.keys():
            raise Unresolvable(f"The template has no parameter {', '.join(sorted(unknown))}.")
        values = {name: str(one["Default"]) for name, one in declared.items() if "Default" in one}
        values |= {name: str(one) for name, one in given.items()}
        if missing := declared.keys() - values.keys():
            raise Unresolvable(f"Parameters without a value: {', '.join(sorted(missing))}.")
        lists = {name for name, one in declared.items() if one["Type"] == "CommaDelimitedList"}
        return {name: one.split(",") if name in lists else one for name, one in values.items()}

    def deployed(self):
        """Return the complete resolved stack."""
        self._check_rules()
        resources = {name: self._resource(name) for name in self.resources if self._exists(name)}
        references = {name: self._reference(name) for name in resources}
        for name, one in resources.copy().items():
            if one["Type"] == NESTED:
                inside = self._nested(name)
                if twice := inside["Resources"].keys() & resources.keys():
                    raise Unresolvable(f"Two templates name the same resource: {', '.join(sorted(twice))}.")
                resources |= inside["Resources"]
                references |= inside["References"]
        outputs = {
            name: self.intrinsics.resolve(one["Value"])
            for name, one in self.template.get("Outputs", {}).items()
            if "Condition" not in one or self.intrinsics.holds(one["Condition"])
        }
        conditions = {name: self.intrinsics.holds(name) for name in self.template.get("Conditions", {})}
        return {
            "Parameters": self.parameters,
            "Conditions": conditions,
            "Resources": resources,
            "References": references,
            "Outputs": outputs,
        }

    def _check_rules(self):
        for rule in self.template.get("Rules", {}).values():
            if self.intrinsics.resolve(rule.get("RuleCondition", True)):
                for one in rule["Assertions"]:
                    if not self.intrinsics.resolve(one["Assert"]):
                        raise Refused(one["AssertDescription"])

    def _exists(self, name):
        condition = self.resources[name].get("Condition")
        return condition is None or self.intrinsics.holds(condition)

    def _resource(self, name):
        one = self.resources[name]
        try:
            return one | {"Properties": self.intrinsics.resolve(one.get("Properties", {}))}
        except Unresolvable as error:
            raise Unresolvable(f"{name}: {error}") from error

    def _nested(self, name):
        if name not in self.nested:
            properties = self._resource(name)["Properties"]
            place = Place(self.place.region, f"{self.place.stack}-{name}")
            inner = _Stack(load(properties["TemplateURL"]), properties.get("Parameters", {}), place)
            self.nested[name] = inner.deployed()
        return self.nested[name]

    def _reference(self, name):
        if name in self.parameters:
            return self.parameters[name]
        if name.startswith("AWS::"):
            return self.place.pseudo(name)
        return ref_of(name, self._existing(name), self.place)

    def _attribute(self, name, attribute):
        resource = self._existing(name)
        if resource["Type"] == NESTED:
            output = attribute.removeprefix("Outputs.")
            if output not in (outputs := self._nested(name)["Outputs"]):
                raise Unresolvable(f"The nested stack {name} has no output {output}.")
            return outputs[output]
        return attribute_of(attribute, self._reference(name), resource, self.place)

    def _existing(self, name):
        if name not in self.resources:
            raise Unresolvable(f"The template has neither a parameter nor a resource {name}.")
        if not self._exists(name):
            raise Unresolvable(f"{name} is not deployed under these parameters, but is referred to.")
        one = self.resources[name]
        named = {key: value for key, value in one.get("Properties", {}).items() if key.endswith("Name")}
        return one | {"Properties": self.intrinsics.resolve(named)}


__all__ = ["ACCOUNT", "Refused", "Unresolvable", "expand", "load", "translate"]
