"""Linters of templates for `make validate`: cfn-lint in three regions, and checkov with documented exceptions.

cfn-lint expands the main template itself; checkov reads the output of the SAM translator.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from tests.template.template import NESTED, ROOT
from tests.template.translated import expand, load

REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")
CFN_LINT = ROOT / ".tools" / "sam" / "bin" / "cfn-lint"
CHECKOV = ROOT / ".tools" / "checks" / "bin" / "checkov"
EXCEPTIONS = Path(__file__).parent / "security.yaml"
ALONE = [ROOT / "infra" / "cluster-alarms.yaml", ROOT / "infra" / "load-balancer.yaml"]
"""Templates that operators deploy as stacks of their own."""


def nested():
    """Return the paths of the nested templates."""
    resources = load("template.yaml")["Resources"].values()
    return [ROOT / one["Properties"]["TemplateURL"] for one in resources if one["Type"] == NESTED]


def write_translated(folder):
    """Write the main template as translated by the SAM translator."""
    path = folder / "translated.json"
    path.write_text(json.dumps(expand(load("template.yaml"), {}, REGIONS[0]), indent=1))
    return path


def cfn_lint():
    """Return the findings of cfn-lint."""
    done = _run(CFN_LINT, "--regions", *REGIONS, "--template", ROOT / "template.yaml", *nested(), *ALONE)
    return [done.stdout + done.stderr] if done.returncode else []


def _run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def failed_checks(paths, framework="cloudformation"):
    """Return the resources that fail each of checkov's checks, and the checks' names."""
    files = [option for path in paths for option in ("--file", path)]
    done = _run(CHECKOV, "--framework", framework, "--output", "json", "--quiet", "--compact", *files)
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise RuntimeError(f"checkov failed:\n{done.stdout}{done.stderr}") from error
    reports = report if isinstance(report, list) else [report]
    if any(one["summary"]["parsing_errors"] for one in reports):
        raise RuntimeError(f"checkov cannot read {', '.join(map(str, paths))}")
    failed = {}
    for one in (one for report in reports for one in report["results"]["failed_checks"]):
        resources = failed.setdefault((one["check_id"], one["check_name"]), set())
        resources.add(one["resource"].rpartition(".")[2])
    return failed


def security(failed, exceptions, file="tests/template/security.yaml"):
    """Return checkov's findings without an exception, and unused exceptions, all of which are in `file`."""
    excused = {(one["check"], resource): one["reason"] for one in exceptions for resource in one["resources"]}
    found = {(check, one): name for (check, name), resources in failed.items() for one in resources}
    needed = {key for key in excused if key in found or (key[1] == "all" and key[0] in {check for check, _ in found})}
    lines = [
        f"{check} {resource}: {name}. Change it, or give a reason in {file}."
        for (check, resource), name in sorted(found.items())
        if not excused.get((check, resource)) and not excused.get((check, "all"))
    ]
    return lines + [
        f"{check} {resource}: nothing needs this exception. Remove it from {file}."
        for check, resource in sorted(excused.keys() - needed)
    ]


def main():
    """Print the findings of the linters, and fail if there are any."""
    with tempfile.TemporaryDirectory() as folder:
        translated = write_translated(Path(folder))
        lines = cfn_lint() + security(
            failed_checks([translated, *nested(), *ALONE]), yaml.safe_load(EXCEPTIONS.read_text())
        )
    print("\n".join(lines) or f"The templates pass cfn-lint in {', '.join(REGIONS)}, and checkov.")
    return bool(lines)


if __name__ == "__main__":
    sys.exit(main())
