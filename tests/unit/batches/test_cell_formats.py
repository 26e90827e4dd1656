"""Numbers of workbooks are read as their number format shows them, without grouping."""

import pytest

from herald.batches.cell_formats import CellFormats, Epoch

US_PHONE = r"[<=9999999]###\-####;\(###\)\ ###\-####"
EUROS = r'_-* #,##0.00\ "€"_-;\-* #,##0.00\ "€"_-;_-* "-"??\ "€"_-;_-@_-'
SHOWN = [
    ('0#" "##" "##" "##" "##', "612345678", "06 12 34 56 78"),
    (US_PHONE, "5551234567", "(555) 123-4567"),
    (US_PHONE, "5551234", "555-1234"),
    ("[<=9999999]###-####;(###) ###-####", "5551234567", "(555) 123-4567"),
    (r"\+00\ 000\ 0000000", "491512345678", "+49 151 2345678"),
    (r"000\-00\-0000", "12345678", "012-34-5678"),
    (r"00000\-0000", "21101234", "02110-1234"),
    ('"D-"00000', "1234", "D-01234"),
    ("#,##0.##", "1234.5", "1234.5"),
    ("#,##0.##", "3", "3"),
    ("0.0#", "2", "2.0"),
    ("0.0#", "0.25", "0.25"),
    (".00", "0.5", "0.50"),
    ("0", "2.5", "3"),
    ("#", "3.7", "4"),
    ("0.00", "0.125", "0.13"),
    ("0.00", "-0.001", "0.00"),
    ("0.00", "1e30", "1" + "0" * 30 + ".00"),
    ("0.00", "1.0049999999999999", "1.01"),
    ("0%", "0.125", "13%"),
    ("0.##%", "0.125", "12.5%"),
    ("#,##0,", "1234567", "1235"),
    ('0.0,,"M"', "12345678", "12.3M"),
    ('[>=1000]0.0,"k";0', "1500", "1.5k"),
    ('[>=1000]0.0,"k";0', "15", "15"),
    ('[=1]"yes";[=0]"no";0', "0", "no"),
    ('[<1]0.0%;0', "1.5", "2"),
    ('General" km"', "-7.5", "-7.5 km"),
    ('"Nr. "General', "5", "Nr. 5"),
    (EUROS, "-12.5", "-12.50 €"),
    (EUROS, "0", "0.00 €"),
    ("#,##0.00_);(#,##0.00)", "-12.5", "-12.50"),
    ("+0;-0;0", "5", "+5"),
    ("+0;-0;0", "-5", "-5"),
    ('0;-0;"free"', "0", "free"),
    (r"00\:00", "1430", "14:30"),
    ("[Red]0.0", "1.25", "1.3"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "number", "shown"), SHOWN)
def test_a_number_is_as_its_format_shows_it(code, number, shown):
    formats = CellFormats(epoch=Epoch.SINCE_1900, codes={164: code}, styles=[164])
    assert formats.text("n", number, 0) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("mmmm yyyy", "04/2026"),
        ("[$-407]mmm\\-yy", "04/2026"),
        ("yyyy", "2026"),
        ("d-mmm", "2026-04-03"),
        ("dddd", "2026-04-03"),
        ("mmm-yy h:mm", "2026-04-03 14:30"),
    ],
)
def test_a_month_has_no_day(code, shown):
    formats = CellFormats(epoch=Epoch.SINCE_1900, codes={164: code}, styles=[164])
    assert formats.text("n", "46115.604166666667", 0) == shown


@pytest.mark.parametrize(("built_in", "shown"), [(7, "12.50"), (37, "13"), (44, "12.50"), (10, "1250.00%")])
def test_built_in_formats_of_money_have_cents(built_in, shown):
    assert CellFormats(epoch=Epoch.SINCE_1900, styles=[built_in]).text("n", "12.5", 0) == shown
