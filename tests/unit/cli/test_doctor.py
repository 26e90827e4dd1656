"""herald doctor finds each fault, gives advice, and always revokes the temporary key."""

import json
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace

import pytest

from herald.auth.api_keys import KeyRing
from herald.aws.stacks import FunctionState, Identity, StackState, Subscriptions
from herald.cli import doctor_checks as checks
from herald.cli import doctor_command, main
from herald.cli.deployment import Deployment
from herald.cli.doctor_command import CHECKS
from herald.cli.doctor_subject import Answer, Subject
from herald.clock import utc_now
from herald.errors import BrokenInstallation, InvalidSettings, Unavailable
from tests.support import loopback
from tests.support.job_fakes import MemoryKeys
from tests.unit.cli.test_keys import aws  # noqa: F401  the fixture

API, STREAM, REGION = "https://api.example.com", "https://stream.example.com", "eu-central-1"
LINK = f"https://bucket.s3.{REGION}.amazonaws.com/audio/herald-doctor/x.mp3?signed"
real_examine = doctor_command.examine
WAV = b"RIFF" + bytes(2_000)
PARAMETERS = {
    "StandardConcurrency": "2",
    "VipConcurrency": "2",
    "MaxBatchConcurrency": "2",
    "EnableStream": "true",
    "StreamAuthType": "NONE",
    "GpuImage": "image",
    "GpuInstanceType": "ml.g5.xlarge",
    "MaxGpuInstances": "1",
}


class Account:
    """A fake of AWS with a healthy deployment; answers that are exceptions are raised."""

    def __init__(self):
        self.answers = {
            "identity": Identity(account="123456789012", arn="arn:aws:iam::123456789012:user/ada", region=REGION),
            "stack": StackState(
                status="CREATE_COMPLETE",
                parameters=dict(PARAMETERS),
                outputs={"ApiUrl": API, "StreamUrl": f"{STREAM}/", "AlarmTopicArn": "arn:topic"},
            ),
            "functions": [FunctionState(name="speech", state="Active", update="Successful", reason="")],
            "concurrency": 12,
            "endpoint_instances": 1.0,
            "subscriptions": Subscriptions(confirmed=1, pending=0),
        }

    def __getattr__(self, name):
        def answer(*_):
            found = self.answers[name]
            if isinstance(found, Exception):
                raise found
            return found

        return answer


class Service:
    """A fake of the deployment over HTTP; `changes` replace responses by method and path."""

    def __init__(self):
        self.changes = {}
        self.keys = set()
        self.uploaded = []
        self.gpu = False

    def call(self, method, url, *, key="", body=None):
        path = url.removeprefix(API).removeprefix(STREAM).partition("?")[0]
        self.keys.add(key)
        place = "stream" if url.startswith(STREAM) else path
        if place == "/v1/jobs":
            self.gpu = "quality" in body
        found = self.changes.get((method, place)) or self.answer(method, place)
        if isinstance(found, BaseException):
            raise found
        status, content = found
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        return Answer(method=method, url=url, status=status, body=content, first_byte=0.1, seconds=0.2)

    def answer(self, method, path):
        job = {"id": "job_1", "route": "gpu" if self.gpu else "queue", "reason": "why", "audio_url": LINK}
        done = {"state": "done", "audio_bytes": 5, "audio_seconds": 1.5, "error": None}
        upload = {"url": "https://bucket", "fields": {}}
        return {
            ("GET", "/health"): (200, {"version": "1", "default_voice": "joe"}),
            ("GET", "/v1/voices"): (401, {"error": {"code": "missing_key", "message": "The request has no API key."}}),
            ("POST", "/v1/audio/speech"): (200, WAV),
            ("POST", "stream"): (200, WAV),
            ("POST", "/v1/jobs"): (202, job),
            ("GET", "/v1/jobs/job_1"): (200, job | done),
            ("GET", LINK.partition("?")[0]): (200, b"audio"),
            ("POST", "/v1/batches"): (202, {"id": "batch_1", "upload": upload}),
            ("POST", "/v1/batches/batch_1/start"): (202, {}),
            ("GET", "/v1/batches/batch_1"): (200, {"state": "done", "counts": {"done": 3}}),
        }[method, path]

    def upload(self, content, *_):
        if "upload" in self.changes:
            raise self.changes["upload"]
        self.uploaded.append(content)


@pytest.fixture
def checked():
    """A healthy deployment, to be broken by tests; `checked.run()` returns the results by check."""
    clock = SimpleNamespace(now=0.0)
    keys = MemoryKeys()

    def sleep(seconds):
        clock.now += seconds

    made = SimpleNamespace(account=Account(), service=Service(), clock=clock, keys=keys, ring=None)
    made.ring = lambda: KeyRing(keys, clock=utc_now)

    def run(*, record=None, seconds=600, **options):
        subject = Subject(
            deployment=Deployment(clients=None, stack="herald", place="stack herald", record=record or {}),
            inspection=made.account,
            web=made.service,
            keys=lambda: made.ring(),  # noqa: PLW0108  a test replaces it
            seconds=seconds,
            clock=lambda: clock.now,
            sleep=sleep,
        )
        reported = []
        results = real_examine(subject, skip=options.get("skip", ()), report=reported.append)
        assert reported == results
        return {one.check: one for one in results}

    made.run = run
    return made


def test_a_healthy_deployment_passes_every_check(checked):
    results = checked.run()
    assert {name: one.detail for name, one in results.items() if one.status != "pass"} == {}
    assert list(results) == [*CHECKS, "key-removed"]
    assert checked.service.uploaded[0].count(b"\n") == 4
    assert "first byte after 0.10 s" in results["stream"].detail
    assert not [one for one in results.values() if one.advice]


def test_an_older_version_behind_an_alias_is_reported(checked):
    checked.account.answers["functions"] = [
        FunctionState(name="speech", state="Active", update="Successful", reason="", outdated=True)
    ]
    result = checked.run()["functions"]
    assert (result.status, result.detail) == ("fail", "requests are served by an older version of speech")
    assert "make deploy" in result.advice


def test_the_key_is_created_and_revoked(checked):
    checked.run()
    (key,) = checked.ring().list()
    assert (key.tenant, key.revoked_at is not None, key.expires_at is not None) == ("herald-doctor", True, True)
    assert len(checked.service.keys) == 2, "the temporary key, and none"


def test_the_key_is_revoked_after_ctrl_c(checked):
    checked.service.changes["POST", "/v1/jobs"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        checked.run()
    assert checked.ring().list()[0].revoked_at


STATE = Account().answers["stack"]


def with_parameters(**changes):
    return StackState(status=STATE.status, parameters=PARAMETERS | changes, outputs=STATE.outputs)


REFUSED = BrokenInstallation("Lambda: it was refused (AccessDenied).")
FAILED = (500, {"error": {"code": "broken_installation", "message": "It is broken."}})
NO_REGION = "STS cannot be called (NoRegionError). Check the function's region and credentials."
AWS = [
    ("identity", BrokenInstallation(NO_REGION), "credentials", checks.SIGN_IN),
    ("identity", BrokenInstallation("STS cannot be asked (NoCredentialsError)."), "credentials", checks.SIGN_IN),
    ("stack", InvalidSettings("There is no stack herald."), "stack", checks.NAME_THE_STACK),
    ("stack", StackState(status="ROLLBACK_COMPLETE", parameters={}, outputs={}), "stack", checks.DEPLOY_AGAIN),
    (
        "functions",
        [FunctionState(name="speech", state="Failed", update="Successful", reason="ImageDeleted")],
        "functions",
        checks.DEPLOY_AGAIN,
    ),
    ("functions", REFUSED, "functions", checks.ALLOW_READING),
    ("concurrency", REFUSED, "concurrency", checks.ALLOW_READING),
    ("stack", with_parameters(StandardConcurrency="20"), "concurrency", checks.RAISE_CONCURRENCY),
    ("endpoint_instances", 0.0, "gpu-quota", checks.RAISE_GPU_QUOTA.format(type="ml.g5.xlarge")),
    ("subscriptions", Subscriptions(confirmed=0, pending=0), "alarms", checks.SUBSCRIBE.format(topic="arn:topic")),
    ("subscriptions", Subscriptions(confirmed=0, pending=1), "alarms", checks.CONFIRM),
]
HTTP = [
    (("GET", "/health"), FAILED, "health", checks.LOOK_AT_LOGS),
    (("GET", "/health"), Unavailable("It does not answer."), "health", checks.LOOK_AT_LOGS),
    (("GET", "/v1/voices"), (200, {}), "no-key", checks.CLOSE),
    (("POST", "/v1/audio/speech"), FAILED, "speech", checks.LOOK_AT_LOGS),
    (("POST", "/v1/audio/speech"), (200, b"<html>"), "speech", checks.LOOK_AT_LOGS),
    (("POST", "stream"), (403, {"Message": "Forbidden"}), "stream", checks.OPEN_STREAM),
    (("POST", "/v1/jobs"), FAILED, "job", checks.LOOK_AT_LOGS),
    (("GET", "/v1/jobs/job_1"), (200, {"state": "queued"}), "job", checks.LOOK_AT_WORKERS),
    (
        ("GET", "/v1/jobs/job_1"),
        (200, {"id": "job_1", "state": "failed", "error": {"code": "x", "message": "y"}}),
        "job",
        checks.LOOK_AT_WORKERS,
    ),
    (("GET", LINK.partition("?")[0]), (403, b"<Error/>"), "job", checks.LOOK_AT_LINK),
    (("GET", LINK.partition("?")[0]), (200, b"cut"), "job", checks.LOOK_AT_LINK),
    (
        ("GET", "/v1/jobs/job_1"),
        (
            200,
            {
                "id": "job_1",
                "state": "done",
                "audio_url": "https://bucket.s3.amazonaws.com/x",
                "audio_bytes": 5,
                "audio_seconds": 1.5,
            },
        ),
        "job",
        checks.LOOK_AT_REGION,
    ),
    ("upload", Unavailable("It was cut."), "batch", checks.LOOK_AT_REGION),
    (("POST", "/v1/batches/batch_1/start"), FAILED, "batch", checks.LOOK_AT_BATCH),
    (("GET", "/v1/batches/batch_1"), (200, {"state": "speaking"}), "batch", checks.LOOK_AT_BATCH),
    (
        ("GET", "/v1/batches/batch_1"),
        (200, {"state": "done", "counts": {"done": 2}}),
        "batch",
        checks.LOOK_AT_BATCH,
    ),
    (("POST", "/v1/jobs"), (202, {"id": "job_1", "route": "queue", "reason": "why"}), "gpu", checks.LOOK_AT_GPU),
]


@pytest.mark.parametrize(("answer", "value", "check", "advice"), AWS)
def test_account_faults_have_advice(checked, answer, value, check, advice):
    checked.account.answers[answer] = value
    found = checked.run()[check]
    assert (found.status, found.advice) == ("fail", advice)
    assert "function's" not in found.detail


@pytest.mark.parametrize(("call", "answer", "check", "advice"), HTTP)
def test_service_faults_have_advice(checked, call, answer, check, advice):
    checked.service.changes[call] = answer
    found = checked.run()[check]
    assert (found.status, found.advice) == ("fail", advice)


def test_an_unwritable_key_table(checked):
    def refuse():
        raise BrokenInstallation("DynamoDB: PutItem was refused (AccessDeniedException).")

    checked.ring = refuse
    found = checked.run()
    assert (found["key"].status, found["key"].advice) == ("fail", checks.ALLOW_KEYS)
    assert (found["speech"].status, found["speech"].detail) == ("skip", "requires key to pass")


def test_a_key_that_cannot_be_revoked_is_named(checked):
    ring = checked.ring

    def once():
        checked.ring = lambda: SimpleNamespace(revoke=lambda _: (_ for _ in ()).throw(Unavailable("Not now.")))
        return ring()

    checked.ring = once
    found = checked.run()["key-removed"]
    assert found.status == "fail"
    assert found.advice.startswith("herald keys revoke ")


def test_checks_with_a_failed_requirement_are_skipped(checked):
    checked.account.answers["identity"] = BrokenInstallation("No credentials.")
    results = checked.run()
    assert results.pop("credentials").status == "fail"
    assert {one.status for one in results.values()} == {"skip"}


def test_parts_that_are_not_deployed_are_skipped(checked):
    state = with_parameters(GpuImage="")
    outputs = {name: value for name, value in STATE.outputs.items() if name != "StreamUrl"}
    checked.account.answers["stack"] = StackState(status=state.status, parameters=state.parameters, outputs=outputs)
    results = checked.run()
    assert {name for name, one in results.items() if one.status == "skip"} == {"gpu-quota", "stream", "gpu"}


def test_a_stream_that_requires_signatures_is_skipped(checked):
    checked.account.answers["stack"] = with_parameters(StreamAuthType="AWS_IAM")
    assert checked.run()["stream"].status == "skip"


@pytest.mark.parametrize(("platform", "needed"), [("lambda", 18), ("both", 9), ("kubernetes", 6)])
def test_a_cluster_needs_no_concurrency_of_functions(checked, platform, needed):
    checked.account.answers["stack"] = with_parameters(
        WorkerPlatform=platform, StandardConcurrency="7", VipConcurrency="3", MaxBatchConcurrency="2"
    )
    assert f"the parameters of this stack need {needed}" in checked.run()["concurrency"].detail


@pytest.mark.parametrize("platform", ["both", "kubernetes"])
def test_a_cluster_has_time_to_start_a_node(checked, platform):
    checked.account.answers["stack"] = with_parameters(WorkerPlatform=platform)
    checked.service.changes["GET", "/v1/jobs/job_1"] = (200, {"state": "queued"})
    checked.service.changes["GET", "/v1/batches/batch_1"] = (200, {"state": "speaking"})
    results = checked.run(seconds=2_000)
    assert results["job"].detail == "it is still queued after 360 s"
    assert results["batch"].detail == "it is still speaking after 480 s"
    assert {results[name].advice for name in ("job", "batch")} == {checks.LOOK_AT_CLUSTER}


def test_links_through_cloudfront_need_no_region(checked):
    checked.account.answers["stack"] = with_parameters(LinkPublicKeyA="key")
    link = "https://d1.cloudfront.net/x"
    job = {"id": "job_1", "state": "done", "audio_url": link, "audio_bytes": 5, "audio_seconds": 1.5}
    checked.service.changes |= {("GET", "/v1/jobs/job_1"): (200, job), ("GET", link): (200, b"audio")}
    assert checked.run()["job"].status == "pass"


def test_the_time_limit_is_enforced(checked):
    checked.service.changes["GET", "/v1/jobs/job_1"] = (200, {"state": "queued"})
    results = checked.run(seconds=20)
    assert results["job"].detail == "it is still queued after 20 s"
    assert (results["batch"].status, results["batch"].detail) == ("fail", "the time limit was reached")
    assert "--timeout above 20" in results["batch"].advice
    assert checked.clock.now < 30


def test_a_local_stack_has_no_account_to_check(checked):
    results = checked.run(record={"api_url": API})
    assert {name: one.detail for name, one in results.items() if one.status != "pass"} == {
        "concurrency": "a local stack has no AWS account",
        "gpu-quota": "a local stack has no AWS account",
        "alarms": "a local stack sends no mail",
    }


def test_a_quota_that_aws_does_not_list_is_skipped(checked):
    checked.account.answers["endpoint_instances"] = None
    found = checked.run()["gpu-quota"]
    assert (found.status, found.detail) == ("skip", "Service Quotas has no quota of ml.g5.xlarge for endpoints")


def test_a_response_that_is_not_json_is_reported(checked):
    checked.service.changes["GET", "/health"] = (200, b"<html>")
    found = checked.run()["health"]
    assert (found.status, found.detail) == ("fail", f"The response of {API}/health is not JSON.")


def test_checks_can_be_skipped(checked):
    results = checked.run(skip=["gpu", "alarms"])
    assert {name for name, one in results.items() if one.status == "skip"} == {"gpu", "alarms"}


@pytest.fixture
def doctor(checked, monkeypatch, capsys):
    """`doctor(...)` runs the command against the fake deployment."""

    def doctor(*words):
        monkeypatch.setattr(
            doctor_command,
            "subject_of",
            lambda *_, **__: SimpleNamespace(deployment=SimpleNamespace(place="stack herald")),
        )
        monkeypatch.setattr(
            doctor_command, "examine", lambda _, skip, report: _reported(checked.run(skip=skip), report)
        )
        status = main(["doctor", *words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return doctor


def _reported(results, report):
    for one in results.values():
        report(one)
    return list(results.values())


def test_a_line_for_each_check_and_the_advice_below(checked, doctor):
    assert doctor()[0] == 0
    checked.service.changes["GET", "/health"] = FAILED
    status, out, err = doctor()
    assert status == 1
    lines = out.splitlines()
    at = next(number for number, one in enumerate(lines) if one.startswith("fail  health"))
    assert "500 broken_installation: It is broken." in lines[at]
    assert lines[at + 1].strip() == f"Fix: {checks.LOOK_AT_LOGS}"
    assert "Checking stack herald." in err


def test_json(checked, doctor):
    checked.service.changes["GET", "/v1/voices"] = (200, {})
    status, out, _ = doctor("--json", "--skip", "gpu")
    report = json.loads(out)
    assert (status, report["passed"], report["deployment"]) == (1, False, "stack herald")
    shown = {one["check"]: one["status"] for one in report["checks"]}
    assert (shown["no-key"], shown["gpu"], shown["speech"]) == ("fail", "skip", "pass")


@pytest.mark.parametrize("words", [["--skip", "nothing"], ["--timeout", "0"], ["--timeout", "soon"]])
def test_a_wrong_command_line(words):
    assert main(["doctor", *words]) == 2


class Handler(BaseHTTPRequestHandler):
    """Answers over HTTP as the fake service does."""

    service: Service
    received: list[tuple[str, str | None, bytes]]

    def do_POST(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.partition("?")[0]
        self.received.append((path, self.headers["Authorization"], body))
        found = (204, b"") if path == "/upload" else self.service.call(self.command, API + path, body=body.decode())
        status, body = found if isinstance(found, tuple) else (found.status, found.body)
        here = f"http://{self.headers['Host']}"
        body = body.replace(LINK.encode(), f"{here}/file".encode()).replace(
            b"https://bucket", f"{here}/upload".encode()
        )
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Do not log."""


@pytest.fixture
def local_stack(aws, tmp_path, monkeypatch):  # noqa: F811
    """A local stack of `make run`: its record, AWS, and its HTTP API; returns the received requests."""
    service, received = Service(), []
    service.changes["GET", "/file"] = (200, b"audio")
    base, end = loopback.serve(type("Local", (Handler,), {"service": service, "received": received}))
    record = {"aws_endpoint_url": None, "region": "us-east-1", "stack_name": "herald", "credentials": {}}
    record |= {"resources": {"KeyTable": "keys"}, "api_url": base, "stream_url": base}
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "stack.json").write_text(json.dumps(record))
    answers = {
        "DescribeStacks": {"Stacks": [{"StackStatus": "CREATE_COMPLETE"}]},
        "ListStackResources": {"StackResourceSummaries": []},
    }
    monkeypatch.setattr(aws.cloudformation, "_make_api_call", lambda operation, _: answers[operation])
    monkeypatch.setattr("herald.cli.deployment.Clients", lambda **_: aws)
    yield SimpleNamespace(received=received, service=service)
    end()


def test_a_local_stack_is_checked_over_http(local_stack, capsys):
    assert main(["doctor", "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.err == "Checking the stack of .local/stack.json.\n"
    shown = {one["check"]: one for one in json.loads(printed.out)["checks"]}
    skipped = {name for name, one in shown.items() if one["status"] != "pass"}
    assert skipped == {"concurrency", "gpu-quota", "alarms", "gpu"}
    keys = {path: key for path, key, _ in local_stack.received}
    assert keys["/v1/jobs"].startswith("Bearer hk_")
    assert (keys["/health"], keys["/file"], keys["/upload"]) == (None, None, None)
    (uploaded,) = [body for path, _, body in local_stack.received if path == "/upload"]
    assert b"\nid,name\n0,guest " in uploaded.replace(b"\r", b"")


def test_a_server_that_hangs_up_is_reported(local_stack, capsys):
    def hang_up(*_, **__):
        raise ConnectionAbortedError

    local_stack.service.call = hang_up
    assert main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    (health,) = [line for line in lines if line.startswith("fail  health")]
    assert "/health does not respond: " in health
