"""Code blocks of the pages, and what has to be done with them.

A comment directly before a block says why it cannot be run here, with one of REASONS: `<!-- not run: needs AWS -->`.
"""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md"), *ROOT.glob("gpu/*.md")])
REASONS = {
    "needs AWS": "calls an AWS account",
    "needs the public catalogue": "downloads from the Internet",
    "builds": "runs make or the SAM CLI, which `make test` and CI run themselves",
    "changes the machine": "installs packages or edits the user's files",
    "measures": "takes minutes, and only its figures count",
    "needs a state that lasts a moment": "tests/e2e arranges it",
}
_BLOCK = re.compile(
    r"(?:<!-- not run: (?P<reason>.+?) -->\n+)?^```(?P<language>\w+)\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL
)
_SHELLS = {"sh", "bash", "shell"}


@dataclass(frozen=True)
class Snippet:
    """A code block of a page."""

    page: str
    line: int
    language: str
    code: str
    reason: str | None
    """Why it isn't run, if it is not."""

    @property
    def is_shell(self):
        return self.language in _SHELLS


def snippets_of(page):
    """Return the shell and Python blocks of a page, in order."""
    text = page.read_text()
    found = []
    for block in _BLOCK.finditer(text):
        if block["language"] in {*_SHELLS, "python"}:
            line = text.count("\n", 0, block.start("code")) + 1
            name = page.relative_to(ROOT).as_posix()
            found.append(Snippet(name, line, block["language"], block["code"], block["reason"]))
    return found


SNIPPETS = {page.relative_to(ROOT).as_posix(): found for page in PAGES if (found := snippets_of(page))}
