"""KeepWarm=ping: a schedule invokes the speech function's alias with a ping event."""

import json

from herald.functions.speech import PING
from tests.template.template import PARAMETERS, RESOURCES, TEMPLATE

ALIAS = {"Ref": "SpeechFunction.Alias"}
RULE, PERMISSION = RESOURCES["KeepWarmPing"], RESOURCES["KeepWarmPermission"]


def test_the_schedule_exists_only_with_ping():
    assert {RULE["Condition"], PERMISSION["Condition"]} == {"UsePing"}
    assert TEMPLATE["Conditions"]["UsePing"] == {"Equals": [{"Ref": "KeepWarm"}, "ping"]}
    assert "ping" in PARAMETERS["KeepWarm"]["AllowedValues"]
    assert PARAMETERS["KeepWarm"]["Default"] == "off"


def test_it_invokes_the_alias_every_five_minutes():
    (target,) = RULE["Properties"]["Targets"]
    assert target["Arn"] == ALIAS
    assert json.loads(target["Input"]) == PING
    assert RULE["Properties"]["ScheduleExpression"] == "rate(5 minutes)"


def test_only_the_rule_may_invoke_it():
    granted = PERMISSION["Properties"]
    assert (granted["Principal"], granted["FunctionName"]) == ("events.amazonaws.com", ALIAS)
    assert granted["SourceArn"] == {"GetAtt": "KeepWarmPing.Arn"}
