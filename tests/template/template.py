"""The contents of template.yaml and its nested templates."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, each as {tag: value}."""


def _tag(loader, suffix, node):
    construct = {
        yaml.ScalarNode: loader.construct_scalar,
        yaml.SequenceNode: lambda value: loader.construct_sequence(value, deep=True),
        yaml.MappingNode: lambda value: loader.construct_mapping(value, deep=True),
    }
    return {suffix: construct[type(node)](node)}


Loader.add_multi_constructor("!", _tag)


def read(path):
    """Read a template of the repository."""
    return yaml.load((ROOT / path).read_text(), Loader)  # noqa: S506  a SafeLoader with tags


TEMPLATE = read("template.yaml")
PARAMETERS = TEMPLATE["Parameters"]
NESTED = "AWS::CloudFormation::Stack"


def plain(value):
    """Return a value of the template as text for a !Sub."""
    match value:
        case {"Ref": name} | {"GetAtt": name}:
            return f"${{{name}}}"
        case {"Sub": str(text)}:
            return text
        case {"If": [_, yes, ""]}:
            return plain(yes)
    return value


def _reference(text):
    """Return the !Ref, !GetAtt or !Sub of a text returned by `plain`."""
    found = re.fullmatch(r"\$\{([\w:]+)(\.[\w.]+)?\}", text) if isinstance(text, str) else None
    if found:
        return {"GetAtt": found[1] + found[2]} if found[2] else {"Ref": found[1]}
    return {"Sub": text} if isinstance(text, str) and "${" in text else text


def _replaced(value, texts):
    """Replace names in !Ref, !GetAtt and !Sub by texts."""
    match value:
        case {"Ref": name} | {"GetAtt": name} if name in texts:
            return _reference(texts[name])
        case {"Sub": str(text)}:
            return {"Sub": _filled(text, texts)}
        case {"Sub": [text, parts]}:
            return {"Sub": [_filled(text, texts), _replaced(parts, texts)]}
        case dict():
            return {name: _replaced(one, texts) for name, one in value.items()}
        case list():
            return [_replaced(one, texts) for one in value]
    return value


def _filled(text, texts):
    return re.sub(r"\$\{([\w.]+)\}", lambda found: str(texts.get(found[1], found[0])), text)


class _Flat:
    """Resources, conditions and mappings of the main template and its nested stacks, merged."""

    def __init__(self, main):
        self.resources = dict(main["Resources"])
        self.conditions = dict(main["Conditions"])
        self.mappings = dict(main["Mappings"])
        outputs = {}
        for name, stack in main["Resources"].items():
            if stack["Type"] == NESTED:
                outputs |= self._add(name, stack)
        self.resources = _replaced(self.resources, outputs)
        self.conditions = _replaced(self.conditions, outputs)

    def _add(self, name, stack):
        """Add a nested stack; return its outputs."""
        template = read(stack["Properties"]["TemplateURL"])
        given = {parameter: plain(value) for parameter, value in stack["Properties"]["Parameters"].items()}
        condition = {"Condition": stack["Condition"]} if "Condition" in stack else {}
        # A resource's own condition takes precedence; it implies that of its stack.
        inside = {
            key: condition | one | {f"Stack{kind}": what for kind, what in condition.items()}
            for key, one in _replaced(template["Resources"], given).items()
        }
        assert not inside.keys() & self.resources.keys(), "two templates name the same resource"
        self.resources |= inside
        self.conditions = _replaced(template.get("Conditions", {}), given) | self.conditions
        self.mappings = template.get("Mappings", {}) | self.mappings
        return {
            f"{name}.Outputs.{output}": plain(_replaced(one["Value"], given))
            for output, one in template.get("Outputs", {}).items()
        }


_FLAT = _Flat(TEMPLATE)
RESOURCES = _FLAT.resources
CONDITIONS = _FLAT.conditions
MAPPINGS = _FLAT.mappings


def of_type(kind):
    """Return the properties of all resources of a type by name."""
    return {name: one.get("Properties", {}) for name, one in RESOURCES.items() if one["Type"] == kind}


FUNCTIONS = of_type("AWS::Serverless::Function")
HEARING = {name: one for name, one in FUNCTIONS.items() if "FunctionUrlConfig" not in one}
"""Functions that handle events; the others are HTTP servers."""
COMMON_VARIABLES = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
VARIABLES = {name: COMMON_VARIABLES | one["Environment"]["Variables"] for name, one in FUNCTIONS.items()}
"""Environment variables of each function."""
ALL_VARIABLES = {variable: value for own in VARIABLES.values() for variable, value in own.items()}
QUEUES = of_type("AWS::SQS::Queue")


def file_name(function):
    """Return the file name of a function: "speak_items" for SpeakItemsFunction."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", function.removesuffix("Function")).lower()


def events(kind):
    """Return every event of a type with its function: [(function, event), ...]."""
    given = [(name, event) for name, function in FUNCTIONS.items() for event in function.get("Events", {}).values()]
    return [(name, event["Properties"]) for name, event in given if event["Type"] == kind]


def target(value):
    """Return the resource referenced by !Ref or !GetAtt."""
    value = unfolded(value)[0]
    return value.get("Ref") or value["GetAtt"].partition(".")[0]


def as_list(value):
    """Return a value as a list."""
    return value if isinstance(value, list) else [value]


def unfolded(value):
    """Return both branches of an !If, or the value itself."""
    return value["If"][1:] if isinstance(value, dict) and "If" in value else [value]


def statements(documents):
    """Return all statements of policy documents, under any condition."""
    found = [one for document in documents for one in as_list(document["Statement"])]
    return [branch for one in found for branch in unfolded(one) if "Effect" in branch]


def gpu_role():
    """Return the statements of the endpoint's role."""
    return role_of("GpuRole")


def role_of(name):
    """Return the statements of a role defined in the template."""
    return statements(policy["PolicyDocument"] for policy in of_type("AWS::IAM::Role")[name]["Policies"])


def with_default_parameters(value):
    """Resolve a value with the parameters' defaults; resources are replaced by their names."""
    match value:
        case {"Ref": name}:
            return str(PARAMETERS[name]["Default"]) if name in PARAMETERS else name
        case {"If": [condition, yes, no]}:
            return with_default_parameters(yes if _holds(condition) else no)
        case {"Sub": text}:
            return text
        case {"FindInMap": [name, first, second]}:
            return MAPPINGS[name][with_default_parameters(first)][second]
    return value


def _holds(condition):
    return _is_true(CONDITIONS[condition])


def _is_true(value):
    match value:
        case {"Equals": [parameter, wanted]}:
            return str(with_default_parameters(parameter)) == str(wanted)
        case {"And": parts}:
            return all(_is_true(part) for part in parts)
        case {"Or": parts}:
            return any(_is_true(part) for part in parts)
        case {"Not": [part]}:
            return not _is_true(part)
        case {"Condition": name}:
            return _holds(name)
    raise ValueError(f"no condition known here: {value}")
