"""Evaluation of the bucket's lifecycle rules as S3 applies them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
"""

from dataclasses import dataclass, field

from tests.template.template import CONDITIONS, MAPPINGS, PARAMETERS, RESOURCES

NOTHING = object()
"""Stands for AWS::NoValue."""
SMALLEST_MOVED = 128 * 1024
"""Bytes; S3 transitions smaller objects only if a rule sets a size (since September 2024)."""


@dataclass(frozen=True)
class Stored:
    """An object in the bucket."""

    key: str
    size: int
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fate:
    """The ages in days at which an object moves to Infrequent Access, and is deleted; None for never."""

    moved: int | None = None
    deleted: int | None = None

    def at(self, age):
        """Return the storage class, or "deleted", at an age in days."""
        if self.deleted is not None and age >= self.deleted:
            return "deleted"
        return "STANDARD_IA" if self.moved is not None and age >= self.moved else "STANDARD"


def rules(**parameters):
    """Return the rules as deployed, with some parameters changed from their defaults."""
    given = {name: str(one.get("Default", "")) for name, one in PARAMETERS.items()}
    given |= {name: str(value) for name, value in parameters.items()}
    return resolved(RESOURCES["AudioBucket"]["Properties"]["LifecycleConfiguration"]["Rules"], given)


def resolved(value, given):  # noqa: PLR0911  one return per intrinsic function
    """Return a value of the template for the given parameters."""
    match value:
        case {"Ref": "AWS::NoValue"}:
            return NOTHING
        case {"Ref": name}:
            return given[name]
        case {"FindInMap": [name, first, second]}:
            return MAPPINGS[name][resolved(first, given)][second]
        case {"If": [condition, yes, no]}:
            return resolved(yes if is_true({"Condition": condition}, given) else no, given)
        case dict():
            return {
                name: one
                for name, one in ((name, resolved(one, given)) for name, one in value.items())
                if one is not NOTHING
            }
        case list():
            return [one for one in (resolved(one, given) for one in value) if one is not NOTHING]
    return value


def is_true(value, given):
    """Return a condition of the template for the given parameters."""
    match value:
        case {"Condition": name}:
            return is_true(CONDITIONS[name], given)
        case {"Equals": [one, other]}:
            return str(resolved(one, given)) == str(resolved(other, given))
        case {"Not": [part]}:
            return not is_true(part, given)
        case {"And": parts}:
            return all(is_true(part, given) for part in parts)
        case {"Or": parts}:
            return any(is_true(part, given) for part in parts)
    raise ValueError(f"no condition known here: {value}")


def fate(stored, some):
    """Return the fate of an object: the first deletion, and the first transition before it."""
    fitting = [rule for rule in some if fits(rule, stored)]
    deleted = min((int(rule["ExpirationInDays"]) for rule in fitting if "ExpirationInDays" in rule), default=None)
    moves = [int(move["TransitionInDays"]) for rule in fitting for move in moves_of(rule, stored)]
    moved = min((day for day in moves if deleted is None or day < deleted), default=None)
    return Fate(moved, deleted)


def fits(rule, stored):
    """Return whether a rule applies to an object, by all conditions of its filter."""
    tags = {tag["Key"]: tag["Value"] for tag in rule.get("TagFilters", [])}
    return (
        rule["Status"] == "Enabled"
        and stored.key.startswith(rule.get("Prefix", ""))
        and tags.items() <= stored.tags.items()
        and stored.size > int(rule.get("ObjectSizeGreaterThan", -1))
    )


def moves_of(rule, stored):
    """Return the transitions of a rule for an object."""
    least = 0 if "ObjectSizeGreaterThan" in rule else SMALLEST_MOVED
    return rule.get("Transitions", []) if stored.size >= least else []


def refusals(rule):
    """Return the reasons why S3 would reject a rule."""
    moves = [int(move["TransitionInDays"]) for move in rule.get("Transitions", [])]
    deleted = int(rule.get("ExpirationInDays", 10_000))
    narrowed = "TagFilters" in rule or "ObjectSizeGreaterThan" in rule
    return [
        *("moved before 30 days" for day in moves if day < 30),
        *("deleted before it is moved" for day in moves if deleted <= day),
        *(["uploads have no tags and no size"] if narrowed and "AbortIncompleteMultipartUpload" in rule else []),
    ]
