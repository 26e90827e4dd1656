"""One conditional write, in DynamoDB's language.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from herald.aws.rows import Row, Value


class Change:
    """What is set, what is removed, and what must hold for it. Every name is a placeholder, as many are reserved."""

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
        """The placeholder of an attribute's name, which may hold a hyphen. A placeholder may not."""
        placeholder = f"#{attribute.replace('-', '_')}"
        self.names[placeholder] = attribute
        return placeholder

    def value(self, value: Value) -> str:
        """A placeholder of a value."""
        placeholder = f":v{len(self.values)}"
        self.values[placeholder] = value
        return placeholder

    def set(self, attributes: Row) -> None:
        """Set attributes."""
        self._sets += [f"{self.name(name)} = {self.value(value)}" for name, value in attributes.items()]

    def set_once(self, attribute: str, value: Value) -> None:
        """Set an attribute, unless it is there."""
        name = self.name(attribute)
        self._sets.append(f"{name} = if_not_exists({name}, {self.value(value)})")

    def count(self, attribute: str) -> None:
        """Add 1 to an attribute."""
        name = self.name(attribute)
        self._sets.append(f"{name} = {name} + {self.value({'N': '1'})}")

    def add(self, attributes: Mapping[str, Decimal | int]) -> None:
        """Add numbers to attributes, which begin at 0."""
        numbers = {name: self.value({"N": str(number)}) for name, number in attributes.items()}
        self._sums += [f"{self.name(name)} {value}" for name, value in numbers.items()]

    def include(self, attribute: str, number: int) -> None:
        """Put a number into a set of numbers, on condition that it is not there."""
        name = self.name(attribute)
        self._sums.append(f"{name} {self.value({'NS': [str(number)]})}")
        self.require(f"{self.lacks(attribute)} OR NOT contains({name}, {self.value({'N': str(number)})})")

    def remove(self, attributes: Iterable[str]) -> None:
        """Remove attributes."""
        self._removals += [self.name(name) for name in attributes]

    def require(self, condition: str) -> None:
        """Change nothing unless this holds too."""
        self._conditions.append(condition)

    def is_one_of(self, attribute: str, values: Collection[str]) -> str:
        """The condition that an attribute has one of some values."""
        return f"{self.name(attribute)} IN ({', '.join(self.value({'S': str(value)}) for value in sorted(values))})"

    def equals(self, attribute: str, value: Value) -> str:
        """The condition that an attribute has a value."""
        return f"{self.name(attribute)} = {self.value(value)}"

    def has(self, attribute: str) -> str:
        """The condition that an attribute is there."""
        return f"attribute_exists({self.name(attribute)})"

    def at_most(self, attribute: str, number: int) -> str:
        """The condition that a number, which begins at 0, is no more than another."""
        return f"{self.lacks(attribute)} OR {self.name(attribute)} <= {self.value({'N': str(number)})}"

    def lacks(self, attribute: str) -> str:
        """The condition that an attribute is not there."""
        return f"attribute_not_exists({self.name(attribute)})"
