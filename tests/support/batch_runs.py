"""Helpers for batches on the deployed stack."""

import csv
import io
import subprocess
import sys

import httpx

from local import ROOT
from tests.support.deployed_stack import until
from tests.support.uploads import upload

TEMPLATE = (ROOT / "examples" / "appointments.txt").read_text().strip()
SHORT = "Hello {first_name}. See you on {day}."
ENDS = {"done", "failed", "cancelled"}


def people(count):
    """Return a manifest of the generator."""
    command = [sys.executable, str(ROOT / "examples" / "appointments.py"), str(count)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Sent:
    """A batch sent to the stack."""

    def __init__(self, deployed, manifest=None, **fields):
        self.deployed = deployed
        asked = {"name": "Reminders", "template": TEMPLATE, "items_per_child": 5, **fields}
        answer = deployed.http.post("/v1/batches", json=asked)
        assert answer.status_code == 202, answer.text
        self.created = answer.json()
        self.id = self.created["id"]
        if manifest is not None:
            self.upload(manifest)
            self.start()

    def upload(self, manifest):
        upload(self.created["upload"], manifest.encode()).raise_for_status()

    def start(self):
        answer = self.post("start")
        assert answer.status_code == 202, answer.text

    def post(self, what):
        return self.deployed.http.post(f"/v1/batches/{self.id}/{what}")

    def get(self):
        return self.deployed.http.get(f"/v1/batches/{self.id}").json()

    def ended(self, seconds=240):
        """Wait for the end and the report of the batch; return it."""
        return until(lambda: (batch := self.get())["state"] in ENDS and batch["report"] and batch, seconds, pause=0.3)

    def spoken(self, count):
        """Wait until `count` items are done."""
        return until(lambda: self.get()["counts"]["done"] >= count, 120, pause=0.2)

    def report(self, kind):
        return httpx.get(self.get()["report"][f"{kind}_url"], trust_env=False).text

    def rows(self):
        return {row["id"]: row for row in csv.DictReader(io.StringIO(self.report("csv")))}

    def items(self, **query):
        """Return the items of all pages."""
        found, cursor = [], {}
        while True:
            page = self.deployed.http.get(
                f"/v1/batches/{self.id}/items", params={"limit": 17, **query, **cursor}
            ).json()
            found += page["data"]
            if not page["has_more"]:
                return found
            cursor = {"cursor": page["next_cursor"]}
