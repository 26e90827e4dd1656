"""What the page needs before it shows anything: few small files at once, and no response of the API.

Times depend on the machine: the test only writes them, to .local/screenshots/first-paint-*.json.
"""

import json

import pytest

from tests.browser.conftest import PHONE, SHOTS

MOST_REQUESTS = 4  # the page, its style, its script and its icon
MOST_BYTES = 60_000
PAINT = """new Promise((resolve) => new PerformanceObserver((list) => {
  const paint = list.getEntriesByName("first-contentful-paint")[0];
  if (!paint) return;
  const [page] = performance.getEntriesByType("navigation");
  const files = performance.getEntriesByType("resource").filter((one) => one.startTime < paint.startTime);
  resolve({ paint: paint.startTime, received: page.responseEnd, files: [page, ...files].map((one) => (
    { name: one.name, kind: one.initiatorType, bytes: one.transferSize, blocking: one.renderBlockingStatus })) });
}).observe({ type: "paint", buffered: true }))"""


@pytest.mark.parametrize("view", ["account", "speak", "campaign", "history"])
def test_the_first_paint_needs_no_response_of_the_api(visit, site, view):
    one = visit(viewport=PHONE, tolerated=("ERR_FAILED",))
    page = one.page
    page.add_init_script(f"sessionStorage.setItem('herald.key', '{site.key}')")
    held = []
    page.route("**/v1/**", lambda route: held.append(route))  # noqa: PLW0108
    page.goto(f"{site.url}/studio#/{view}", wait_until="commit")
    page.get_by_role("heading", level=1).wait_for()
    found = page.evaluate(PAINT)
    SHOTS.mkdir(parents=True, exist_ok=True)
    (SHOTS / f"first-paint-{view}.json").write_text(json.dumps(found, indent=1))
    files = [file for file in found["files"] if "/v1/" not in file["name"]]
    assert len(files) <= MOST_REQUESTS
    assert sum(file["bytes"] for file in files) < MOST_BYTES
    # All are requested by the page itself: no file names another, so two round trips are enough.
    assert {file["kind"] for file in files} <= {"navigation", "link", "script", "other"}
    assert [file["name"].partition("?")[2].partition(".")[0] for file in files if file["blocking"] == "blocking"] == [
        "style"
    ]
    for route in held:
        route.abort()
