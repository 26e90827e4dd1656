"""Signing in at the issuer of tokens: the authorization code flow with PKCE, against an issuer on this machine."""

import base64
import json
from hashlib import sha256
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.token_issuer import AUDIENCE, FOREIGN, Issuer, deploy_with

CLIENT = "studio-client"


class OpenIdIssuer(Issuer):
    """An issuer whose users consent at once. It checks what a real one checks for a public client."""

    def __init__(self):
        super().__init__()
        self.codes = {}
        self.exchanged = []
        self.answered = {}
        """Changes of the parameters with which it leads back."""
        self.token_changes = {}
        self.changes = {"authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token"}

    def get(self, path):
        url = urlsplit(path)
        if url.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            return 302, b"", {"Location": self.authorize(asked)}
        return super().get(url.path)

    def post(self, body):
        status, answer = self.exchange({name: values[0] for name, values in parse_qs(body).items()})
        return status, json.dumps(answer).encode()

    def authorize(self, asked):
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert (asked["code_challenge_method"], asked["audience"]) == ("S256", AUDIENCE)
        assert asked["scope"].split() == ["openid", "speech", "jobs", "batches"]
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']} | self.answered)}"

    def exchange(self, asked):
        self.exchanged.append(asked)
        begun = self.codes.pop(asked["code"], None)
        challenge = base64.urlsafe_b64encode(sha256(asked["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        known = begun and {name: begun[name] for name in ("client_id", "redirect_uri")}
        if not begun or challenge != begun["code_challenge"] or known.items() > asked.items():
            return 400, {"error": "invalid_grant", "error_description": "The <b>code</b> is not valid."}
        assert "client_secret" not in asked
        token = self.token(**{"scope": begun["scope"]} | self.token_changes)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 300}


@pytest.fixture
def issuer(cloud, monkeypatch):
    """An issuer for deployments that begin afterwards."""
    issuer = OpenIdIssuer()
    deploy_with(issuer, monkeypatch, audience=f"{AUDIENCE},{CLIENT}")
    yield issuer
    issuer.close()


@pytest.fixture
def account(issuer, visit, site):
    """A visitor of Account. The issuer is the only foreign host that it may reach."""
    visits = []

    def open_account(**options):
        one = visit(**options)
        one.page.goto(f"{site.url}/studio#/account")
        visits.append(one)
        return one

    yield open_account
    for one in visits:
        one.requests = [r for r in one.requests if not r.url.startswith(f"{issuer.url}/")]


def sign_in(page):
    page.get_by_role("button", name="Sign in at 127.0.0.1").click()


def test_from_the_issuers_page_to_sound(issuer, account):
    one = account()
    page = one.page
    sign_in(page)
    page.get_by_text("You are signed in.").wait_for()
    expect(page.locator("dl")).to_contain_text("jwt-acme")
    expect(page.locator("dl")).to_contain_text("speech, jobs, batches")
    assert page.url.endswith("/studio#/account")
    one.shot("account-signed-in")
    one.accessible()
    token = page.evaluate("sessionStorage.getItem('herald.key')")
    assert page.evaluate("Object.keys(sessionStorage)") == ["herald.key"]
    kept = page.evaluate("[JSON.stringify({...localStorage}), document.cookie, location.href, document.body.innerHTML]")
    assert [text for text in kept if token in text] == []
    (asked,) = issuer.exchanged
    assert [r.url for r in one.requests if token in r.url or asked["code_verifier"] in r.url] == []
    page.get_by_role("link", name="Speak").click()
    page.get_by_role("button", name="Speak", exact=True).click()
    expect(page.locator("[data-state]")).to_have_text("Finished")
    page.go_back()
    page.reload()
    page.get_by_text("You are signed in.").wait_for()
    assert len(issuer.exchanged) == 1


@pytest.mark.parametrize(
    ("answered", "token_changes", "fault"),
    [
        ({"state": "of-another-tab"}, {}, "This sign-in was not started in this tab."),
        ({"iss": "https://other.example"}, {}, "This sign-in was not started in this tab."),
        ({"code": "", "error": "access_denied"}, {}, "The issuer refused: access_denied"),
        ({"code": "stolen"}, {}, "The issuer refused: The <b>code</b> is not valid."),
        ({}, {"iss": "https://other.example"}, "This token was issued by https://other.example."),
        ({}, {"key": FOREIGN}, "paste a valid key"),
    ],
)
def test_an_answer_that_is_not_right_signs_nobody_in(issuer, account, answered, token_changes, fault):
    one = account(tolerated=("status of 400", "status of 401"))
    issuer.answered, issuer.token_changes = answered, token_changes
    sign_in(one.page)
    expect(one.page.get_by_role("alert").first).to_contain_text(fault)
    assert one.page.get_by_text("You are signed in.").count() == 0
    assert "code" not in one.page.url
    assert one.page.evaluate("sessionStorage.getItem('herald.sign-in')") is None


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"token_endpoint": "https://tokens.example/token"}, "at another host, tokens.example"),
        ({"issuer": "https://other.example"}, "does not respond as an issuer of tokens"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "does not respond as an issuer of tokens"),
    ],
)
def test_a_wrong_discovery_document_leads_nowhere(issuer, account, changes, fault):
    one = account()
    issuer.changes |= changes
    sign_in(one.page)
    one.page.get_by_role("alert").filter(has_text=fault).wait_for()
    assert one.page.evaluate("sessionStorage.length") == 0
    expect(one.page.get_by_role("button", name="Sign in at 127.0.0.1")).to_be_enabled()
