"""The JavaScript packages of Amazon Polly, with the ApiUrl, and of ElevenLabs, with both APIs, on Node.js."""

import json
from base64 import b64decode

from tests.clients.conftest import TEXT
from tests.clients.node_client import run_node
from tests.support.decoding import decode

GEORGE = "JBFqnCBZsd1mCd4yyfvF"


def test_polly(stack):
    speech = {"VoiceId": "Joanna", "Text": TEXT, "OutputFormat": "mp3"}
    marks = speech | {"OutputFormat": "json", "SpeechMarkTypes": ["word"]}
    calls = [("SynthesizeSpeech", speech), ("SynthesizeSpeech", marks), ("DescribeVoices", {"LanguageCode": "en-US"})]
    calls += [("SynthesizeSpeech", speech | {"Text": "a" * 3_001})]
    asked = {"endpoint": stack.api_url, "sessionToken": stack.api_key, "calls": calls}
    spoken, words, voices, refused = run_node("polly.mjs", ("@aws-sdk/client-polly",), asked)
    samples, rate = decode(b64decode(spoken["audio"]), "mp3", 22_050)
    assert 1.5 < len(samples) / rate < 5
    assert spoken["requestId"]
    assert [json.loads(line)["value"] for line in b64decode(words["audio"]).splitlines()][:2] == ["Your", "appointment"]
    assert "Joanna" in {voice["Id"] for voice in voices["output"]["Voices"]}
    assert (refused["error"]["name"], refused["error"]["status"]) == ("TextLengthExceededException", 400)


def test_pollys_tasks_and_lexicons(stack):
    pls = (
        '<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" '
        'xml:lang="en-US"><lexeme><grapheme>Xyloq</grapheme><alias>silo</alias></lexeme></lexicon>'
    )
    task = {"VoiceId": "Joanna", "Text": TEXT, "OutputFormat": "mp3", "OutputS3BucketName": "any-bucket"}
    calls = [
        ("PutLexicon", {"Name": "nodepolly", "Content": pls}),
        ("GetLexicon", {"Name": "nodepolly"}),
        ("ListLexicons", {}),
        ("DeleteLexicon", {"Name": "nodepolly"}),
        ("StartSpeechSynthesisTask", task),
        ("ListSpeechSynthesisTasks", {}),
        ("GetSpeechSynthesisTask", {"TaskId": "none"}),
    ]
    asked = {"endpoint": stack.api_url, "sessionToken": stack.api_key, "calls": calls}
    *done, unknown = run_node("polly.mjs", ("@aws-sdk/client-polly",), asked)
    assert not [one for one in done if "error" in one]
    started, listed = done[-2]["output"]["SynthesisTask"], done[-1]["output"]["SynthesisTasks"]
    assert started["TaskId"] in {one["TaskId"] for one in listed}
    assert unknown["error"]["name"] == "SynthesisTaskNotFoundException"


def test_elevenlabs(door, stack):
    asked = {"baseUrl": door, "apiKey": stack.api_key, "voice": GEORGE}
    request = {"text": TEXT, "outputFormat": "pcm_16000", "modelId": "eleven_flash_v2_5"}
    made = run_node("elevenlabs.mjs", ("@elevenlabs/elevenlabs-js",), asked | {"request": request})
    assert "error" not in made
    length = len(b64decode(made["convert"]))
    assert 1.5 < length / 32_000 < 5
    assert len(b64decode(made["stream"])) == length
    assert len(b64decode(made["timed"]["audioBase64"])) == length
    assert made["timed"]["alignment"]["characters"] == list(TEXT)
    assert sum(len(b64decode(chunk["audioBase64"])) for chunk in made["chunks"]) == length
    assert "en_US-heart" in made["voices"]
    assert made["voices"] == made["found"]
    assert made["models"] == ["herald"]
    assert made["characterLimit"] > 0


def test_errors_of_elevenlabs(door, stack):
    asked = {"baseUrl": door, "apiKey": stack.api_key, "voice": "nobody", "request": {"text": TEXT}}
    error = run_node("elevenlabs.mjs", ("@elevenlabs/elevenlabs-js",), asked)["error"]
    assert error["statusCode"] == 404
