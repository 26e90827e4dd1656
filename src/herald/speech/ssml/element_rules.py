"""What each element may have: its attributes, and text or elements in it. What it may not have is refused.

A `w` element gives the role of an English word whose sound depends on it.
"""

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


_HOMOGRAPHS: dict[str, dict[str, str]] = {
    word: dict(part.split("=") for part in readings.split())
    for word, readings in {
        "read": "VB=ɹˈiːd VBD=ɹˈɛd VBN=ɹˈɛd",
        "lead": "VB=lˈiːd NN=lˈiːd SENSE_1=lˈɛd",
        "live": "VB=lˈɪv JJ=lˈaɪv",
        "wind": "NN=wˈɪnd VB=wˈaɪnd",
        "wound": "NN=wˈuːnd VBD=wˈaʊnd",
        "tear": "NN=tˈɪɹ VB=tˈɛɹ",
        "bow": "NN=bˈoʊ VB=bˈaʊ",
        "bass": "NN=bˈeɪs SENSE_1=bˈæs",
        "close": "VB=klˈoʊz JJ=klˈoʊs",
        "use": "VB=jˈuːz NN=jˈuːs",
        "house": "VB=hˈaʊz NN=hˈaʊs",
        "abuse": "VB=əbjˈuːz NN=əbjˈuːs",
        "excuse": "VB=ɛkskjˈuːz NN=ɛkskjˈuːs",
        "minute": "NN=mˈɪnɪt JJ=maɪnjˈuːt",
        "desert": "NN=dˈɛzɚt VB=dɪzˈɜːt",
        "dove": "NN=dˈʌv VBD=dˈoʊv",
        "record": "NN=ɹˈɛkɚd VB=ɹɪkˈoːɹd",
        "present": "NN=pɹˈɛzənt JJ=pɹˈɛzənt VB=pɹɪzˈɛnt",
        "object": "NN=ˈɑːbdʒɛkt VB=əbdʒˈɛkt",
        "project": "NN=pɹˈɑːdʒɛkt VB=pɹədʒˈɛkt",
        "content": "NN=kˈɑːntɛnt JJ=kəntˈɛnt",
        "contract": "NN=kˈɑːntɹækt VB=kəntɹˈækt",
        "conduct": "NN=kˈɑːndʌkt VB=kəndˈʌkt",
        "produce": "NN=pɹˈoʊduːs VB=pɹədˈuːs",
        "refuse": "NN=ɹˈɛfjuːs VB=ɹɪfjˈuːz",
        "permit": "NN=pˈɜːmɪt VB=pɚmˈɪt",
        "rebel": "NN=ɹˈɛbəl VB=ɹɪbˈɛl",
        "subject": "NN=sˈʌbdʒɛkt VB=səbdʒˈɛkt",
        "separate": "JJ=sˈɛpɹət VB=sˈɛpəɹeɪt",
        "estimate": "NN=ˈɛstɪmət VB=ˈɛstɪmeɪt",
    }.items()
}
"""American English words whose sound depends on their role, by Polly's names of roles without the prefix."""
ROLES = tuple(f"amazon:{role}" for role in ["VB", "VBD", "VBN", "NN", "JJ", "DT", "IN", "DEFAULT", "SENSE_1"])


def homograph(word: str, role: str) -> str:
    """Return the IPA of an English word in a role, or "" if the role does not change it."""
    return _HOMOGRAPHS.get(word.strip().lower(), {}).get(role.removeprefix("amazon:"), "")
