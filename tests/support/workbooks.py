"""Excel workbooks for tests, written by hand: the parts that matter, or any parts at all."""

import io
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def archive(parts):
    """Return a ZIP archive of parts by name; the same bytes each time."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(ZipInfo(name), content, compress_type=ZIP_DEFLATED)
    return file.getvalue()


def workbook(sheets, *, shared=(), formats=(), states=(), replace=None):
    """Return a workbook of `sheets`, each the XML of its rows by its name; `replace` sets or, with None, omits parts.

    `formats` are the number formats of styles 1, 2, …; `states` those of the sheets that are not visible.
    """
    states = dict(states)
    numbered = list(enumerate(sheets.items(), 1))
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}" state="{states.get(name, "visible")}"/>'
        for at, (name, _) in numbered
    )
    codes = "".join(f'<numFmt numFmtId="{164 + at}" formatCode="{code}"/>' for at, code in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(formats)))
    texts = "".join(f"<si><t>{text}</t></si>" for text in shared)
    links = [("worksheet", f"worksheets/sheet{at}.xml") for at, _ in numbered]
    links += [("sharedStrings", "sharedStrings.xml"), ("styles", "/xl/styles.xml")]
    parts = {
        "_rels/.rels": _relations(["officeDocument"], ["xl/workbook.xml"]),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_KIND}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(*zip(*links, strict=True)),
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{texts}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts>{codes}</numFmts><cellStyleXfs><xf numFmtId="9"/>'
        f'</cellStyleXfs><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
    }
    for at, (_, rows) in numbered:
        parts[f"xl/worksheets/sheet{at}.xml"] = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return archive({name: content for name, content in (parts | (replace or {})).items() if content is not None})


def _relations(kinds, targets):
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{_KIND}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(zip(kinds, targets, strict=True), 1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{listed}</Relationships>'


def cells(rows):
    """Return the XML of rows of texts; None is an empty cell, and an empty row is left out."""
    return "".join(
        f'<row r="{at}">'
        + "".join(_cell(place, at, text) for place, text in enumerate(row) if text is not None)
        + "</row>"
        for at, row in enumerate(rows, 1)
        if row
    )


def _cell(place, row, text):
    return f'<c r="{chr(65 + place)}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
