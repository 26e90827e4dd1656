"""Speech with litellm. Reads [{base_url, key, mode, request}, ...] from standard input.

Writes [{audio} or {error}, ...].
"""

import asyncio
import base64
import json
import sys

import litellm


def call(asked):
    """Return the audio, synchronously, asynchronously or by way of the router."""
    given = {"api_base": asked["base_url"], "api_key": asked["key"], **asked["request"]}
    match asked["mode"]:
        case "speech":
            return litellm.speech(**given).content
        case "aspeech":
            return asyncio.run(litellm.aspeech(**given)).content
        case "router":
            model = given.pop("model")
            where = {"model": model, "api_base": given.pop("api_base"), "api_key": given.pop("api_key")}
            router = litellm.Router(model_list=[{"model_name": "voice", "litellm_params": where}])
            return asyncio.run(router.aspeech(model="voice", **given)).content
    raise ValueError(asked["mode"])


def answer(asked):
    """Return the audio of a request, or its error."""
    try:
        return {"audio": base64.b64encode(call(asked)).decode()}
    except Exception as error:  # noqa: BLE001  the test looks at it
        return {
            "error": {
                "type": type(error).__name__,
                "status": getattr(error, "status_code", None),
                "message": str(error),
            }
        }


print(json.dumps([answer(one) for one in json.load(sys.stdin)]))
