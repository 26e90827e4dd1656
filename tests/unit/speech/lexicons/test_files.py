"""Lexicons in JSON, CSV and PLS; tests/hostile/lexicons.jsonl has those that are refused."""

import json

import pytest

from herald.errors import InvalidLexicon
from herald.speech.lexicons import Entry
from herald.speech.lexicons.files import as_pls, format_of, parse_lexicon, stored_lexicon
from herald.speech.lexicons.pls import NAMESPACE

PLS = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- as the W3C writes it, with all that may be ignored -->
<lexicon version="1.0" xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="{NAMESPACE} http://www.w3.org/TR/2007/CR-pronunciation-lexicon-20071212/pls.xsd"
    alphabet="ipa" xml:lang="en-us">
  <meta name="author" content="me"/>
  <metadata><rdf xmlns="urn:x"><a>ignored</a></rdf></metadata>
  <lexeme xml:id="w3c"><grapheme>W3C</grapheme><alias>World Wide Web &amp; Consortium</alias></lexeme>
  <lexeme role="noun">
    <grapheme>theater</grapheme><grapheme>theatre</grapheme>
    <example>Go to the theater.</example>
    <phoneme>ˈθɪətər</phoneme><phoneme prefer="true" alphabet="x-sampa">"Ti@t@</phoneme>
  </lexeme>
</lexicon>"""


def test_pls_is_read():
    lexicon = parse_lexicon(PLS.encode(), "pls")
    assert lexicon.language == "en-US"
    assert lexicon.entries == (
        Entry("W3C", "World Wide Web & Consortium", exact=True),
        Entry("theater", ipa="ˈθiətə"),
        Entry("theatre", ipa="ˈθiətə"),
    )


def test_pls_in_another_encoding_is_read():
    assert parse_lexicon(PLS.replace("UTF-8", "UTF-16").encode("utf-16"), "pls") == parse_lexicon(PLS.encode(), "pls")


def test_csv_is_read_with_any_separator_and_by_its_header():
    expected = (Entry("nginx", "engine x"), Entry("US", "you ess", exact=True), Entry("Siobhan", ipa="ʃɪˈvɔːn"))
    rows = [["x_sampa", "Word", "alias", "ipa", "case"], ["", "nginx", "engine x"], [], ["", "US", "you ess", "", ""]]
    rows += [["", "Siobhan", "", "ʃɪˈvɔːn", "any"]]
    for separator in ",;\t":
        data = "\n".join(separator.join(row) for row in rows)
        assert parse_lexicon(b"\xef\xbb\xbf" + data.encode(), "csv", language="en_us").entries == expected
    assert parse_lexicon(b"word,alias\nnginx,engine x\n", "csv", language="en_us").language == "en-US"
    assert parse_lexicon(b"word,alias,language\nnginx,engine x,de-CH\n", "csv", language="en").language == "de-CH"


def test_json_is_read_and_comes_back_the_same():
    entries = [{"word": "nginx", "alias": "engine x"}, {"word": "Siobhan", "ipa": "ʃɪˈvɔːn", "case": "any"}]
    lexicon = parse_lexicon(json.dumps({"language": "en", "entries": entries}).encode(), "json")
    assert parse_lexicon(json.dumps(lexicon.json).encode(), "json") == lexicon == stored_lexicon(lexicon.json)
    assert parse_lexicon(json.dumps({"entries": entries}).encode(), "json").language is None


def test_pls_is_written_as_it_is_read():
    lexicon = parse_lexicon(PLS.encode(), "pls")
    assert parse_lexicon(as_pls(lexicon).encode(), "pls") == lexicon


def test_a_word_in_lower_case_matches_any_case_unless_the_file_tells():
    rows = b"word,alias,case\nus,we,\nUS,you ess,\nApple,a,any\nplum,b,exact\n"
    assert [entry.exact for entry in parse_lexicon(rows, "csv").entries] == [False, True, False, True]


@pytest.mark.parametrize("written", ["json", "csv"])
def test_another_encoding_than_utf_8_is_refused(written):
    """A spreadsheet may save CSV in the encoding of Windows, in which "Zoë" would be read as other letters."""
    data = {"json": '{"entries": [{"word": "Zoë", "alias": "Zoey"}]}', "csv": "word,alias\nZoë,Zoey\n"}[written]
    assert parse_lexicon(data.encode(), written).entries[0].word == "Zoë"
    with pytest.raises(InvalidLexicon, match="not valid UTF-8"):
        parse_lexicon(data.encode("cp1252"), written)


def test_the_format_is_that_of_the_extension():
    assert [format_of(f"a.{end}") for end in ("CSV", "tsv", "json", "pls", "xml")] == [
        "csv",
        "csv",
        "json",
        "pls",
        "pls",
    ]
    with pytest.raises(InvalidLexicon, match=r"\.json, \.csv"):
        format_of("words.txt")
