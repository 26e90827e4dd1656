"""Message templates: fields and escaped braces."""

import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from herald.batches.rows import Field, Template, row_text
from herald.errors import InvalidRequest, SsmlNotSupported, TextTooLong
from herald.speech.ssml.document import Element, parsed

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,63}", fullmatch=True)
TEXTS = st.text(max_size=8)


@given(st.lists(st.tuples(TEXTS, NAMES), max_size=4), TEXTS, st.data())
def test_templates_round_trip(parts, end, data):
    def escaped(text):
        return text.replace("{", "{{").replace("}", "}}")

    values = {name.lower(): data.draw(TEXTS) for _, name in parts}
    # "response_format" is an alias of "format".
    values |= {"format": values["response_format"]} if "response_format" in values else {}
    template = Template.parse("".join(f"{escaped(text)}{{{name}}}" for text, name in parts) + escaped(end))
    assert template.render(values) == "".join(text + values[name.lower()] for text, name in parts) + end
    assert len(template.fields) == len(set(template.fields)) <= len(parts)


@given(TEXTS, st.sampled_from(["{", "}", "{}", "{ }", "{a\nb}", "{a\tb}", "{\u200b}", "{a", "a}"]))
def test_other_braces_are_rejected(text, wrong):
    plain = text.replace("{", "").replace("}", "")
    with pytest.raises(InvalidRequest) as rejected:
        Template.parse(f"{plain}{wrong} and more")
    assert (rejected.value.code, rejected.value.param) == ("invalid_template", "template")
    at = len(plain) + next(place for place, character in enumerate(wrong, 1) if character in "{}")
    assert f"Character {at} " in rejected.value.message


@given(st.text(string.ascii_lowercase + "{}_1 ", max_size=12))
@example("{1 }")
@example("{{ 1 }}")
def test_any_text_is_parsed_or_rejected(text):
    try:
        template = Template.parse(text)
    except InvalidRequest:
        return
    braces = {name: f"{{{name}}}" for name in template.fields}
    # Rendering each field as itself gives the original text, except for escapes, and for spaces around names.
    assert trimmed(template.render(braces)) == trimmed(text.replace("{{", "{").replace("}}", "}"))


def trimmed(text):
    """Return a text without the spaces inside its braces: "{ a }" is "{a}"."""
    return re.sub(r"(?<=\{) +| +(?=\})", "", text)


def test_literal_texts_between_fields_are_joined():
    """Every row joins the parts, so that many escaped braces may not be many parts."""
    assert Template.parse("a{{{{b}}{c}}}").parts == ("a{{b}", Field("c"), "}")


def test_values_are_not_expanded():
    template = Template.parse("Hello {a}, {b}.")
    assert template.render({"a": "{b}", "b": "{{x}} {0.__class__}"}) == "Hello {b}, {{x}} {0.__class__}."


def test_field_names_are_normalized():
    assert Template.parse("{First_Name} {first_name} {RESPONSE_FORMAT}").fields == ("first_name", "format")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"a": "", "b": "y"}, "The row has no value for {a}, a field of the template."),
        ({"a": "x", "b": " \u00a0\n"}, "The row has no value for {b}, a field of the template."),
        ({"a": "x"}, "The row has no value for {b}, a field of the template."),
        ({"a": "x", "b": "#NV"}, "The row has the spreadsheet's error #NV for {b}, a field of the template."),
        ({}, "The row has no value for {a}, and no value for {b}, fields of the template."),
        (
            {"a": "########", "b": "y"},
            "The row has only signs of a column that is too narrow (####) for {a}, a field of the template.",
        ),
    ],
)
def test_all_fields_without_a_value_are_named(values, message):
    with pytest.raises(InvalidRequest) as refused:
        row_text(Template.parse("{a} {b} {a}"), values, most=100)
    assert (refused.value.code, refused.value.message) == ("missing_value", message)


@pytest.mark.parametrize("value", ["x", "#", "# 5", "#1", "N/A"])
def test_other_values_are_said(value):
    assert row_text(Template.parse("{a}"), {"a": value}, most=100) == value


def test_the_own_text_of_a_row_may_be_an_error_of_a_spreadsheet():
    for template in (None, Template.parse("Hello.")):
        with pytest.raises(InvalidRequest, match="#REF!"):
            row_text(template, {"text": "#REF!"}, most=100)


def test_any_name_of_a_column_is_a_field():
    names = ("First Name", "prénom", "customer-id", "Contact.Name", "0", "名前", "a[0]", "a:>9")
    assert Template.parse("".join(f"{{{name}}}" for name in names)).fields == tuple(map(str.lower, names))


def test_field_names_have_at_most_64_characters():
    assert Template.parse("{" + "a" * 64 + "}").fields
    with pytest.raises(InvalidRequest):
        Template.parse("{" + "a" * 65 + "}")


@pytest.mark.parametrize(
    "value", ["<break/>", "</speak>", '"/><audio/>', "'/><break", "]]>", "-->", "&quetzal;", "<speak>"]
)
@pytest.mark.parametrize("template", ["<speak>Hello {a}.</speak>", '<speak><sub alias="Mx {a}">x</sub></speak>'])
def test_a_value_cannot_add_markup_to_ssml(template, value):
    parsed_template = Template.parse(template, ssml=True)
    made, plain = (parsed(parsed_template.render({"a": one})) for one in (value, "b"))
    assert shape(made) == shape(plain)
    assert value in said(made)


def shape(element):
    """Return the names of the elements and attributes in a document."""
    inner = [shape(child) for child in element.children if isinstance(child, Element)]
    return (element.name, [*element.attributes], inner)


def said(element):
    """Return the text and the attributes of a document."""
    children = (said(child) if isinstance(child, Element) else child.text for child in element.children)
    return "".join([*element.attributes.values(), *children])


@pytest.mark.parametrize("value", ["<break/>", "<speak>b</speak>", '<prosody rate="slow">b</prosody>'])
def test_a_value_cannot_make_a_text_ssml(value):
    with pytest.raises(SsmlNotSupported):
        row_text(Template.parse("{a}"), {"a": value}, most=100)
    assert row_text(Template.parse("{a}"), {"a": value}, most=100, input_type="text") == value


def test_the_tags_of_a_template_do_not_count():
    template = Template.parse('<speak><break time="1s"/>{a}</speak>', ssml=True)
    assert row_text(template, {"a": "b" * 10}, most=10)
    with pytest.raises(TextTooLong):
        row_text(template, {"a": "b" * 11}, most=10)
