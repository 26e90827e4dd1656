"""The container signs files of tenants' custom voices, or all."""

import asyncio
import json
import sys
from types import SimpleNamespace

import httpx
import pytest

from gpu.app import Limits, Server
from gpu.disclosing import Disclosure
from gpu.server import _signer, main, read_options
from herald.disclosure.file_claims import STOCK_VOICE, DisclosedVoice, read_claim
from herald.errors import InvalidSettings, Unavailable
from herald.jobs.gpu_script import GpuResponse
from tests.support.signed_files import certificate, signer, unsigned_file

AUTHORITY = certificate().authority.decode()
OWN = "voice_0123456789abcdef0123456789abcdef"
STOCK = {"text": "Hello.", "voice": "kokoro:af_heart"}
MATCHED = {"text": "Hello.", "voice": "kokoro:af_heart(3)+am_adam(1)", "own_voice": OWN}
CLONED = {"text": "Hello.", "voice": f"pocket:{OWN}", "own_voice": OWN}
ENROLMENT = {
    "voice": OWN,
    "method": "matched",
    "sentences": [{"language": "en", "words": ["river"]}],
    "consent": "s3://bucket/consent",
    "sample": "s3://bucket/sample",
    "state": "s3://bucket/state",
}


def speaking(name):
    """Return a stand-in for the synthesis, which returns the same file for any request."""

    def speak(request, *, time_left):
        audio = unsigned_file(name)
        return GpuResponse(
            job=request.job, seconds=1.0, sample_rate=8_000, format=name, engine="kokoro", synthesis_seconds=0.1,
            size=len(audio), audio=audio,
        )  # fmt: skip

    return SimpleNamespace(speak=speak, loaded=[])


@pytest.fixture
def post():
    async def ask(body, disclosure, name="mp3"):
        app = Server(speaking(name), disclosure=disclosure, provider="cpu", limits=Limits()).app
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://container") as client:
            return await client.post("/invocations", json={"job": "job-1", "response_format": name} | body)

    def post(lines, disclosure, name="mp3", **more):
        return asyncio.run(ask({"lines": lines} | more, disclosure, name))

    return post


@pytest.mark.parametrize(
    ("lines", "more", "voices"),
    [
        ([MATCHED], {}, (DisclosedVoice(kind="matched", id=OWN),)),
        ([STOCK, CLONED, STOCK], {}, (STOCK_VOICE, DisclosedVoice(kind="cloned", id=OWN))),
        (
            [{"text": "Hello.", "voice": "enrolled"}],
            {"enrolment": ENROLMENT | {"method": "pocket"}},
            (DisclosedVoice(kind="cloned", id=OWN),),
        ),
    ],
)
def test_files_of_custom_voices_are_signed(post, lines, more, voices):
    answer = GpuResponse.unpack(post(lines, Disclosure(signer=signer()), **more).content)
    claim = read_claim(answer.audio, authorities=AUTHORITY)
    assert (claim.state, claim.voices) == ("trusted", voices)


def test_files_of_stock_voices_are_signed_if_all_are(post):
    own_only = GpuResponse.unpack(post([STOCK], Disclosure(signer=signer())).content)
    assert own_only.audio == unsigned_file("mp3")
    every = GpuResponse.unpack(post([STOCK], Disclosure(signer=signer(), every_file=True)).content)
    assert read_claim(every.audio, authorities=AUTHORITY).voices == (STOCK_VOICE,)


@pytest.mark.parametrize("disclosure", [Disclosure(), Disclosure(every_file=True)])
def test_without_a_certificate_the_file_has_only_its_comment(post, disclosure):
    answer = GpuResponse.unpack(post([CLONED], disclosure).content)
    assert answer.audio == unsigned_file("mp3")
    assert read_claim(answer.audio).state == "marked"


def test_formats_without_manifests_are_unchanged(post):
    answer = GpuResponse.unpack(post([CLONED], Disclosure(signer=signer()), "opus").content)
    assert answer.audio == unsigned_file("opus")


def test_a_file_that_cannot_be_signed_is_not_returned(post):
    class Broken:
        def sign(self, _file, _voices):
            raise Unavailable("KMS: Sign failed temporarily (ThrottlingException). Try again.")

    answer = post([CLONED], Disclosure(signer=Broken()))
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "unavailable"


def options(*arguments, **environment):
    return read_options(list(arguments), environment)


def test_the_folder_is_part_of_the_source_of_models(tmp_path, caplog):
    (tmp_path / "chain.pem").write_bytes(certificate().chain)
    (tmp_path / "key.pem").write_bytes(certificate().key)
    caplog.set_level("INFO", "herald.gpu")
    assert _signer(options("--disclosure", str(tmp_path), HERALD_SIGN="all")) is not None
    assert _signer(options(HERALD_DISCLOSURE=str(tmp_path))) is not None
    assert _signer(options()) is None
    assert [json.loads(record.message)["signs"] for record in caplog.records] == ["all", "own", "none"]


def test_a_broken_certificate_stops_the_start(tmp_path):
    (tmp_path / "chain.pem").write_bytes(certificate().chain)
    (tmp_path / "key.pem").write_bytes(b"no key")
    with pytest.raises(InvalidSettings):
        _signer(options("--disclosure", str(tmp_path)))


def test_the_end_of_such_a_start_has_no_traceback(tmp_path, monkeypatch):
    (tmp_path / "chain.pem").write_bytes(certificate().chain)
    monkeypatch.setattr(sys, "argv", ["gpu.server", "--disclosure", str(tmp_path)])
    with pytest.raises(SystemExit, match=r"herald.gpu: .* has chain\.pem, but no key\.pem"):
        main()
