"""The state machine of batches: retries, timeouts, error handling and permissions."""

import json
import re

import pytest
import yaml

from herald.functions.speak_items import ATTEMPTS
from tests.template.template import (
    FUNCTIONS,
    PARAMETERS,
    RESOURCES,
    ROOT,
    as_list,
    of_type,
    role_of,
    target,
    unfolded,
)

TEXT = (ROOT / "statemachines" / "batch.asl.yaml").read_text()
DEFINITION = yaml.safe_load(TEXT)
(MACHINE,) = of_type("AWS::Serverless::StateMachine").values()
ROLE = role_of("BatchMachineRole")
CHILD = DEFINITION["States"]["Speak"]["ItemProcessor"]["States"]
PACKS = DEFINITION["States"]["SpeakShared"]["ItemProcessor"]["States"]
CLUSTER_PACK = PACKS["SpeakPackInCluster"]
CHUNK_SECONDS = CHILD["SpeakInCluster"]["TimeoutSeconds"]
STATES = DEFINITION["States"] | CHILD
TASKS = [name for name, state in STATES.items() if state["Type"] == "Task"]
CALLED = {"PlanBatchFunction", "SpeakItemsFunction", "FinishBatchFunction"}


@pytest.mark.parametrize("name", TASKS)
def test_a_task_has_retries_a_timeout_and_a_catch(name):
    task = STATES[name]
    assert task["TimeoutSeconds"] > 900
    assert task["Catch"][-1]["ErrorEquals"] == ["States.ALL"]
    *throttles, faults = task["Retry"]
    if name == "SpeakInCluster":
        assert faults["ErrorEquals"] == ["States.TaskFailed", "States.Timeout", "States.HeartbeatTimeout"]
    else:
        assert "Lambda.TooManyRequestsException" in throttles[0]["ErrorEquals"]
        assert throttles[0]["MaxAttempts"] in {0, 500}
        assert faults["ErrorEquals"] == ["States.TaskFailed", "States.Timeout"]
    # A child's attempts are as many as speak_items counts; those of a GPU cost more.
    assert faults["MaxAttempts"] == {"SpeakOnGpu": 4, "Finish": 500}.get(name, ATTEMPTS - 1)
    assert all(
        one["BackoffRate"] > 1 and one["JitterStrategy"] == "FULL" for one in task["Retry"] if one["MaxAttempts"]
    )


def test_a_batch_is_finished_after_an_outage_of_a_day():
    """Also if its plan failed in the same outage: nothing else ends a batch that stays `planning`."""
    *_, faults = DEFINITION["States"]["Finish"]["Retry"]
    pauses = [faults["IntervalSeconds"] * faults["BackoffRate"] ** attempt for attempt in range(faults["MaxAttempts"])]
    seconds = sum(min(pause, faults["MaxDelaySeconds"]) for pause in pauses) / 2  # with full jitter
    assert seconds > 86_400
    events = (ROOT / "docs" / "events.md").read_text()
    assert f"{faults['MaxAttempts']} attempts in about {seconds / 3_600:.0f} hours" in events


def test_a_chunk_waits_for_capacity_without_an_attempt():
    """RetryCount, which speak_items takes for its attempts, must not count refused calls."""
    task = CHILD["SpeakItems"]
    assert task["Retry"][0] == {"ErrorEquals": ["Lambda.TooManyRequestsException"], "MaxAttempts": 0}
    assert task["Catch"][0] == {
        "ErrorEquals": ["Lambda.TooManyRequestsException"], "ResultPath": None, "Next": "Refused",
    }  # fmt: skip
    assert (CHILD["Refused"]["ResultPath"], CHILD["Refused"]["Next"]) == ("$.pause", "AwaitCapacity")
    assert CHILD["AwaitCapacity"] == {"Type": "Wait", "SecondsPath": "$.pause.seconds", "Next": "SpeakItems"}


def test_a_chunk_can_wait_for_capacity_until_its_batch_times_out():
    """A history has at most 25,000 events, and each of a million transitions of waiting chunks costs $25."""
    assert DEFINITION["States"]["Speak"]["ItemSelector"]["pause"] == {"seconds": 0}
    (longer,) = re.findall(r"States.MathAdd\(\$.pause.seconds, (\d+)\)", CHILD["Refused"]["Parameters"]["seconds.$"])
    refused = waited = first_hour = 0
    while waited < DEFINITION["TimeoutSeconds"]:
        refused += 1
        waited += refused * int(longer)
        first_hour += waited < 3_600
    events_each = 9  # the task is entered, scheduled, started, failed and left; two states are entered and left
    assert refused * events_each < 25_000 / 2
    assert first_hour * 3 * 0.000025 < 0.002


def test_workers_in_a_cluster_receive_the_events_of_the_function():
    for function, cluster in ((CHILD["SpeakItems"], CHILD["SpeakInCluster"]), (PACKS["SpeakPack"], CLUSTER_PACK)):
        message = cluster["Parameters"]["MessageBody"]
        assert message["token.$"] == "$$.Task.Token"
        assert message["event"] == function.get("Parameters", {"pack.$": "$.pack"})
        assert cluster["HeartbeatSeconds"] < cluster["TimeoutSeconds"]
        # A message does not outlive the task that waits for it.
        assert (
            RESOURCES["ChunkQueue"]["Properties"]["MessageRetentionPeriod"]
            == CHUNK_SECONDS
            >= cluster["TimeoutSeconds"]
        )


def test_a_chunk_waits_longer_for_a_cluster_than_its_alarm():
    alarm = RESOURCES["ChunksWaitLong"]["Properties"]["Threshold"]
    assert alarm < CHILD["SpeakInCluster"]["HeartbeatSeconds"]


def test_the_platform_selects_the_route_of_chunks_and_packs():
    for name, selector in (("Speak", CHILD["Route"]), ("SpeakShared", PACKS["RoutePack"])):
        assert DEFINITION["States"][name]["ItemSelector"]["chunks"] == "${Chunks}"
        routes = {one["Next"]: one for one in selector["Choices"]}
        (cluster,) = routes.keys() & {"SpeakInCluster", "SpeakPackInCluster"}
        assert routes[cluster] == {"Variable": "$.chunks", "StringEquals": "cluster", "Next": cluster}
        assert selector["Default"] in {"SpeakItems", "SpeakPack"}


@pytest.mark.parametrize("states", [DEFINITION["States"], CHILD, PACKS])
def test_every_transition_has_a_target(states):
    for state in states.values():
        next_ones = [state.get("Next"), state.get("Default")]
        next_ones += [one["Next"] for one in (*state.get("Catch", []), *state.get("Choices", []))]
        assert {one for one in next_ones if one} <= states.keys()
        assert state["Type"] in {"Succeed", "Fail", "Choice"} or state.get("End") or state.get("Next")


def test_the_batch_is_always_finished():
    for name in ("Plan", "Speak"):
        assert DEFINITION["States"][name]["Catch"][0]["Next"] == "Finish"


def test_a_failed_chunk_does_not_stop_others_and_outputs_are_small():
    speak = DEFINITION["States"]["Speak"]
    assert (speak["ToleratedFailurePercentage"], speak["MaxConcurrencyPath"]) == (100, "$.plan.max_concurrency")
    assert speak["ItemReader"]["ReaderConfig"] == {"InputType": "JSONL"}
    assert speak["ResultWriter"]
    assert speak["ResultPath"] is None
    # Express children cannot wait for tokens or run longer than 5 minutes.
    assert speak["ItemProcessor"]["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}


def test_the_definition_uses_only_supported_features():
    """The emulator does not support JSONata in distributed maps, CloudFormation no aliases in YAML."""
    assert "QueryLanguage" not in TEXT
    assert not re.search(r"[&*][a-z_]+\s*$", TEXT, re.MULTILINE)


def test_each_substitution_is_given_and_used():
    assert set(re.findall(r"\$\{(\w+)\}", TEXT)) == set(MACHINE["DefinitionSubstitutions"])


def test_the_timeouts_of_functions_and_tasks_agree():
    for name in CALLED:
        assert FUNCTIONS[name]["Timeout"] == 900


def test_it_may_invoke_only_its_functions():
    (call,) = [one for one in ROLE if one["Action"] == "lambda:InvokeFunction"]
    called = {target(branch) for one in call["Resource"] for branch in unfolded(one) if "GetAtt" in branch}
    assert called == CALLED | {"GpuSubmitFunction"}


def test_it_may_read_notes_and_write_results_in_the_bucket():
    files = {json.dumps(one["Resource"]) for one in ROLE for action in as_list(one["Action"]) if action[:3] == "s3:"}
    assert files == {'{"Sub": "${AudioBucket.Arn}/batches/*"}', '{"Sub": "${AudioBucket.Arn}/runs/*"}'}


def test_only_logs_and_traces_have_wildcard_resources():
    (everywhere,) = [one for one in ROLE if "*" in as_list(one["Resource"])]
    assert {action.partition(":")[0] for action in everywhere["Action"]} == {"logs", "xray"}
    assert not [action for one in ROLE for action in as_list(one["Action"]) if "*" in action]


def test_its_log_contains_no_input():
    assert MACHINE["Logging"]["IncludeExecutionData"] is False
    group = target(MACHINE["Logging"]["Destinations"][0]["CloudWatchLogsLogGroup"]["LogGroupArn"])
    assert RESOURCES[group]["Properties"]["RetentionInDays"] == {
        "FindInMap": ["Profiles", {"Ref": "Profile"}, "LogRetentionDays"]
    }


def test_an_aborted_execution_triggers_finish():
    (rule,) = FUNCTIONS["FinishBatchFunction"]["Events"].values()
    assert rule["Properties"]["Pattern"]["detail"]["status"] == ["FAILED", "TIMED_OUT", "ABORTED"]


@pytest.mark.parametrize("buckets", ["", "one-bucket", "one-bucket,other.bucket"])
def test_manifest_buckets_are_names(buckets):
    assert re.fullmatch(PARAMETERS["ManifestBuckets"]["AllowedPattern"], buckets)


@pytest.mark.parametrize("buckets", ["*", "a,", "Bucket", "a*b", "x/y"])
def test_manifest_buckets_cannot_be_patterns(buckets):
    assert not re.fullmatch(PARAMETERS["ManifestBuckets"]["AllowedPattern"], buckets)
