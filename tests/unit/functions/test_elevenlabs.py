"""ElevenLabs' API with their own client, over HTTP, at both addresses, in this process."""

import io
import json
import threading
import time
from base64 import b64decode
from contextlib import contextmanager

import httpx
import numpy as np
import pytest
import soundfile
from aws_lambda_powertools import Logger
from elevenlabs import ElevenLabs, PronunciationDictionaryVersionLocator, VoiceSettings
from elevenlabs.core.api_error import ApiError
from elevenlabs.errors import UnprocessableEntityError

from herald.auth.api_keys import KeySettings
from herald.auth.caller import Scope
from herald.clock import utc_now
from herald.functions.speech_stream.__main__ import server
from herald.jobs.custom_voice_records import CustomVoice, TenantVoices
from herald.jobs.lexicon_service import LexiconService
from herald.runtime.container import Dependencies
from herald.speech.lexicons import Entry, Lexicon
from local.process import free_port
from tests.support.polly_gateway import gateway
from tests.unit.functions.conftest import MARKER, logged

TEXT = "Guten Tag. Ihr Termin ist bestätigt."
GEORGE = "JBFqnCBZsd1mCd4yyfvF"


@contextmanager
def served(stream):
    """Serve the streaming endpoint; yield its address."""
    port = free_port()
    web = server(stream.app, Logger(), port)
    thread = threading.Thread(target=web.run)
    thread.start()
    until = time.monotonic() + 10
    while not web.started and time.monotonic() < until:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        web.should_exit = True
        thread.join(10)


@pytest.fixture(params=["stream", "api"])
def url(request, doors, environment):
    """The address of the streaming endpoint, or of API Gateway."""
    if request.param == "stream":
        with served(request.getfixturevalue("stream")) as address:
            yield address
        return
    address, end = gateway()
    yield address
    end()


@pytest.fixture
def http():
    with httpx.Client(trust_env=False) as http:
        yield http


@pytest.fixture
def client(url, http, doors):
    """Return a client of a new key."""

    def client(tenant="acme", **settings):
        key = str(doors.create(KeySettings(tenant=tenant, **settings))[1])
        return ElevenLabs(base_url=url, api_key=key, httpx_client=http)

    return client


@pytest.fixture
def labs(client):
    return client()


def convert(labs, **fields):
    fields = {"voice_id": GEORGE, "text": TEXT, "output_format": "pcm_16000"} | fields
    return b"".join(labs.text_to_speech.convert(**fields))


def refused(labs, **fields):
    """Return the status of an error, and ElevenLabs' name of it."""
    with pytest.raises(ApiError) as raised:
        convert(labs, **fields)
    return raised.value.status_code, raised.value.body["detail"]["status"]


@pytest.mark.parametrize(
    ("name", "rate", "subtype"),
    [("mp3_44100_128", 44_100, "MPEG_LAYER_III"), ("mp3_22050_32", 22_050, "MPEG_LAYER_III"),
     ("opus_48000_64", 48_000, "OPUS"), ("wav_16000", 16_000, "PCM_16")],
)  # fmt: skip
def test_audio_in_a_container(labs, name, rate, subtype):
    found = soundfile.info(io.BytesIO(convert(labs, output_format=name)))
    assert (found.samplerate, found.subtype) == (rate, subtype)


@pytest.mark.parametrize(("name", "bytes_a_second"), [("pcm_8000", 16_000), ("ulaw_8000", 8_000), ("alaw_8000", 8_000)])
def test_raw_audio(labs, name, bytes_a_second):
    assert 1 < len(convert(labs, output_format=name)) / bytes_a_second < 5


def test_the_default_is_mp3_at_44100_hz(labs):
    found = soundfile.info(io.BytesIO(b"".join(labs.text_to_speech.convert(voice_id=GEORGE, text=TEXT))))
    assert (found.samplerate, found.subtype) == (44_100, "MPEG_LAYER_III")


def test_a_stream_has_the_same_audio(labs):
    streamed = b"".join(labs.text_to_speech.stream(voice_id=GEORGE, text=TEXT, output_format="pcm_16000"))
    assert streamed == convert(labs)


def test_the_speed_is_honoured_and_other_settings_are_named_in_a_header(labs):
    slow = convert(labs, voice_settings=VoiceSettings(speed=0.7))
    assert 1.3 < len(slow) / len(convert(labs)) < 1.5
    settings = VoiceSettings(stability=0.5, style=0.0, speed=1.0)
    with labs.text_to_speech.with_raw_response.convert(
        voice_id=GEORGE,
        text=TEXT,
        voice_settings=settings,
        seed=7,
        model_id="eleven_flash_v2_5",
        previous_text="Hallo.",
    ) as answer:
        warning = "No effect: previous_text, seed, voice_settings.stability, voice_settings.style."
        assert answer.headers["x-herald-warning"] == warning
        assert answer.headers["character-cost"] == str(len(TEXT))
        b"".join(answer.data)


def test_characters_have_times(labs):
    answer = labs.text_to_speech.convert_with_timestamps(voice_id=GEORGE, text=TEXT, output_format="pcm_16000")
    assert is_same(b64decode(answer.audio_base_64), convert(labs))
    check_times(answer.alignment.characters, answer.alignment, seconds=len(b64decode(answer.audio_base_64)) / 32_000)


def test_the_characters_of_a_stream_have_times(labs):
    chunks = list(labs.text_to_speech.stream_with_timestamps(voice_id=GEORGE, text=TEXT, output_format="pcm_16000"))
    assert len(chunks) > 1
    audio = b"".join(b64decode(chunk.audio_base_64) for chunk in chunks)
    assert is_same(audio, convert(labs))
    timed = [chunk.alignment for chunk in chunks if chunk.alignment]
    starts = [start for one in timed for start in one.character_start_times_seconds]
    assert [character for one in timed for character in one.characters] == list(TEXT)
    assert starts == sorted(starts)


def is_same(audio, other):
    """Return whether two files of PCM differ at most by rounding, as those of a stream and a file do."""
    one, two = (np.frombuffer(data, "<i2").astype(int) for data in (audio, other))
    return len(one) == len(two) and np.abs(one - two).max() <= 2


def check_times(characters, alignment, *, seconds):
    starts, ends = alignment.character_start_times_seconds, alignment.character_end_times_seconds
    assert characters == list(TEXT)
    assert len(starts) == len(ends) == len(TEXT)
    assert starts == sorted(starts)
    assert all(start <= end <= seconds + 0.01 for start, end in zip(starts, ends, strict=True))
    assert starts[TEXT.index("Termin")] > starts[TEXT.index("Guten")] + 0.3


def test_voices_are_listed_and_returned(labs):
    voices = labs.voices.get_all().voices
    assert "de_DE-tiny-low" in {voice.voice_id for voice in voices}
    assert {voice.voice_id for voice in labs.voices.search().voices} == {voice.voice_id for voice in voices}
    assert labs.voices.get(voice_id="de_DE-tiny-low").labels["language"] == "de"
    assert labs.voices.get(voice_id=GEORGE).voice_id == GEORGE
    assert convert(labs, voice_id="de_DE-tiny-low") == convert(labs)
    with pytest.raises(ApiError) as raised:
        labs.voices.get(voice_id="nobody")
    assert (raised.value.status_code, raised.value.body["detail"]["status"]) == (404, "voice_not_found")


def test_custom_voices_are_listed_at_both_addresses(labs, client, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")  # clients are made, and not used
    own = a_voice()
    Dependencies.custom_voice_store.tenants["acme"] = TenantVoices(voices={own.id: own})
    assert labs.voices.get_all().voices[0].voice_id == labs.voices.get(own.id).voice_id == own.id
    assert own.id not in {voice.voice_id for voice in client("other").voices.get_all().voices}
    assert labs.user.subscription.get().voice_slots_used == 1
    assert refused(labs, voice_id=own.id) == (400, "voice_not_ready")


def a_voice():
    """Return a voice that is being made."""
    return CustomVoice(
        id=f"voice_{'0' * 32}",
        name="Ann",
        consent=f"cons_{'0' * 32}",
        method="matched",
        language="en-US",
        created_at=utc_now(),
        created_by="acme",
        sha256="0" * 64,
        bytes=1,
        job="job_1",
    )


def test_what_only_the_http_api_serves_says_so_at_the_streaming_url(stream):
    stream.headers = {"xi-api-key": "hk_any"}
    for method, path in (("POST", "/v1/voices/add"), ("DELETE", f"/v1/voices/{a_voice().id}")):
        answer = stream.ask(method, path)
        detail = json.loads(answer.body)["detail"]
        assert (answer.status, detail["status"]) == (404, "not_found")
        assert "ApiUrl" in detail["message"]


def test_models_and_limits(labs, client):
    (model,) = labs.models.list()
    assert (model.model_id, model.can_do_text_to_speech, model.maximum_text_length_per_request) == ("herald", True, 300)
    limited = client(characters_a_day=1_000)
    convert(limited)
    subscription = limited.user.subscription.get()
    assert (subscription.character_count, subscription.character_limit) == (len(TEXT), 1_000)
    assert subscription.next_character_count_reset_unix > time.time()
    assert labs.user.get().user_id == "acme"


def test_a_pronunciation_dictionary_is_a_lexicon(labs, client):
    lexicons = LexiconService(store=Dependencies.lexicon_store, clock=Dependencies.clock)
    lexicons.put("acme", "brands", Lexicon((Entry("Termin", alias="Besuch"),)))
    locators = [PronunciationDictionaryVersionLocator(pronunciation_dictionary_id="brands", version_id="1")]
    with_lexicon = convert(labs, pronunciation_dictionary_locators=locators)
    assert with_lexicon == convert(labs, text=TEXT.replace("Termin", "Besuch")) != convert(labs)
    assert refused(client("other"), pronunciation_dictionary_locators=locators) == (
        404, "pronunciation_dictionary_not_found",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"voice_id": "nobody"}, (404, "voice_not_found")),
        ({"text": "a" * 301}, (400, "max_character_limit_exceeded")),
        ({"output_format": "aac_44100"}, (400, "invalid_output_format")),
        ({"output_format": "mp3_44101_128"}, (400, "invalid_output_format")),
        ({"output_format": "ulaw_16000"}, (400, "invalid_output_format")),
        ({"text": "..."}, (400, "nothing_to_speak")),
        ({"text": f"{MARKER} \x07"}, (400, "invalid_text")),
    ],
)
def test_refusals_have_the_names_of_elevenlabs(labs, fields, expected):
    assert refused(labs, **fields) == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('Hallo <break time="99s" /> Welt', "Line 1, column 7:"),
        ('A & B <break time="99s" /> Welt', "Line 1, column 7:"),
        ('Guten\nTag <break time="99s" />', "Line 2, column 5:"),
        ('<speak>Hallo <break time="99s"/></speak>', "Line 1, column 14:"),
    ],
)
def test_a_faulty_tag_is_named_by_its_place_in_the_text_that_was_sent(labs, text, place):
    with pytest.raises(ApiError) as raised:
        convert(labs, text=text)
    assert raised.value.body["detail"]["message"].startswith(place)


@pytest.mark.parametrize(
    ("fields", "place"),
    [({"text": 5}, ["body", "text"]), ({"voice_settings": {"speed": 9.0}}, ["body", "voice_settings", "speed"])],
)
def test_an_invalid_field_is_422_with_its_place(labs, fields, place):
    with pytest.raises(UnprocessableEntityError) as raised:
        convert(labs, **fields)
    (detail,) = raised.value.body["detail"]
    assert detail["loc"] == place


def test_keys_are_checked(url, http, client):
    nobody = ElevenLabs(base_url=url, api_key="hk_nobody", httpx_client=http)
    assert refused(nobody) == (401, "invalid_api_key")
    assert refused(client(scopes=frozenset({Scope.JOBS}))) == (403, "missing_permissions")
    assert refused(client(characters_a_day=5)) == (401, "quota_exceeded")
    answer = http.post(f"{url}/v1/text-to-speech/{GEORGE}", json={"text": TEXT})
    assert (answer.status_code, answer.json()["detail"]["status"]) == (401, "needs_authorization")


def test_other_paths_are_not_found(labs):
    with pytest.raises(ApiError) as raised:
        labs.history.list()
    assert (raised.value.status_code, raised.value.body["detail"]["status"]) == (404, "not_found")


def test_no_text_is_logged_and_requests_are_measured(stream, doors, http, capsys):
    key = str(doors.create(KeySettings(tenant="acme"))[1])
    with served(stream) as url:
        labs = ElevenLabs(base_url=url, api_key=key, httpx_client=http)
        convert(labs, text=f"{MARKER} {TEXT}")
        with pytest.raises(ApiError):
            convert(labs, text=f"{MARKER} \x07")
    output = capsys.readouterr().out
    assert MARKER not in output
    (spoken,) = [line for line in logged(output) if line.get("message") == "spoken"]
    assert (spoken["api"], spoken["tenant"], spoken["format"]) == ("elevenlabs", "acme", "pcm")


def test_our_own_api_is_as_before(stream):
    answer = stream.ask("POST", "/v1/audio/speech", json.dumps({"input": TEXT}).encode())
    assert answer.status == 200


class TestHeadersOfKeys:
    """Requests may have two headers with a key: Herald's and that of ElevenLabs."""

    @pytest.fixture
    def ask(self, http, environment):  # noqa: ARG002  what the functions need
        address, end = gateway()
        yield lambda path, **headers: http.get(f"{address}{path}", headers=headers)
        end()

    def test_authorization_precedes_the_other_header(self, ask, doors):
        key = str(doors.create(KeySettings(tenant="acme"))[1])
        both = ask("/v1/user", **{"xi-api-key": "guess", "Authorization": f"Bearer {key}"})
        assert both.status_code == 404, "it is not Herald's path"
        alone = ask("/v1/user", **{"xi-api-key": "guess"})
        assert (alone.status_code, alone.json()["detail"]["status"]) == (401, "invalid_api_key")

    def test_a_path_of_elevenlabs_is_not_found_with_heralds_header(self, ask, doors):
        key = str(doors.create(KeySettings(tenant="acme"))[1])
        answer = ask("/v1/voices/nova", Authorization=f"Bearer {key}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")

    def test_voices_accept_either_header_and_no_other(self, ask, doors):
        key = str(doors.create(KeySettings(tenant="acme"))[1])
        assert "voices" in ask("/v1/voices", **{"xi-api-key": key}).json()
        assert ask("/v1/voices", Authorization=f"Bearer {key}").json()["object"] == "list"
        assert ask("/v1/voices").json()["error"]["code"] == "missing_key"
        assert ask("/v1/voices", **{"xi-api-key": "hk_nobody"}).json()["detail"]["status"] == "invalid_api_key"
        assert ask("/v1/voices", Authorization="Bearer hk_nobody").json()["error"]["code"] == "invalid_key"


def test_an_inline_pause_is_heard_and_no_character_is_lost(client):
    labs = client()
    text = 'Hello <break time="1.5s" /> world.'
    paused = labs.text_to_speech.convert_with_timestamps(voice_id=GEORGE, text=text, output_format="pcm_16000")
    plain = labs.text_to_speech.convert_with_timestamps(voice_id=GEORGE, text="Hello world.", output_format="pcm_16000")
    assert "".join(paused.alignment.characters) == text
    added = paused.alignment.character_end_times_seconds[-1] - plain.alignment.character_end_times_seconds[-1]
    assert 1.2 < added < 2.2


def test_a_text_can_be_an_ssml_document(client):
    document = '<speak>Hello <break time="1.5s"/> world.</speak>'
    audio = b"".join(client().text_to_speech.convert(voice_id=GEORGE, text=document, output_format="pcm_16000"))
    assert len(audio) > 2 * 16_000 * 1.9
