"""HTTP APIs: routes and authorizers of the OpenAPI body, and AWS's response when a function fails."""

import inspect
import json
from http import HTTPStatus
from typing import Any

from ministack.services import apigateway
from ministack.services.cloudformation import provisioners

from local.patches.source import replace_line

type Json = dict[str, Any]
type Answer = tuple[int, Json, bytes]

HANDLERS: dict[str, Json] = provisioners._RESOURCE_HANDLERS
INTEGRATION = "x-amazon-apigateway-integration"
ANY_METHOD = "x-amazon-apigateway-any-method"
AUTHORIZER = "x-amazon-apigateway-authorizer"
# SAM's name for the authorizer of a route without one.
NONE = "NONE"


def make_routes_from_the_body() -> None:
    """Create the routes and authorizers of an API's OpenAPI body; SAM defines them there, and ministack ignores it."""
    api = HANDLERS["AWS::ApiGatewayV2::Api"]
    create, update = api["create"], api["update"]

    def create_with_routes(logical_id: str, props: Json, stack: str) -> tuple[str, Json]:
        api_id, attributes = create(logical_id, _named(props), stack)
        _import_routes(api_id, props.get("Body", {}))
        return api_id, attributes

    def update_with_routes(api_id: str, old: Json, new: Json, stack: str, logical_id: str) -> tuple[str, Json]:
        api_id, attributes = update(api_id, _named(old), _named(new), stack, logical_id)
        _import_routes(api_id, new.get("Body", {}))
        return api_id, attributes

    api.update(create=create_with_routes, update=update_with_routes)


def _named(props: Json) -> Json:
    title = props.get("Body", {}).get("info", {}).get("title")
    return {"Name": title, **props} if title else props


def _import_routes(api_id: str, body: Json) -> None:
    apigateway._routes[api_id] = {}
    apigateway._integrations[api_id] = {}
    authorizers = _import_authorizers(api_id, body.get("components", {}).get("securitySchemes", {}))
    for path, operations in body.get("paths", {}).items():
        for method, operation in operations.items():
            if INTEGRATION in operation:
                _add_route(api_id, _route_key(path, method), operation, authorizers)


def _import_authorizers(api_id: str, schemes: Json) -> dict[str, str]:
    """Create authorizers for security schemes; return their ids by scheme name."""
    apigateway._authorizers[api_id] = {}
    return {name: _add_authorizer(api_id, name, scheme[AUTHORIZER]) for name, scheme in schemes.items()}


def _add_authorizer(api_id: str, name: str, authorizer: Json) -> str:
    if authorizer["type"] != "request":
        raise ValueError(f"{name} is not a Lambda authorizer; local/patches/http_api.py supports no other type")
    props = {
        "ApiId": api_id,
        "Name": name,
        "AuthorizerType": "REQUEST",
        "IdentitySource": authorizer["identitySource"],
        "AuthorizerUri": authorizer["authorizerUri"],
        "AuthorizerPayloadFormatVersion": authorizer["authorizerPayloadFormatVersion"],
        "EnableSimpleResponses": authorizer.get("enableSimpleResponses", False),
    }
    if "authorizerResultTtlInSeconds" in authorizer:
        props["AuthorizerResultTtlInSeconds"] = authorizer["authorizerResultTtlInSeconds"]
    authorizer_id: str = HANDLERS["AWS::ApiGatewayV2::Authorizer"]["create"](name, props, "")[0]
    return authorizer_id


def _route_key(path: str, method: str) -> str:
    if path.lstrip("/") == "$default":
        return "$default"
    return f"{'ANY' if method == ANY_METHOD else method.upper()} {path}"


def _add_route(api_id: str, key: str, operation: Json, authorizers: dict[str, str]) -> None:
    target = _add_integration(api_id, operation[INTEGRATION])
    props = {"ApiId": api_id, "RouteKey": key, "Target": f"integrations/{target}"}
    for name in (name for schemes in operation.get("security", []) for name in schemes if name != NONE):
        props |= {"AuthorizationType": "CUSTOM", "AuthorizerId": authorizers[name]}
    HANDLERS["AWS::ApiGatewayV2::Route"]["create"](key, props, "")


def _add_integration(api_id: str, integration: Json) -> str:
    props = {
        "ApiId": api_id,
        "IntegrationType": integration["type"].upper(),
        "IntegrationUri": integration["uri"],
        "PayloadFormatVersion": integration.get("payloadFormatVersion", "1.0"),
        "TimeoutInMillis": integration.get("timeoutInMillis", 30000),
    }
    integration_id: str = HANDLERS["AWS::ApiGatewayV2::Integration"]["create"]("", props, "")[0]
    return integration_id


def hide_errors_of_functions() -> None:
    """Respond 500 without details when a function fails: ministack returns the error in a 502."""
    invoke = apigateway._invoke_lambda_proxy

    async def invoke_and_hide(*args: object, **options: object) -> Answer:
        answer: Answer = await invoke(*args, **options)
        if answer[0] == HTTPStatus.BAD_GATEWAY and _is_error_of_function(answer[2]):
            return 500, {"Content-Type": "application/json"}, b'{"message":"Internal Server Error"}'
        return answer

    apigateway._invoke_lambda_proxy = invoke_and_hide


def _is_error_of_function(body: bytes) -> bool:
    try:
        content = json.loads(body)
    except ValueError:
        return False
    return isinstance(content, dict) and {"errorMessage", "errorType"} <= content.keys()


def route_options_without_cors() -> None:
    """Route OPTIONS like other methods if an API has no CORS: ministack responds 403 itself."""
    source = inspect.getsource(apigateway._handle_execute_in_scope)
    patched = replace_line(source, '    if method == "OPTIONS":\n', '    if method == "OPTIONS" and cors_cfg:\n')
    exec(compile(patched, apigateway.__file__, "exec"), vars(apigateway))  # noqa: S102
