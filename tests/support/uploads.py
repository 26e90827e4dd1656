"""Upload of manifests with the API's form, with the HTTP client of other tests."""

import httpx


def upload(form, manifest, **changed):
    """Post a manifest with the fields of a form, with changes; return S3's response."""
    fields = form["fields"] | changed
    return httpx.post(form["url"], data=fields, files={"file": manifest}, trust_env=False)
