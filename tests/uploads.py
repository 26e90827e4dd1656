"""Uploads a manifest as the API's form says, with the same client as other tests over HTTP."""

import httpx


def upload(form, manifest, **changed):
    """Post a manifest with the fields of a form, some of them changed; return S3's answer."""
    fields = form["fields"] | changed
    return httpx.post(form["url"], data=fields, files={"file": manifest}, trust_env=False)
