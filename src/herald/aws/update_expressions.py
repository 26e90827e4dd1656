"""A builder for conditional updates of DynamoDB items.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from herald.aws.row_codec import Row, Value


class Change:
    """Collects the expressions of one update and its condition.

    All attribute names are placeholders, because many names are reserved words.
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Value] = {}
        self._sets: list[str] = []
        self._sums: list[str] = []
        self._removals: list[str] = []
        self._conditions: list[str] = []

    @property
    def update(self) -> str:
        """The UpdateExpression."""
        sets = f"SET {', '.join(self._sets)}" if self._sets else ""
        sums = f"ADD {', '.join(self._sums)}" if self._sums else ""
        removals = f"REMOVE {', '.join(self._removals)}" if self._removals else ""
        return " ".join(filter(None, (sets, sums, removals)))

    @property
    def condition(self) -> str:
        """The ConditionExpression."""
        return " AND ".join(f"({condition})" for condition in self._conditions)

    def name(self, attribute: str) -> str:
        """Return a placeholder for an attribute's name. Names may contain hyphens, placeholders may not."""
        placeholder = f"#{attribute.replace('-', '_')}"
        self.names[placeholder] = attribute
        return placeholder

    def value(self, value: Value) -> str:
        """Return a placeholder for a value."""
        placeholder = f":v{len(self.values)}"
        self.values[placeholder] = value
        return placeholder

    def set(self, attributes: Row) -> None:
        """Set attributes."""
        self._sets += [f"{self.name(name)} = {self.value(value)}" for name, value in attributes.items()]

    def set_once(self, attribute: str, value: Value) -> None:
        """Set an attribute unless it exists."""
        name = self.name(attribute)
        self._sets.append(f"{name} = if_not_exists({name}, {self.value(value)})")

    def count(self, attribute: str) -> None:
        """Add 1 to an existing attribute."""
        name = self.name(attribute)
        self._sets.append(f"{name} = {name} + {self.value({'N': '1'})}")

    def add(self, attributes: Mapping[str, Decimal | int]) -> None:
        """Add numbers to attributes; a missing attribute counts as 0."""
        numbers = {name: self.value({"N": str(number)}) for name, number in attributes.items()}
        self._sums += [f"{self.name(name)} {value}" for name, value in numbers.items()]

    def include(self, attribute: str, number: int) -> None:
        """Add a number to a set of numbers, and require that the set does not contain it."""
        name = self.name(attribute)
        self._sums.append(f"{name} {self.value({'NS': [str(number)]})}")
        self.require(f"{self.lacks(attribute)} OR NOT contains({name}, {self.value({'N': str(number)})})")

    def remove(self, attributes: Iterable[str]) -> None:
        """Remove attributes."""
        self._removals += [self.name(name) for name in attributes]

    def require(self, condition: str) -> None:
        """Add a condition; all conditions must hold."""
        self._conditions.append(condition)

    def is_one_of(self, attribute: str, values: Collection[str]) -> str:
        """Return the condition that an attribute equals one of `values`."""
        return f"{self.name(attribute)} IN ({', '.join(self.value({'S': str(value)}) for value in sorted(values))})"

    def equals(self, attribute: str, value: Value) -> str:
        """Return the condition that an attribute equals `value`."""
        return f"{self.name(attribute)} = {self.value(value)}"

    def has(self, attribute: str) -> str:
        """Return the condition that an attribute exists."""
        return f"attribute_exists({self.name(attribute)})"

    def at_most(self, attribute: str, number: int) -> str:
        """Return the condition that an attribute is at most `number`; a missing attribute counts as 0."""
        return f"{self.lacks(attribute)} OR {self.name(attribute)} <= {self.value({'N': str(number)})}"

    def lacks(self, attribute: str) -> str:
        """Return the condition that an attribute does not exist."""
        return f"attribute_not_exists({self.name(attribute)})"
