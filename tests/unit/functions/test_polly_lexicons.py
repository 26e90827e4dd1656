"""Lexicons in Amazon Polly's API with boto3's own client, over HTTP, against the functions in this process."""

import json
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from herald.auth.caller import Scope
from herald.speech.lexicons.files import parse_lexicon
from tests.unit.functions.conftest import MARKER


def pls(word=MARKER, said="Herr Stilz", *, language="de-DE", alphabet="ipa"):
    return (
        f'<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="{alphabet}" '
        f'xml:lang="{language}"><lexeme><grapheme>{word}</grapheme><alias>{said}</alias></lexeme></lexicon>'
    )


def speech(polly, **fields):
    fields = {"VoiceId": "de_DE-tiny-low", "OutputFormat": "pcm", "Text": f"Guten Tag, {MARKER}."} | fields
    return polly.synthesize_speech(**fields)["AudioStream"].read()


def test_a_lexicon_is_stored_listed_returned_and_deleted(polly, capsys):
    polly.put_lexicon(Name="brands", Content=pls())
    (listed,) = polly.list_lexicons()["Lexicons"]
    assert listed["Name"] == "brands"
    attributes = listed["Attributes"]
    assert (attributes["LanguageCode"], attributes["LexemesCount"], attributes["Alphabet"]) == ("de-DE", 1, "ipa")
    assert abs((datetime.now(UTC) - attributes["LastModified"]).total_seconds()) < 60
    found = polly.get_lexicon(Name="brands")
    assert found["Lexicon"]["Name"] == "brands"
    (entry,) = parse_lexicon(found["Lexicon"]["Content"].encode(), "pls").entries
    assert (entry.word, entry.alias) == (MARKER, "Herr Stilz")
    assert found["LexiconAttributes"]["Size"] == len(found["Lexicon"]["Content"].encode())
    polly.delete_lexicon(Name="brands")
    assert polly.list_lexicons()["Lexicons"] == []
    assert MARKER not in capsys.readouterr().out


def test_a_lexicon_is_applied_to_speech(polly):
    polly.put_lexicon(Name="brands", Content=pls())
    with_lexicon = speech(polly, LexiconNames=["brands"])
    assert with_lexicon == speech(polly, Text="Guten Tag, Herr Stilz.") != speech(polly)
    polly.put_lexicon(Name="brands", Content=pls(said="Frau Holle"))
    assert speech(polly, LexiconNames=["brands"]) != with_lexicon


def marks(polly, *types, **fields):
    fields |= {"VoiceId": "Joanna", "OutputFormat": "json", "SpeechMarkTypes": types}
    return [
        (mark["type"], mark["value"])
        for mark in map(json.loads, polly.synthesize_speech(**fields)["AudioStream"].read().splitlines())
    ]


def test_speech_marks_are_those_of_what_is_said_with_the_lexicon(polly):
    polly.put_lexicon(Name="names", Content=pls("Привет", "privyet", language="en-US"))
    said = {"Text": "He said Привет. Then he left.", "LexiconNames": ["names"]}
    assert marks(polly, "sentence", **said) == [("sentence", "He said Привет."), ("sentence", "Then he left.")]
    document = said | {"Text": "<speak>He said <mark name='x'/>Привет.</speak>", "TextType": "ssml"}
    assert marks(polly, "ssml", "word", **document)[-2:] == [("ssml", "x"), ("word", "Привет")]
    emoji = {"Text": "😀", "LexiconNames": ["herald:emoji"]}
    assert marks(polly, "sentence", "word", **emoji) == [("sentence", "😀"), ("word", "😀")]


def test_speech_marks_of_several_voices_are_those_of_each_voice(polly):
    polly.put_lexicon(Name="names", Content=pls("Привет", "Privjet", language="de-DE"))
    text = '<speak>Hello <voice name="de_DE-tiny-low">Sag <mark name="x"/>Привет</voice> bye.</speak>'
    fields = {"Text": text, "TextType": "ssml", "LexiconNames": ["names"]}
    assert marks(polly, "sentence", "ssml", **fields) == [
        ("sentence", "Hello"),
        ("sentence", 'Sag <mark name="x"/>Привет'),
        ("ssml", "x"),
        ("sentence", "bye."),
    ]


def test_other_tenants_do_not_see_it(polly, polly_of):
    polly.put_lexicon(Name="brands", Content=pls())
    other = polly_of("other")
    assert other.list_lexicons()["Lexicons"] == []
    with pytest.raises(other.exceptions.LexiconNotFoundException):
        other.get_lexicon(Name="brands")
    with pytest.raises(other.exceptions.LexiconNotFoundException):
        speech(other, LexiconNames=["brands"])


@pytest.mark.parametrize("operation", ["get_lexicon", "delete_lexicon"])
def test_an_unknown_name_is_the_clients_exception(polly, operation):
    with pytest.raises(polly.exceptions.LexiconNotFoundException) as raised:
        getattr(polly, operation)(Name="none")
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


@pytest.mark.parametrize(
    ("content", "exception"),
    [
        ("<lexicon", "InvalidLexiconException"),
        ('<!DOCTYPE lexicon [<!ENTITY a "b">]>' + pls(), "InvalidLexiconException"),
        (pls(alphabet="x-arpabet"), "UnsupportedPlsAlphabetException"),
        (pls(language="!"), "UnsupportedPlsLanguageException"),
        (pls(word="a" * 101), "MaxLexemeLengthExceededException"),
        (pls(word="a " * 500_001), "LexiconSizeExceededException"),
    ],
    ids=["unclosed", "entity", "alphabet", "language", "word", "size"],
)
def test_a_content_that_cannot_be_used_is_the_clients_exception(polly, content, exception):
    with pytest.raises(getattr(polly.exceptions, exception)):
        polly.put_lexicon(Name="brands", Content=content)
    assert polly.list_lexicons()["Lexicons"] == []


def test_a_name_that_is_no_name_is_refused(polly):
    with pytest.raises(ClientError) as raised:
        polly.put_lexicon(Name="a b", Content=pls())
    assert raised.value.response["Error"]["Code"] == "ValidationException"


def test_a_page_that_was_never_offered_is_refused(polly):
    with pytest.raises(polly.exceptions.InvalidNextTokenException):
        polly.list_lexicons(NextToken="2")


def test_a_key_needs_the_scope_of_speech(polly_of):
    with pytest.raises(ClientError) as raised:
        polly_of(scopes=frozenset({Scope.JOBS})).list_lexicons()
    assert raised.value.response["Error"]["Code"] == "AccessDeniedException"
