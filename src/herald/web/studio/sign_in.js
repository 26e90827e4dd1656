// Sign in at the issuer: the authorization code flow of OpenID Connect with PKCE (RFC 7636), without a secret. Values that
// must survive the redirect are in the tab's session storage, and are used once.
const CLIENT = document.querySelector('meta[name="herald-client"]').content; // this page's id at the issuer, if it has one
const AUDIENCE = document.querySelector('meta[name="herald-audience"]').content;
const BEGUN = "herald.sign-in";
const SIGN_IN_SCOPES = "openid speech jobs batches";
const REDIRECT = location.origin + location.pathname;

const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const randomText = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function issuerJson(url, options) {
  const response = await fetch(url, { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", ...options }).catch(() => null);
  const found = response && (await response.json().catch(() => null));
  if (!found) throw new ApiError(say(TEXT.account.issuerSilent, { issuer: ISSUER }));
  if (!response.ok) throw new ApiError(say(TEXT.account.signInRefused, { reason: found.error_description || found.error || response.status }));
  return found;
}

// Go to the issuer's page, which redirects back to this one.
async function beginSignIn() {
  const found = await issuerJson(`${ISSUER.replace(/\/$/, "")}/.well-known/openid-configuration`);
  const [page, tokens] = [found.authorization_endpoint, found.token_endpoint].map((url) => new URL(url, ISSUER));
  if (found.issuer !== ISSUER || page.protocol !== new URL(ISSUER).protocol) throw new ApiError(say(TEXT.account.issuerSilent, { issuer: ISSUER }));
  // The policy of this page allows no other host.
  if (tokens.origin !== new URL(ISSUER).origin) throw new ApiError(say(TEXT.account.foreignEndpoint, { host: tokens.host }));
  const [state, verifier] = [randomText(), randomText()];
  const challenge = base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
  sessionStorage.setItem(BEGUN, JSON.stringify({ state, verifier, tokens: tokens.href }));
  const asked = { response_type: "code", client_id: CLIENT, redirect_uri: REDIRECT, scope: SIGN_IN_SCOPES, state, code_challenge: challenge, code_challenge_method: "S256" };
  for (const [name, value] of Object.entries(asked)) page.searchParams.set(name, value);
  if (AUDIENCE) page.searchParams.set("audience", AUDIENCE); // issuers with several services, such as Auth0, ask for it
  location.assign(page);
}

// Exchange the code of the redirect for a token, which becomes the account's key.
async function finishSignIn() {
  const answer = new URLSearchParams(location.search);
  const begun = JSON.parse(sessionStorage.getItem(BEGUN) || "null");
  sessionStorage.removeItem(BEGUN);
  history.replaceState(null, "", `${location.pathname}#/account`);
  const expected = begun && answer.get("state") === begun.state && (!answer.has("iss") || answer.get("iss") === ISSUER);
  if (!expected) throw new ApiError(TEXT.account.notBegun);
  if (!answer.get("code")) throw new ApiError(say(TEXT.account.signInRefused, { reason: answer.get("error_description") || answer.get("error") }));
  const body = new URLSearchParams({
    grant_type: "authorization_code", code: answer.get("code"), redirect_uri: REDIRECT, client_id: CLIENT, code_verifier: begun.verifier,
  });
  const { access_token: token = "" } = await issuerJson(begun.tokens, { method: "POST", body });
  const fault = faultOf(token);
  if (fault) throw new ApiError(fault);
  account.key = token;
}

let signingIn = CLIENT && new URLSearchParams(location.search).has("state") ? finishSignIn() : null;
if (signingIn) signingIn.catch(() => {}); // SignIn shows the error, once it is on screen

function SignIn({ onSignIn }) {
  const [state, set] = useState({ busy: Boolean(signingIn) });
  useEffect(() => {
    if (!signingIn) return;
    signingIn.then(() => (set({}), onSignIn(account.key)), (error) => set({ error }));
    signingIn = null;
  }, []);
  const begin = () => {
    set({ busy: true });
    beginSignIn().catch((error) => set({ error }));
  };
  return html`<div class="row"><button type="button" disabled=${state.busy} onClick=${begin}>${say(TEXT.account.signInAt, { host: new URL(ISSUER).host })}</button>
      <span role="status">${state.busy ? TEXT.account.signingIn : ""}</span></div>
    <${Failed} error=${state.error} />`;
}
