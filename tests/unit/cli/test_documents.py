"""Documents are read by their content, whatever their name, or refused in one line."""

import pytest

from herald.cli.documents import MOST_BYTES, read_document
from herald.errors import InvalidText
from tests.support.workbooks import archive, cells, workbook

PAGE = """<!DOCTYPE html><html><head><title>No</title><style>p {color: red}</style></head><body><nav>Home</nav>
<h1>Caf&eacute;</h1><p>Open <b>all</b> day,<br>every day.</p>
<script>alert("no")</script><ul><li>Tea</li><li>Cake</ul></body></html>"""
CHAPTER = '<?xml version="1.0" encoding="utf-8"?><html xmlns="x"><head><title>no</title></head><body>{}</body></html>'
NESTED = (
    "<html><body><p>One<br/>two<hr />three</p><nav><svg><title>no</nav><p>four</p><script src='a.js'/>"
    "<p>five</svg></p></body></html>"
)
BOOK = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    "OEBPS/book.opf": '<package><manifest><item id="n" href="nav.xhtml" media-type="application/xhtml+xml" '
    'properties="nav"/>'
    '<item id="b" href="two%20b.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/><item id="c" href="c.png" media-type="image/png"/>'
    '</manifest><spine><itemref idref="n"/><itemref idref="a"/>'
    '<itemref idref="b"/><itemref idref="c"/></spine></package>',
    "OEBPS/nav.xhtml": CHAPTER.format("<p>Contents</p>"),
    "OEBPS/a.xhtml": CHAPTER.format("<h1>One</h1><p>It was dark.</p>"),
    "OEBPS/two b.xhtml": CHAPTER.format("<p>Then light.</p>"),
    "OEBPS/c.png": "x",
}
COVER = {"OEBPS/a.xhtml": CHAPTER.format('<img src="c.png"/>')}
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LETTER = (
    f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>Dear </w:t></w:r><w:r><w:t>Ada,</w:t></w:r></w:p><w:p/>'
    "<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText><w:t>see</w:t><w:br/>"
    "<w:t>you.</w:t></w:r></w:p></w:body></w:document>"
)
SUBTITLES = (
    "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Hello</i>\r\nthere.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nBye.\r\n"
)
CAPTIONS = "WEBVTT\n\nNOTE no\n\nintro\n"
CAPTIONS += "00:01.000 --> 00:02.000 align:start\n<v Ada>Hello there.\n\n00:03.000 --> 00:04.000\nBye."


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (PAGE.encode(), "Café\n\nOpen all day,\n\nevery day.\n\nTea\n\nCake"),
        (PAGE.encode("utf-16"), "Café\n\nOpen all day,\n\nevery day.\n\nTea\n\nCake"),
        (NESTED.encode(), "One\n\ntwo\n\nthree\n\nfour\n\nfive"),
        (archive(BOOK), "One\n\nIt was dark.\n\nThen light."),
        (archive(BOOK | COVER), "Then light."),
        (archive({"word/document.xml": LETTER}), "Dear Ada,\n\nsee you."),
        (SUBTITLES.encode("utf-8-sig"), "Hello there. Bye."),
        (SUBTITLES.encode("utf-16"), "Hello there. Bye."),
        (CAPTIONS.encode(), "Hello there. Bye."),
        ("Zoë said: 1 < 2.".encode("cp1252"), "Zoë said: 1 < 2."),
    ],
    ids=[
        "html",
        "html in utf-16",
        "html without end tags",
        "epub",
        "epub with a cover",
        "docx",
        "srt",
        "srt in utf-16",
        "vtt",
        "cp1252",
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "b"])
def test_a_document_is_read_by_its_content(tmp_path, name, content, text):
    file = tmp_path / name
    file.write_bytes(content)
    assert read_document(file) == text


BOMB = f'<!DOCTYPE w [<!ENTITY a "aaaa">]><w:document xmlns:w="{WORD}"><w:p><w:t>&a;</w:t></w:p></w:document>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (workbook({"S": cells([["a"]])}), "herald batch"),
        (archive({"a.txt": "hi"}), "neither .epub nor .docx"),
        (archive({"word/document.xml": "<w:document"}), "damaged"),
        (archive({"word/document.xml": BOMB}), "damaged"),
        (archive({"META-INF/container.xml": "<container/>"}), "damaged"),
        (
            archive(BOOK | {"OEBPS/book.opf": BOOK["OEBPS/book.opf"].replace("a.xhtml", "../../../etc/passwd")}),
            "damaged",
        ),
        (archive({"word/document.xml": " " * (MOST_BYTES + 1)}), "100 MB"),
        (archive(BOOK)[:300], "damaged"),
        (b"%PDF-1.7", "a PDF document"),
        (b"{\\rtf1 Hi}", "an RTF document"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "an old Office document"),
        (b"\x7fELF\0" + b"code" * 100, "zero bytes"),
    ],
)
def test_other_files_are_refused(tmp_path, content, said):
    file = tmp_path / "a.docx"
    file.write_bytes(content)
    with pytest.raises(InvalidText) as refused:
        read_document(file)
    assert said in refused.value.message
    assert "\n" not in refused.value.message


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path):
    file = tmp_path / "a.txt"
    with file.open("wb") as opened:
        opened.truncate(2 * MOST_BYTES)
    with pytest.raises(InvalidText, match=r"a\.txt is over 100 MB\. Split it\."):
        read_document(file)
