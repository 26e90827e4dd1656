"""The rules of the bucket's lifecycle as S3 applies them: what becomes of an object, and when.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
"""

from dataclasses import dataclass, field

from tests.template.template import CONDITIONS, MAPPINGS, PARAMETERS, RESOURCES

NOTHING = object()
"""What AWS::NoValue leaves."""
SMALLEST_MOVED = 128 * 1024
"""Bytes; smaller objects S3 moves only where a rule names a size (since September 2024)."""


@dataclass(frozen=True)
class Stored:
    """An object in the bucket."""

    key: str
    size: int
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fate:
    """The days of its age at which an object moves to Infrequent Access, and is deleted; None for never."""

    moved: int | None = None
    deleted: int | None = None

    def at(self, age):
        """Where an object is at an age in days."""
        if self.deleted is not None and age >= self.deleted:
            return "deleted"
        return "STANDARD_IA" if self.moved is not None and age >= self.moved else "STANDARD"


def rules(**parameters):
    """The rules as CloudFormation hands them to S3, with parameters that are not at their defaults."""
    given = {name: str(one.get("Default", "")) for name, one in PARAMETERS.items()}
    given |= {name: str(value) for name, value in parameters.items()}
    return resolved(RESOURCES["AudioBucket"]["Properties"]["LifecycleConfiguration"]["Rules"], given)


def resolved(value, given):  # noqa: PLR0911  one return for each intrinsic function
    """A value of the template under some parameters."""
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
    """A condition of the template under some parameters."""
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
    """What becomes of an object by some rules: the first deletion, and the first move, if that comes before."""
    fitting = [rule for rule in some if fits(rule, stored)]
    deleted = min((int(rule["ExpirationInDays"]) for rule in fitting if "ExpirationInDays" in rule), default=None)
    moves = [int(move["TransitionInDays"]) for rule in fitting for move in moves_of(rule, stored)]
    moved = min((day for day in moves if deleted is None or day < deleted), default=None)
    return Fate(moved, deleted)


def fits(rule, stored):
    """Whether a rule is for an object: all that its filter names must hold."""
    tags = {tag["Key"]: tag["Value"] for tag in rule.get("TagFilters", [])}
    return (
        rule["Status"] == "Enabled"
        and stored.key.startswith(rule.get("Prefix", ""))
        and tags.items() <= stored.tags.items()
        and stored.size > int(rule.get("ObjectSizeGreaterThan", -1))
    )


def moves_of(rule, stored):
    """The moves that a rule makes with an object."""
    least = 0 if "ObjectSizeGreaterThan" in rule else SMALLEST_MOVED
    return rule.get("Transitions", []) if stored.size >= least else []


def refusals(rule):
    """Why S3 would refuse a rule."""
    moves = [int(move["TransitionInDays"]) for move in rule.get("Transitions", [])]
    deleted = int(rule.get("ExpirationInDays", 10_000))
    narrowed = "TagFilters" in rule or "ObjectSizeGreaterThan" in rule
    return [
        *("moved before 30 days" for day in moves if day < 30),
        *("deleted before it is moved" for day in moves if deleted <= day),
        *(["uploads have no tags and no size"] if narrowed and "AbortIncompleteMultipartUpload" in rule else []),
    ]
