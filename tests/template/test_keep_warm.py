"""KeepWarm=ping: a schedule calls the alias of speech, with an event that the function knows, and may do so."""

import json

from herald.handlers.speech import PING
from tests.template.template import PARAMETERS, RESOURCES, TEMPLATE

ALIAS = {"Ref": "SpeechFunction.Alias"}
RULE, PERMISSION = RESOURCES["KeepWarmPing"], RESOURCES["KeepWarmPermission"]


def test_it_is_there_only_where_it_is_wanted():
    assert {RULE["Condition"], PERMISSION["Condition"]} == {"UsePing"}
    assert TEMPLATE["Conditions"]["UsePing"] == {"Equals": [{"Ref": "KeepWarm"}, "ping"]}
    assert "ping" in PARAMETERS["KeepWarm"]["AllowedValues"]
    assert PARAMETERS["KeepWarm"]["Default"] == "off"


def test_it_calls_what_callers_call_every_five_minutes():
    (target,) = RULE["Properties"]["Targets"]
    assert target["Arn"] == ALIAS
    assert json.loads(target["Input"]) == PING
    assert RULE["Properties"]["ScheduleExpression"] == "rate(5 minutes)"


def test_the_rule_alone_may_call_it():
    granted = PERMISSION["Properties"]
    assert (granted["Principal"], granted["FunctionName"]) == ("events.amazonaws.com", ALIAS)
    assert granted["SourceArn"] == {"GetAtt": "KeepWarmPing.Arn"}
