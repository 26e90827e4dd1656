"""A service that cannot be reached, that is busy, or that no longer accepts the key; and keys that are none."""

import json

import pytest
from playwright.sync_api import expect

TEXT = "A text that took an hour to write."


def test_a_key_that_expires_costs_no_text(visit, site):
    one = visit(tolerated=("status of 401",))
    page = one.open(site.url, "account")
    page.get_by_text("The key is valid.").wait_for()
    page.get_by_role("link", name="Speak").click()
    page.get_by_label("Text").fill(TEXT)
    refused = json.dumps({"error": {"code": "expired_key", "message": "The key expired."}})
    for path in ("audio/speech", "usage?days=1"):
        page.route(f"**/v1/{path}", lambda route: route.fulfill(status=401, body=refused))
    page.get_by_role("button", name="Speak", exact=True).click()
    page.get_by_role("alert").filter(has_text="The key expired.").get_by_role("link").first.click()
    expect(page.get_by_role("alert")).to_contain_text("The key expired.")
    expect(page.get_by_text("The key is valid.")).to_have_count(0)
    page.unroute("**/v1/usage?days=1")
    page.get_by_label("API key").fill(site.key)
    page.get_by_role("button", name="Use this key").click()
    page.get_by_text("The key is valid.").wait_for()
    page.go_back()
    expect(page.get_by_label("Text")).to_have_value(TEXT)
    page.get_by_role("link", name="Account").click()
    page.get_by_role("button", name="Forget the key").click()
    page.get_by_label("API key").fill(site.key)
    page.get_by_role("button", name="Use this key").click()
    page.get_by_role("link", name="Speak").click()
    expect(page.get_by_label("Text")).not_to_have_value(TEXT)


@pytest.mark.parametrize("secret", ["hk_x\u200b_y", "hk_x–y", "hk x"])
def test_a_key_that_no_header_can_have(visit, site, secret):
    page = visit().page
    page.goto(f"{site.url}/studio")
    page.get_by_label("API key").fill(secret)
    page.get_by_role("button", name="Use this key").click()
    expect(page.get_by_role("alert")).to_contain_text("Copy the key again")


def test_the_same_key_is_checked_again(visit, site):
    one = visit(tolerated=("ERR_FAILED",))
    page = one.page
    page.route("**/v1/usage?days=1", lambda route: route.abort())
    page.goto(f"{site.url}/studio")
    for message in ("cannot be reached", "The key is valid."):
        page.get_by_label("API key").fill(site.key)
        page.get_by_role("button", name="Use this key").click()
        page.get_by_text(message).wait_for()
        page.unroute("**/v1/usage?days=1")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_gateway_that_is_busy_and_one_that_responds_with_a_page(visit, site):
    one = visit(tolerated=("status of 429", "status of 503"))
    page = one.open(site.url)
    statuses = iter((429, 503))
    page.route("**/v1/audio/speech", lambda route: route.fulfill(status=next(statuses), body="{}"))
    for status in (429, 503):
        page.get_by_role("button", name="Speak", exact=True).click()
        page.get_by_text(f"The service is busy or does not respond (status {status}).").wait_for()
    page.route("**/v1/voices", lambda route: route.fulfill(status=200, body="<html>"))
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("sent a response that cannot be read (status 200)")


def test_a_list_that_failed_is_not_called_empty(visit, site):
    one = visit(tolerated=("ERR_FAILED",))
    page = one.open(site.url, "usage")
    page.route("**/v1/jobs?*", lambda route: route.abort())
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(page.get_by_role("table").nth(1).get_by_role("row")).to_have_count(1)  # the names of the columns


def test_an_alert_stays_while_a_request_is_repeated(visit, site):
    one = visit(tolerated=("ERR_FAILED",))
    page = one.open(site.url, "usage")
    held = []
    page.route("**/v1/jobs?*", lambda route: held.append(route) if held else (held.append(route), route.abort()))
    page.get_by_role("link", name="History").click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    alert.evaluate("(element) => (element.dataset.same = 'yes')")
    page.get_by_role("button", name="Refresh").last.click()
    page.wait_for_timeout(200)
    expect(alert).to_have_attribute("data-same", "yes")
    held[-1].continue_()
    expect(alert).to_have_count(0)


def test_a_double_click_is_one_retry(visit, site):
    one = visit()
    page = one.open(site.url, "usage")
    job = {"id": "job_1", "state": "failed", "created_at": "2026-01-02T03:04:05Z", "price": 0, "voice": "v"}
    listed = json.dumps({"data": [job | {"characters": 1}], "has_more": False, "next_cursor": None})
    page.route("**/v1/jobs?*", lambda route: route.fulfill(status=200, body=listed))
    page.route("**/v1/jobs/job_1/retry", lambda route: route.fulfill(status=202, body="{}"))
    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Try again").dblclick()
    page.wait_for_timeout(300)
    assert len([r for r in one.requests if r.url.endswith("/retry")]) == 1
