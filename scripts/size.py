"""Print the unzipped size of each built function with its layers; fail if one exceeds Lambda's limit.

    .tools/sam/bin/python scripts/size.py .aws-sam/build

Lambda rejects functions with more than 262,144,000 bytes of code and layers, but only at the end of a deployment. This
script needs PyYAML, which the SAM CLI's environment has.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

LIMIT = 262_144_000
"""Bytes, unzipped (AWS Lambda Developer Guide, "Lambda quotas": 250 MB, counted in MiB)."""
ADAPTER_LAYER = "LambdaAdapterLayer"
ADAPTER = 10_000_000
"""Assumed size in bytes of the Lambda Web Adapter's layer, which AWS publishes: a static binary and a script. Its
authors measured binaries of 3.7 to 7.2 MB (aws/aws-lambda-web-adapter, pull requests 114 and 120)."""
VOICE_LAYER = "VoiceLayer"

type Json = dict[str, Any]


class Template(yaml.SafeLoader):
    """YAML with CloudFormation's short tags: `!Ref X` is {"Ref": "X"}; other tags become text."""


Template.add_constructor("!Ref", lambda loader, node: {"Ref": loader.construct_scalar(node)})
Template.add_multi_constructor("!", lambda _loader, _suffix, node: str(node))


class Part(NamedTuple):
    """The code or a layer of a function, with its size in bytes."""

    name: str
    size: int


def functions(template: Path, given: dict[str, Part] | None = None) -> Iterator[tuple[str, list[Part]]]:
    """Yield each function of a built template and its nested ones, with its parts.

    `given` contains the layers that a parent template passes as parameters.
    """
    resources: Json = yaml.load(template.read_text(encoding="utf-8"), Template)["Resources"]  # noqa: S506  a SafeLoader
    layers = dict(given or {})
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            layers[name] = Part(name, size_of(template.parent / resource["Properties"]["ContentUri"]))
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            code = Part("code", size_of(template.parent / properties["CodeUri"]))
            yield name, [code, *(_layer(layer, layers) for layer in properties.get("Layers", []))]
        elif resource["Type"] in {"AWS::Serverless::Application", "AWS::CloudFormation::Stack"}:
            nested = template.parent / properties.get("Location", properties.get("TemplateURL"))
            passed = properties.get("Parameters", {})
            yield from functions(nested, {key: layers[ref] for key in passed if (ref := _ref(passed[key])) in layers})


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _ref(value: object) -> str | None:
    return value.get("Ref") if isinstance(value, dict) else None


def _layer(layer: object, layers: dict[str, Part]) -> Part:
    if (ref := _ref(layer)) in layers:
        return layers[ref]
    if ADAPTER_LAYER in str(layer):
        return Part("WebAdapter", ADAPTER)
    raise SystemExit(f"size: unknown layer {layer}. Add its size to scripts/size.py.")


def report(found: list[tuple[str, list[Part]]]) -> str:
    """Return one line per function, largest first."""
    return "\n".join(_line(name, parts) for name, parts in sorted(found, key=lambda item: -_total(item[1])))


def _line(name: str, parts: list[Part]) -> str:
    listed = " + ".join(f"{part.name} {part.size / 1e6:.1f}" for part in parts)
    return f"{name:<22} {_total(parts) / 1e6:6.1f} MB = {listed}"


def _total(parts: list[Part]) -> int:
    return sum(part.size for part in parts)


def advice(voices: Path, excess: int) -> str:
    """Return advice for a build that exceeds the limit by `excess` bytes."""
    sizes = {folder.name: size_of(folder) for folder in sorted(voices.glob("*")) if folder.is_dir()}
    listed = ", ".join(f"{name} ({size / 1e6:.1f} MB)" for name, size in sizes.items())
    return (
        f"The build exceeds the limit by {excess:,} bytes. Its voices: {listed}.\n"
        'Build with one of them, for example: make build VOICES="en_US-heart"\n'
        "Deploy it, then publish the others, which functions download from S3 on first use:\n"
        + "\n".join(f"  herald voices publish {name} --stack STACK" for name in sizes)
    )


def main(build: Path) -> int:
    """Print the sizes; return 1 if a function exceeds the limit."""
    found = list(functions(build / "template.yaml"))
    excess = max(_total(parts) for _, parts in found) - LIMIT
    if excess <= 0:
        print(report(found))
        print(f"Lambda's limit: {LIMIT / 1e6:.1f} MB; {-excess / 1e6:.1f} MB left.")
        return 0
    print(report(found), file=sys.stderr)
    print(f"Lambda allows at most {LIMIT:,} bytes of code and layers.", file=sys.stderr)
    print(advice(build / VOICE_LAYER / "voices", excess), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
