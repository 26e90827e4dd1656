"""Example calls of an operation, in a shell and in Python."""

import json

from herald.web.openapi.schemas import Schema

_ID = "$ID"
_SDK = """\
import os

from openai import OpenAI

HERALD_URL, HERALD_KEY = os.environ["HERALD_URL"], os.environ["HERALD_KEY"]
client = OpenAI(base_url=f"{HERALD_URL}/v1", api_key=HERALD_KEY)
with client.audio.speech.with_streaming_response.create(
    model="herald", voice="alloy", input="Your appointment is confirmed."
) as response:
    response.stream_to_file("hello.mp3")"""


def curl(path: str, method: str, operation: Schema) -> str:
    """Return a curl command."""
    body = _body(operation)
    words = ["curl" if method == "GET" else f"curl -X {method}", f'"$HERALD_URL{path.replace("{id}", _ID)}"']
    if operation.get("security") != []:
        words.append('-H "Authorization: Bearer $HERALD_KEY"')
    if body is not None:
        words.append("-H 'Content-Type: application/json'")
        words.append(f"-d '{json.dumps(body, ensure_ascii=False)}'")
    if operation["operationId"] == "createSpeech":
        words.append("-o hello.mp3")
    return " \\\n  ".join(words)


def python(path: str, method: str, operation: Schema) -> str:
    """Return a Python program that uses OpenAI's package for the path it supports, and httpx for all others."""
    if operation["operationId"] == "createSpeech":
        return _SDK
    variables = ["HERALD_URL"]
    arguments = [f'f"{{HERALD_URL}}{path.replace("{id}", "{ID}")}"']
    if operation.get("security") != []:
        variables.append("HERALD_KEY")
        arguments.append('headers={"Authorization": f"Bearer {HERALD_KEY}"}')
    body = _body(operation)
    if body is not None:
        shown = json.dumps(body, indent=4, ensure_ascii=False).replace("\n", "\n    ")
        arguments.append(f"json={shown}")
    variables += ["ID"] if "{id}" in path else []
    assignment = f"{', '.join(variables)} = {', '.join(f'os.environ["{name}"]' for name in variables)}"
    lines = "".join(f"    {argument},\n" for argument in arguments)
    content = ".text" if path == "/docs" else ".json()"
    head = f"import os\n\nimport httpx\n\n{assignment}\n"
    return f"{head}response = httpx.{method.lower()}(\n{lines})\nprint(response.raise_for_status(){content})"


def _body(operation: Schema) -> Schema | None:
    if "requestBody" not in operation:
        return None
    examples = operation["requestBody"]["content"]["application/json"]["examples"]
    value: Schema = next(iter(examples.values()))["value"]
    return value
