"""Amazon Polly's API with boto3's own client, over HTTP, against the functions in this process."""

import io
import json

import httpx
import pytest
import soundfile
from botocore.exceptions import ClientError

from herald.auth.api_keys import KeyRing, KeySettings
from herald.auth.caller import Scope
from herald.aws.key_table import DynamoKeys
from herald.clock import utc_now
from tests.support.moto_cloud import KEYS
from tests.support.polly_client import polly_client
from tests.support.polly_gateway import gateway
from tests.unit.functions.conftest import MARKER, logged

TEXT = "Your appointment is confirmed."


@pytest.fixture
def ring(cloud):
    return KeyRing(DynamoKeys(cloud.clients.dynamodb, table=KEYS), clock=utc_now)


@pytest.fixture
def url(cloud):
    address, end = gateway()
    yield address
    end()


@pytest.fixture
def key(ring):
    return str(ring.create(KeySettings(tenant="acme"))[1])


@pytest.fixture
def polly(url, key):
    return polly_client(url, token=key)


def asked(**fields):
    return {"VoiceId": "Joanna", "OutputFormat": "mp3", "Text": TEXT} | fields


def refused(client, exception, **fields):
    """Return the error of a request, checking that it is that exception of the client."""
    with pytest.raises(ClientError) as caught:
        client.synthesize_speech(**asked(**fields))
    assert type(caught.value).__name__ == exception or caught.value.response["Error"]["Code"] == exception
    return caught.value.response


def test_a_document_of_breaks_is_silence(polly):
    text = '<speak><break time="1s"/></speak>'
    answer = polly.synthesize_speech(**asked(Text=text, TextType="ssml", OutputFormat="pcm"))
    assert (answer["RequestCharacters"], answer["AudioStream"].read()) == (0, bytes(2 * 16_000))
    marks = asked(Text=text, TextType="ssml", OutputFormat="json", SpeechMarkTypes=["word"])
    assert polly.synthesize_speech(**marks)["AudioStream"].read() == b""
    assert "neither words nor breaks" in str(refused(polly, "ValidationException", Text="<speak/>", TextType="ssml"))


@pytest.mark.parametrize(
    ("output", "rate", "media_type", "subtype"),
    [
        ("mp3", 22_050, "audio/mpeg", "MPEG_LAYER_III"),
        ("ogg_opus", 48_000, "audio/ogg", "OPUS"),
    ],
)
def test_audio_in_a_container(polly, output, rate, media_type, subtype):
    answer = polly.synthesize_speech(**asked(OutputFormat=output))
    found = soundfile.info(io.BytesIO(answer["AudioStream"].read()))
    assert (found.samplerate, found.subtype, answer["ContentType"]) == (rate, subtype, media_type)
    assert 0.5 < found.duration < 5
    assert answer["RequestCharacters"] == len(TEXT)
    assert answer["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize(
    ("output", "rate", "media_type", "width"),
    [("pcm", None, "audio/pcm", 2), ("pcm", 8_000, "audio/pcm", 2), ("mulaw", 8_000, "audio/mulaw", 1),
     ("alaw", None, "audio/alaw", 1)],
)  # fmt: skip
def test_raw_audio(polly, output, rate, media_type, width):
    answer = polly.synthesize_speech(**asked(OutputFormat=output) | ({"SampleRate": str(rate)} if rate else {}))
    assert answer["ContentType"] == media_type
    bytes_a_second = (rate or (16_000 if output == "pcm" else 8_000)) * width
    whole = polly.synthesize_speech(**asked())["AudioStream"].read()
    seconds = soundfile.info(io.BytesIO(whole)).duration
    assert len(answer["AudioStream"].read()) / bytes_a_second == pytest.approx(seconds, abs=0.2)


def test_the_default_rate_depends_on_the_engine(polly):
    answer = polly.synthesize_speech(**asked(Engine="neural"))
    assert soundfile.info(io.BytesIO(answer["AudioStream"].read())).samplerate == 24_000


@pytest.mark.parametrize(
    ("voice", "ours"),
    [("Joanna", "en_US-heart"), ("en_US-joe-medium", "en_US-joe-medium"), ("reception", "de_DE-tiny-low:bert")],
)
def test_voices_by_name(polly, voice, ours):
    answer = polly.synthesize_speech(**asked(VoiceId=voice, OutputFormat="mulaw"))
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-herald-voice"] == ours


@pytest.mark.parametrize(
    ("exception", "fields", "field"),
    [
        ("ValidationException", {"VoiceId": "Amy"}, "VoiceId"),
        ("ValidationException", {"VoiceId": "Nobody"}, "VoiceId"),
        ("ValidationException", {"OutputFormat": "aac"}, "OutputFormat"),
        ("ValidationException", {"OutputFormat": "ogg_vorbis"}, "OutputFormat"),
        ("ValidationException", {"OutputFormat": "json"}, "SpeechMarkTypes"),
        ("ValidationException", {"Engine": "best"}, "Engine"),
        ("ValidationException", {"Text": "?!"}, "Text"),
        ("ValidationException", {"Text": "a\0b"}, "Text"),
        ("ValidationException", {"LexiconNames": ["a b"]}, "LexiconNames"),
        ("ValidationException", {"LexiconNames": list("abcdef")}, "LexiconNames"),
        ("InvalidSampleRateException", {"SampleRate": "11025"}, None),
        ("InvalidSampleRateException", {"OutputFormat": "mulaw", "SampleRate": "16000"}, None),
        ("MarksNotSupportedForFormatException", {"SpeechMarkTypes": ["word"]}, None),
        ("SsmlMarksNotSupportedForTextTypeException", {"OutputFormat": "json", "SpeechMarkTypes": ["ssml"]}, None),
        ("LanguageNotSupportedException", {"LanguageCode": "ja-JP"}, None),
        ("TextLengthExceededException", {"Text": "a " * 151}, None),
        ("InvalidSsmlException", {"Text": "<speak>a", "TextType": "ssml"}, None),
        ("InvalidSsmlException", {"Text": "a", "TextType": "ssml"}, None),
        ("InvalidSsmlException", {"Text": "<speak><audio/>a</speak>", "TextType": "ssml"}, None),
        ("TextLengthExceededException", {"Text": f"<speak>{'a ' * 151}</speak>", "TextType": "ssml"}, None),
        ("TextLengthExceededException", {"Text": f"<speak>a{'<break/>' * 80}</speak>", "TextType": "ssml"}, None),
        ("LexiconNotFoundException", {"LexiconNames": ["none"]}, None),
    ],
)
def test_errors_are_the_exceptions_of_the_client(polly, exception, fields, field):
    response = refused(polly, exception, **fields)
    assert response["Error"]["Message"]
    assert [one["name"] for one in response.get("fields", [])] == ([field] if field else [])
    assert response["ResponseMetadata"]["HTTPStatusCode"] in {400, 404}


def test_speech_marks_equal_our_own(polly, speak):
    text = "Your café is open. Come in!"
    types = ["sentence", "word", "viseme"]
    answer = polly.synthesize_speech(**asked(OutputFormat="json", SpeechMarkTypes=types, Text=text, SampleRate="24000"))
    assert answer["ContentType"] == "application/x-json-stream"
    assert answer["RequestCharacters"] == len(text)
    marks = [json.loads(line) for line in answer["AudioStream"].read().splitlines()]
    events = speak(input=text, voice="en_US-heart", stream_format="sse", marks=True)["body"].split("\n\n")
    ours = [mark for event in events if event for mark in json.loads(event[6:]).get("marks", [])]
    assert [(mark["value"], mark["time"]) for mark in marks if mark["type"] == "word"] == [
        (mark["word"], round(mark["start"] * 1000)) for mark in ours
    ]
    assert [mark["value"] for mark in marks if mark["type"] == "sentence"] == ["Your café is open.", "Come in!"]
    assert all(
        text.encode()[mark["start"] : mark["end"]].decode() == mark["value"] for mark in marks if "start" in mark
    )
    mouth = [mark["value"] for mark in marks if mark["type"] == "viseme"]
    assert mouth[-1] == "sil"
    assert "k" in mouth
    assert [mark["time"] for mark in marks] == sorted(mark["time"] for mark in marks)


SSML = (
    '<speak><mark name="in"/>Our <emphasis>café</emphasis> <break time="900ms"/> is &amp; remains open.'
    ' Bring <mark name="those"/>them<mark name="up"/><break strength="strong"/> in!<mark name="out"/></speak>'
)


def test_ssml_is_spoken_and_only_its_text_is_counted(polly):
    answer = polly.synthesize_speech(**asked(OutputFormat="pcm", Text=SSML, TextType="ssml"))
    assert answer["RequestCharacters"] == len("Our café  is & remains open. Bring them in!")
    plain = polly.synthesize_speech(**asked(OutputFormat="pcm", Text="Our café is and remains open. Bring them in!"))
    lengths = [len(one["AudioStream"].read()) / 32_000 for one in (answer, plain)]
    assert 1.0 < lengths[0] - lengths[1] < 2.0


def test_tags_are_text_without_the_text_type_ssml(polly):
    answer = polly.synthesize_speech(**asked(OutputFormat="mulaw", Text="<speak>a</speak>"))
    assert answer["RequestCharacters"] == len("<speak>a</speak>")


def test_marks_of_ssml_are_at_their_places(polly):
    types = ["sentence", "ssml", "word"]
    answer = polly.synthesize_speech(**asked(OutputFormat="json", SpeechMarkTypes=types, Text=SSML, TextType="ssml"))
    found = [json.loads(line) for line in answer["AudioStream"].read().splitlines()]
    written = SSML.encode()
    words = {mark["value"]: mark for mark in found if mark["type"] == "word"}
    assert [*words] == ["Our", "café", "is", "&amp;", "remains", "open", "Bring", "them", "in"]
    assert [mark["value"] for mark in found if mark["type"] == "sentence"] == [
        'Our <emphasis>café</emphasis> <break time="900ms"/> is &amp; remains open.',
        'Bring <mark name="those"/>them<mark name="up"/><break strength="strong"/> in!',
    ]
    names = {mark["value"]: mark for mark in found if mark["type"] == "ssml"}
    assert names["in"]["time"] == words["Our"]["time"]
    assert names["those"]["time"] == words["them"]["time"]
    assert words["them"]["time"] < names["up"]["time"] <= words["in"]["time"] - 480
    assert words["in"]["time"] < names["out"]["time"]
    for name, mark in names.items():
        assert written[mark["start"] : mark["end"]].decode() == f'<mark name="{name}"/>'
    assert words["is"]["time"] - words["café"]["time"] > 900


def test_modelled_exceptions_are_raised_by_class(polly):
    with pytest.raises(polly.exceptions.TextLengthExceededException, match="300"):
        polly.synthesize_speech(**asked(Text="a " * 151))


def test_the_access_key_id_can_be_the_key(url, key):
    polly_client(url, key_id=key).synthesize_speech(**asked(OutputFormat="mulaw"))
    polly_client(url, key_id=key, token="of AWS").synthesize_speech(**asked(OutputFormat="mulaw"))  # noqa: S106


@pytest.mark.parametrize(
    ("exception", "credentials"),
    [
        ("UnrecognizedClientException", {"key_id": "AKIAIOSFODNN7EXAMPLE"}),
        ("UnrecognizedClientException", {"token": "hk_aaaaaaaaaaaa_" + 48 * "0"}),
        ("UnrecognizedClientException", {"token": "a,b"}),
    ],
)
def test_an_invalid_key_is_refused(url, exception, credentials):
    response = refused(polly_client(url, **credentials), exception)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert "session token" in response["Error"]["Message"]


def test_a_revoked_key_is_refused(url, ring):
    made, shown = ring.create(KeySettings(tenant="acme"))
    ring.revoke(made.id)
    refused(polly_client(url, token=str(shown)), "UnrecognizedClientException")


def test_a_key_without_the_scope_is_refused(url, ring):
    shown = ring.create(KeySettings(tenant="acme", scopes={Scope.JOBS}))[1]
    assert refused(polly_client(url, token=str(shown)), "AccessDeniedException")


def test_quotas_hold(url, ring):
    shown = ring.create(KeySettings(tenant="acme", characters_a_day=len(TEXT)))[1]
    client = polly_client(url, token=str(shown))
    refused(client, "TextLengthExceededException", Text="a " * 151)
    client.synthesize_speech(**asked(OutputFormat="mulaw"))
    refused(client, "ServiceQuotaExceededException")


def test_a_cached_authentication_holds_only_for_the_key_that_was_checked(url, key):
    constant = "AWS4-HMAC-SHA256 Credential=any/20261127/us-east-1/polly/aws4_request, Signature=0"
    headers = {"Authorization": constant, "X-Amz-Security-Token": key}
    with httpx.Client(base_url=url, trust_env=False) as client:
        assert client.get("/v1/voices", headers=headers).status_code == 200
        other = client.get("/v1/voices", headers=headers | {"X-Amz-Security-Token": "hk_other"})
    assert (other.status_code, other.headers["x-amzn-errortype"]) == (403, "UnrecognizedClientException")


def test_voices_are_described(polly):
    voices = {voice["Id"]: voice for voice in polly.describe_voices()["Voices"]}
    assert {"Joanna", "Matthew", "en_US-heart", "de_DE-tiny-low"} <= set(voices)
    assert "Amy" not in voices
    assert voices["Joanna"]["Gender"] == "Female"
    assert voices["Joanna"]["LanguageCode"] == "en-US"
    german = polly.describe_voices(LanguageCode="de-DE", Engine="neural")["Voices"]
    assert [voice["Id"] for voice in german] == ["de_DE-tiny-low"]


def test_a_page_that_was_never_offered_is_refused(polly):
    with pytest.raises(polly.exceptions.InvalidNextTokenException):
        polly.describe_voices(NextToken="2")


def test_voices_of_an_engine_that_there_is_not_are_refused(polly):
    with pytest.raises(ClientError) as raised:
        polly.describe_voices(Engine="best")
    error = raised.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert error["Message"].startswith("Engine must be one of: ")


def test_paths_that_are_not_pollys_are_refused(url, key):
    constant = f"AWS4-HMAC-SHA256 Credential={key}/20261127/us-east-1/polly/aws4_request, Signature=0"
    answer = httpx.get(f"{url}/v1/jobs", headers={"Authorization": constant}, trust_env=False)
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (404, "UnknownOperationException")


def test_our_own_clients_get_our_custom_voices(url, key):
    answer = httpx.get(f"{url}/v1/voices", headers={"Authorization": f"Bearer {key}"}, trust_env=False)
    assert answer.json()["object"] == "list"


def test_logs_and_metrics_are_as_at_our_own_door(polly, capsys):
    polly.synthesize_speech(**asked(Text=f"{MARKER} {TEXT}"))
    refused(polly, "ValidationException", Text=f"{MARKER} {TEXT}", VoiceId="Nobody")
    output = capsys.readouterr().out
    lines = logged(output)
    spoken = next(line for line in lines if line.get("message") == "spoken")
    assert (spoken["api"], spoken["tenant"], spoken["format"]) == ("polly", "acme", "mp3")
    assert [line["status"] for line in lines if line.get("message") == "answered"] == [200, 400]
    (measured,) = [line for line in lines if "Cost" in line]
    assert measured["characters"] == len(f"{MARKER} {TEXT}")
    assert MARKER not in output


class TestStream:
    """The streaming endpoint."""

    BODY = b'{"Text": "Your appointment is confirmed. See you soon.", "VoiceId": "Joanna", "OutputFormat": "pcm"}'

    @staticmethod
    def signed(stream):
        key = stream.headers["Authorization"].removeprefix("Bearer ")
        scope = "AWS4-HMAC-SHA256 Credential=any/20261127/us-east-1/polly/aws4_request, Signature=0"
        return {"Authorization": scope, "X-Amz-Security-Token": key}

    def test_audio_is_streamed(self, stream):
        answer = stream.ask("POST", "/v1/speech", self.BODY, headers=self.signed(stream))
        assert answer.status == 200
        assert len(answer.parts) > 1
        assert answer.headers["x-amzn-requestcharacters"] == "44"
        assert answer.headers["content-type"] == "audio/pcm"

    def test_marks(self, stream):
        body = b'{"Text": "Yes.", "VoiceId": "Joanna", "OutputFormat": "json", "SpeechMarkTypes": ["word"]}'
        answer = stream.ask("POST", "/v1/speech", body, headers=self.signed(stream))
        assert answer.status == 200
        assert json.loads(answer.body)["value"] == "Yes"

    def test_errors(self, stream):
        answer = stream.ask("POST", "/v1/speech", b"{}", headers=self.signed(stream))
        assert (answer.status, answer.headers["x-amzn-errortype"]) == (400, "ValidationException")
        headers = self.signed(stream) | {"X-Amz-Security-Token": "hk_no"}
        answer = stream.ask("POST", "/v1/speech", self.BODY, headers=headers)
        assert (answer.status, answer.headers["x-amzn-errortype"]) == (403, "UnrecognizedClientException")

    def test_voices(self, stream):
        answer = stream.ask("GET", "/v1/voices?LanguageCode=en-US", headers=self.signed(stream))
        assert answer.status == 200
        assert b"Joanna" in answer.body
        assert b"de-DE" not in answer.body

    def test_other_operations_are_not_here(self, stream):
        answer = stream.ask("GET", "/v1/synthesisTasks", headers=self.signed(stream))
        assert (answer.status, answer.headers["x-amzn-errortype"]) == (404, "UnknownOperationException")
