"""CloudFormation's intrinsic functions, evaluated as CloudFormation does when it deploys a template."""

import base64
import json
import re

NO_VALUE = object()
"""What AWS::NoValue resolves to; the property or list item that holds it is removed."""
VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


class Unresolvable(ValueError):
    """A template refers to something that does not exist under the given parameters."""


class Intrinsics:
    """Resolve the values of one template.

    `reference(name)` returns what Ref gives for a parameter, pseudo parameter or resource; `attribute(name, attribute)`
    returns what Fn::GetAtt gives.
    """

    def __init__(self, conditions, mappings, reference, attribute):
        self.conditions = conditions
        self.mappings = mappings
        self.reference = reference
        self.attribute = attribute

    def holds(self, name):
        """Return whether a condition of the template is true."""
        if name not in self.conditions:
            raise Unresolvable(f"The template has no condition {name}.")
        return bool(self.resolve(self.conditions[name]))

    def resolve(self, value):
        """Return a value with every intrinsic function replaced by its result."""
        if isinstance(value, list):
            return [one for one in map(self.resolve, value) if one is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in ("Ref", "Condition") and isinstance(argument, str):
                return self.holds(argument) if name == "Condition" else self._ref(argument)
            if name.startswith("Fn::"):
                return self._call(name.removeprefix("Fn::"), argument)
        resolved = {name: self.resolve(one) for name, one in value.items()}
        return {name: one for name, one in resolved.items() if one is not NO_VALUE}

    def _ref(self, name):
        return NO_VALUE if name == "AWS::NoValue" else self.reference(name)

    def _call(self, function, argument):
        handler = getattr(self, f"_{function.lower()}", None)
        if handler is None:
            raise Unresolvable(f"tests/template/intrinsics.py does not support Fn::{function}.")
        return handler(argument)

    def _if(self, argument):
        condition, yes, no = argument
        return self.resolve(yes if self.holds(condition) else no)

    def _equals(self, argument):
        left, right = map(self.resolve, argument)
        return _text(left) == _text(right)

    def _and(self, argument):
        return all(map(self.resolve, argument))

    def _or(self, argument):
        return any(map(self.resolve, argument))

    def _not(self, argument):
        return not self.resolve(argument[0])

    def _getatt(self, argument):
        name, _, attribute = argument.partition(".") if isinstance(argument, str) else (argument[0], ".", argument[1])
        return self.attribute(name, attribute)

    def _sub(self, argument):
        text, local = (argument, {}) if isinstance(argument, str) else argument
        local = {name: self.resolve(one) for name, one in local.items()}

        def replaced(found):
            literal, name = found.groups()
            if literal:
                return f"${{{name}}}"
            if name in local:
                return _text(local[name])
            return _text(self._getatt(name) if "." in name else self._ref(name))

        return VARIABLE.sub(replaced, text)

    def _join(self, argument):
        delimiter, parts = argument
        return delimiter.join(map(_text, self.resolve(parts)))

    def _split(self, argument):
        delimiter, text = argument
        return self.resolve(text).split(delimiter)

    def _select(self, argument):
        index, parts = map(self.resolve, argument)
        return parts[int(index)]

    def _findinmap(self, argument):
        name, first, second = map(self.resolve, argument)
        try:
            return self.mappings[name][first][second]
        except KeyError as missing:
            raise Unresolvable(f"The mapping {name} has no {first}.{second}.") from missing

    def _base64(self, argument):
        return base64.b64encode(_text(self.resolve(argument)).encode()).decode()

    def _tojsonstring(self, argument):
        return json.dumps(self.resolve(argument))


def _text(value):
    """Return a value as CloudFormation compares and joins it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
