"""Signing in with a token of the deployment's issuer, in the view "Account"."""

import time

import pytest
from playwright.sync_api import expect

from tests.support.token_issuer import FOREIGN, Issuer, deploy_with


@pytest.fixture
def issuer(cloud, monkeypatch):
    """An issuer on this machine, for deployments that begin afterwards."""
    issuer = Issuer()
    deploy_with(issuer, monkeypatch)
    yield issuer
    issuer.close()


def test_from_a_token_to_sound(issuer, visit, site):
    one = visit()
    page = one.page
    page.goto(f"{site.url}/studio#/account")
    token = issuer.token(scope="speech jobs")
    page.get_by_label("Token (JWT)").fill(f" {token}\n")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("You are signed in.").wait_for()
    expect(page.locator("dl")).to_contain_text("jwt-acme")
    expect(page.locator("dl")).to_contain_text("a token, valid until")
    expect(page.locator("dl")).to_contain_text("speech, jobs")
    one.shot("account-token")
    one.accessible()
    kept = page.evaluate("[JSON.stringify({...localStorage}), document.cookie, location.href, document.body.innerHTML]")
    assert [text for text in kept if token in text] == []
    assert [r.url for r in one.requests if token in r.url or issuer.url in r.url] == []
    page.get_by_role("link", name="Speak").click()
    page.get_by_role("button", name="Speak", exact=True).click()
    expect(page.locator("[data-state]")).to_have_text("Finished")
    page.get_by_role("link", name="Account").click()
    page.get_by_role("button", name="Sign out").click()
    assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"exp": int(time.time()) - 3_600}, "This token expired on"),
        ({"iss": "https://<img src=x>"}, "This token was issued by https://<img src=x>."),
        (None, "This is not a token (JWT)."),
    ],
)
def test_a_token_that_cannot_work_is_not_sent(issuer, visit, site, changes, fault):
    one = visit()
    page = one.page
    page.goto(f"{site.url}/studio#/account")
    page.get_by_label("Token (JWT)").fill("hk_abc.def" if changes is None else issuer.token(**changes))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text(fault)
    assert page.evaluate("sessionStorage.length") == 0
    assert [r.url for r in one.requests if "/v1/" in r.url] == []
    one.accessible()


def test_a_forged_token_is_refused(issuer, visit, site):
    one = visit(tolerated=("status of 401",))
    page = one.page
    page.goto(f"{site.url}/studio#/account")
    page.get_by_label("Token (JWT)").fill(issuer.token(key=FOREIGN))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").filter(has_text="paste a valid key").wait_for()


def test_without_an_issuer_there_is_no_token(visit, site):
    page = visit().page
    page.goto(f"{site.url}/studio#/account")
    page.get_by_label("API key").wait_for()
    assert page.get_by_text("token", exact=False).count() == 0
    assert page.get_by_text("JWT").count() == 0
