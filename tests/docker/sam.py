"""The real `sam local invoke`."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = ROOT / ".aws-sam" / "build"
ARCHITECTURE = os.environ.get("HERALD_PLATFORM", "x86_64")
SECONDS = 180

# Without these, SAM looks for EC2 instance credentials and passes them to the container.
NO_AWS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
    "SAM_CLI_TELEMETRY": "0",
}


@dataclass(frozen=True)
class Functions:
    """The functions of a template, each invoked in a separate container."""

    template: Path
    parameters: dict[str, str]
    layer_cache: Path

    def invoke(self, function, event):
        """Invoke a function with an event (text) and return its response."""
        overrides = [f"{name}={value}" for name, value in self.parameters.items()]
        command = ["sam", "local", "invoke", function, "--event", "-", "--template-file", str(self.template)]
        command += ["--region", "us-east-1", "--skip-pull-image", "--layer-cache-basedir", str(self.layer_cache)]
        command += ["--parameter-overrides", *overrides]
        shell = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=shell | NO_AWS,
            input=event,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip(), f"{function} returned nothing:\n{done.stderr}"
        answer = json.loads(done.stdout)
        assert not (isinstance(answer, dict) and "errorType" in answer), f"{answer}\n{done.stderr}"
        return answer


def images():
    """Return the names of the images that SAM built from layers."""
    command = ["docker", "image", "ls", "samcli/lambda-python", "--format", "{{.Repository}}:{{.Tag}}"]
    listed = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout
    return {name for name in listed.split() if not name.endswith(":<none>")}
