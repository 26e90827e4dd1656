"""Templates: fields and braces, and nothing more."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herald.errors import InvalidRequest
from herald.jobs.batches.template import Template

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,63}", fullmatch=True)
TEXTS = st.text(max_size=8)


@given(st.lists(st.tuples(TEXTS, NAMES), max_size=4), TEXTS, st.data())
def test_what_is_written_is_rendered(parts, end, data):
    def escaped(text):
        return text.replace("{", "{{").replace("}", "}}")

    values = {name.lower(): data.draw(TEXTS) for _, name in parts}
    # As "response_format" is another name of "format".
    values |= {"format": values["response_format"]} if "response_format" in values else {}
    template = Template.parse("".join(f"{escaped(text)}{{{name}}}" for text, name in parts) + escaped(end))
    assert template.render(values) == "".join(text + values[name.lower()] for text, name in parts) + end
    assert len(template.fields) == len(set(template.fields)) <= len(parts)


@given(
    TEXTS, st.sampled_from(["{", "}", "{}", "{0}", "{a b}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{ä}", "{a", "a}"])
)
def test_no_other_brace_means_anything(text, wrong):
    plain = text.replace("{", "").replace("}", "")
    with pytest.raises(InvalidRequest) as refused:
        Template.parse(f"{plain}{wrong} and more")
    assert (refused.value.code, refused.value.param) == ("invalid_template", "template")
    at = len(plain) + next(place for place, character in enumerate(wrong, 1) if character in "{}")
    assert f"Character {at} " in refused.value.message


@given(st.text(string.ascii_letters + "{}_1 ", max_size=12))
def test_a_template_is_read_or_refused(text):
    try:
        template = Template.parse(text)
    except InvalidRequest:
        return
    braces = {name: f"{{{name}}}" for name in template.fields}
    # Its own fields for values give it back, but for escapes and case.
    assert template.render(braces) == text.replace("{{", "{").replace("}}", "}").casefold() or not text.islower()


def test_a_value_is_no_template():
    template = Template.parse("Hello {a}, {b}.")
    assert template.render({"a": "{b}", "b": "{{x}} {0.__class__}"}) == "Hello {b}, {{x}} {0.__class__}."


def test_fields_are_columns():
    assert Template.parse("{First_Name} {first_name} {RESPONSE_FORMAT}").fields == ("first_name", "format")


@pytest.mark.parametrize(
    ("values", "empty"),
    [
        ({"a": "x", "b": "y"}, None),
        ({"a": "", "b": "y"}, 1),
        ({"a": "x", "b": " \u00a0\n"}, 2),
        ({"a": "x"}, 2),
        ({}, 1),
    ],
)
def test_the_first_empty_field_is_told(values, empty):
    assert Template.parse("{a} {b} {a}").empty_field(values) == empty


def test_names_have_64_characters_at_most():
    assert Template.parse("{" + "a" * 64 + "}").fields
    with pytest.raises(InvalidRequest):
        Template.parse("{" + "a" * 65 + "}")
