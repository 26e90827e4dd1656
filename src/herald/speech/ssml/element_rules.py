"""What each element may have: its attributes, and text or elements in it. What it may not have is refused."""

from herald.speech.ssml.document import Element, Text, refuse

_EVERYWHERE = frozenset({"xml:lang", "xml:base", "id", "xml:id"})
_NAMESPACE = "http://www.w3.org/2001/10/synthesis"
_NO_EFFECT: dict[str, dict[str, tuple[str, ...]]] = {
    "amazon:effect": {"name": ("drc",)},
    "amazon:domain": {"name": ("news", "conversational", "long-form", "music", "fun")},
    "amazon:auto-breaths": {},
    "amazon:breath": {},
}
"""Elements of Polly that change nothing that must be heard, with the values that are accepted."""
ALLOWED: dict[str, frozenset[str]] = {
    "speak": frozenset({"version", "xsi:schemaLocation", "onlangfailure"}),
    "p": frozenset(),
    "s": frozenset(),
    "break": frozenset({"time", "strength"}),
    "sub": frozenset({"alias"}),
    "say-as": frozenset({"interpret-as", "format", "detail", "language"}),
    "w": frozenset({"role"}),
    "token": frozenset({"role"}),
    "mark": frozenset({"name"}),
    "phoneme": frozenset({"alphabet", "ph", "type"}),
    "lang": frozenset({"onlangfailure"}),
    "prosody": frozenset({"rate", "volume", "pitch"}),
    "emphasis": frozenset({"level"}),
    "voice": frozenset({"name"}),
}


def check_root(source: str, root: Element) -> None:
    """Refuse an attribute of <speak> that is unknown, or has another value than those of SSML."""
    for name, value in root.attributes.items():
        if name == "xmlns" and value.rstrip("/") != _NAMESPACE:
            refuse(source, root.start, f'the namespace of <speak> must be xmlns="{_NAMESPACE}"')
        if not name.startswith("xmlns") and name not in ALLOWED["speak"] | _EVERYWHERE:
            refuse(
                source,
                root.start,
                "<speak> has an attribute that is not supported. Supported ones: version, xml:lang",
            )
    if root.attributes.get("version", "1.1") not in {"1.0", "1.1"}:
        refuse(source, root.start, "version must be 1.0 or 1.1")


def check_attributes(source: str, element: Element) -> None:
    """Refuse an attribute that a supported element does not have."""
    if not element.attributes.keys() <= ALLOWED[element.name] | _EVERYWHERE:
        allowed = ", ".join(sorted(ALLOWED[element.name])) or "none"
        refuse(
            source,
            element.start,
            f"<{element.name}> has an attribute that is not supported. Supported ones: {allowed}",
        )


def is_without_effect(source: str, element: Element) -> bool:
    """Return whether an element changes nothing; refuse such an element with a value that would."""
    if element.name not in _NO_EFFECT:
        return False
    allowed = _NO_EFFECT[element.name]
    for name, value in element.attributes.items() if allowed else ():
        if value not in allowed.get(name, ()):
            known = "; ".join(f"{one}: {', '.join(accepted)}" for one, accepted in allowed.items())
            refuse(source, element.start, f"<{element.name}> supports only {known}. Remove the element")
    return True


def check_empty(source: str, element: Element) -> None:
    """Refuse an element with anything in it."""
    if any(not isinstance(child, Text) or child.text.strip() for child in element.children):
        refuse(source, element.start, f"<{element.name}> must be empty: <{element.name}/>")


def text_of(source: str, element: Element) -> str:
    """Return the text of an element; refuse one with elements in it."""
    if any(not isinstance(child, Text) for child in element.children):
        refuse(source, element.start, f"<{element.name}> can have only text in it")
    return element.text
