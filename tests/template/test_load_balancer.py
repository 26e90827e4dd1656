"""The stack of the load balancer: its routes, its permissions, and what it exposes."""

import re

import pytest

from tests.template.template import FUNCTIONS, ROOT, TEMPLATE, events, read, statements

STACK = read("infra/load-balancer.yaml")
RESOURCES = STACK["Resources"]
PAGE = (ROOT / "docs" / "load-balancer.md").read_text()
ALARMS = {name: one["Properties"] for name, one in RESOURCES.items() if one["Type"].endswith("::Alarm")}
TARGETS = {"ApiTargets": ("ApiFunction", "InvokeApi"), "SpeechTargets": ("SpeechFunction", "InvokeSpeech")}


def properties(name):
    return RESOURCES[name]["Properties"]


def test_the_routes_of_speech_are_those_of_the_http_api():
    asked = {(event["Method"], event["Path"]) for name, event in events("HttpApi") if name == "SpeechFunction"}
    rule = {one["Field"]: one for one in properties("SpeechRule")["Conditions"]}
    (method,) = rule["http-request-method"]["HttpRequestMethodConfig"]["Values"]
    patterns = rule["path-pattern"]["PathPatternConfig"]["Values"]
    # A star of a load balancer matches slashes as well.
    assert {(method, one) for one in patterns} == {(method, re.sub(r"\{.*", "*", path)) for method, path in asked}
    assert len(patterns) + 1 <= 5, "a rule has at most five values"
    assert properties("SpeechRule")["Actions"] == [{"Type": "forward", "TargetGroupArn": {"Ref": "SpeechTargets"}}]


def test_everything_else_is_for_the_api_function():
    assert properties("Listener")["DefaultActions"] == [{"Type": "forward", "TargetGroupArn": {"Ref": "ApiTargets"}}]


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_group_invokes_its_function_and_no_other_group_may(name):
    function, permission = TARGETS[name]
    group, allowed = properties(name), properties(permission)
    assert (group["TargetType"], group["HealthCheckEnabled"]) == ("lambda", False)
    assert group["TargetGroupAttributes"] == [{"Key": "lambda.multi_value_headers.enabled", "Value": "true"}]
    alias = ":live" if "AutoPublishAlias" in FUNCTIONS[function] else ""
    (target,) = group["Targets"]
    assert target["Id"]["Sub"].endswith(f":function:${{{function}}}{alias}")
    assert allowed["FunctionName"] in ({"Sub": f"${{{function}}}{alias}"}, {"Ref": function})
    assert (allowed["Action"], allowed["Principal"]) == ("lambda:InvokeFunction", "elasticloadbalancing.amazonaws.com")
    (text, suffix), (arn, same) = group["Name"]["Sub"], allowed["SourceArn"]["Sub"]
    assert arn.endswith(f":targetgroup/{text}/*")
    assert suffix == same
    assert len(text.replace("${Suffix}", "01234567")) <= 32
    assert RESOURCES[name]["DependsOn"] == permission


def test_the_functions_read_keys_as_the_authorizer_does():
    (authorizer,) = statements(FUNCTIONS["AuthorizerFunction"]["Policies"])
    policy = properties("ReadKeys")
    assert policy["Roles"] == [{"Ref": "SpeechRole"}, {"Ref": "ApiRole"}]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Resource"]["Sub"].endswith(":table/${KeyTable}")
    assert statement | {"Resource": None} == authorizer | {"Resource": None}
    assert RESOURCES["Listener"]["DependsOn"] == "ReadKeys"


def test_it_listens_with_tls_only():
    listeners = [one["Properties"] for one in RESOURCES.values() if one["Type"].endswith("::Listener")]
    assert [(one["Port"], one["Protocol"]) for one in listeners] == [(443, "HTTPS")]
    assert listeners[0]["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2-Res-")
    (ingress,) = properties("SecurityGroup")["SecurityGroupIngress"]
    assert (ingress["FromPort"], ingress["ToPort"], ingress["CidrIp"]) == (443, 443, {"Ref": "AllowedCidr"})
    assert [one["CidrIp"] for one in properties("SecurityGroup")["SecurityGroupEgress"]] == ["127.0.0.1/32"]


def test_it_is_private_and_protected_by_default():
    parameters = STACK["Parameters"]
    assert (parameters["Scheme"]["Default"], parameters["DeletionProtection"]["Default"]) == ("internal", "true")
    assert "Default" not in parameters["AllowedCidr"]
    attributes = [one for one in properties("LoadBalancer")["LoadBalancerAttributes"] if "Key" in one]
    assert {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"} in attributes


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "0.0.0.0/0", "203.0.113.7/32"])
def test_addresses_that_may_connect(cidr):
    assert re.fullmatch(STACK["Parameters"]["AllowedCidr"]["AllowedPattern"], cidr)


@pytest.mark.parametrize("cidr", ["", "10.0.0.0", "::/0", "all", "10.0.0.0/16,0.0.0.0/0"])
def test_invalid_addresses_are_refused(cidr):
    assert not re.fullmatch(STACK["Parameters"]["AllowedCidr"]["AllowedPattern"], cidr)


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_has_advice(name):
    alarm = ALARMS[name]
    assert (alarm["TreatMissingData"], alarm["AlarmActions"]) == ("notBreaching", [{"Ref": "AlarmTopic"}])
    form = r"(.+?)\. (.+) See docs/load-balancer\.md#([a-z-]+)"
    _, advice, anchor = re.fullmatch(form, alarm["AlarmDescription"]).groups()
    assert len(advice) > 20
    assert f"## {anchor.capitalize()}\n" in PAGE
    assert f"`{name}`" in PAGE
    share, errors, requests = alarm["Metrics"]
    assert share["Expression"] == "IF(errors >= 5, 100 * errors / requests, 0)"
    assert requests["MetricStat"]["Metric"]["MetricName"] == "RequestCount"
    for one in (errors, requests):
        assert one["MetricStat"]["Metric"]["Namespace"] == "AWS/ApplicationELB"
        (dimension,) = one["MetricStat"]["Metric"]["Dimensions"]
        assert dimension == {"Name": "LoadBalancer", "Value": {"GetAtt": "LoadBalancer.LoadBalancerFullName"}}


def test_both_sources_of_errors_have_an_alarm():
    found = {alarm["Metrics"][1]["MetricStat"]["Metric"]["MetricName"] for alarm in ALARMS.values()}
    assert found == {"HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count"}


def test_the_page_passes_every_required_parameter_from_the_outputs():
    command = PAGE.partition("aws cloudformation deploy")[2].partition("```")[0]
    given = dict(re.findall(r'(\w+)="\$(.*?)"', command))
    assert given.keys() == {name for name, one in STACK["Parameters"].items() if "Default" not in one}
    for value in given.values():
        if output := re.fullmatch(r"\(output (\w+)\)", value):
            assert output[1] in TEMPLATE["Outputs"]


def test_the_page_lists_every_parameter():
    rows = re.findall(r"^\| (`.+?) \|", PAGE.partition("| parameter |")[2].partition("\n\n")[0], re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(STACK["Parameters"])
