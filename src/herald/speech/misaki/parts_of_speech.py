"""Guess the part of speech of a word from its neighbours, for words like "record" that have several readings."""

from itertools import chain

_BEFORE_VERBS = (
    "to will would can could should shall must may might not don't didn't doesn't won't can't cannot please let's",
    "i you we they i'll you'll we'll they'll he'll she'll who never always",
)
_BEFORE_NOUNS = (
    "a an the this that these those my your his her its our their of in on for with by at from no some any each every",
    "another next last first",
)
_BEFORE_PARTICIPLES = ("have has had having was were is are be been being i've you've we've they've",)
_OBJECTS = ("the a an your my his her its our their this that these those it them us me",)


def _words(*lines: str) -> frozenset[str]:
    return frozenset(chain.from_iterable(line.split() for line in lines))


_VERBS, _NOUNS = _words(*_BEFORE_VERBS), _words(*_BEFORE_NOUNS)
_PARTICIPLES, _BEGIN_OBJECTS = _words(*_BEFORE_PARTICIPLES), _words(*_OBJECTS)


def kinds_between(before: str, after: str, *, pauses: bool) -> list[str]:
    """Return the parts of speech that a word can have between two words in lower case, as the lexicon names them.

    `before` is empty at the start of a sentence. If speech `pauses` after the word, it has its strong form, "None".
    """
    strong = ["None"] if pauses else []
    if before in _PARTICIPLES:
        return [*strong, "VBN", "VBD", "ADJ"]
    if before in _VERBS or (not before and after in _BEGIN_OBJECTS):
        return [*strong, "VERB", "VBP"]
    if before in _NOUNS:
        return [*strong, "NOUN"] if pauses or after in _VERBS else [*strong, "ADJ", "NOUN"]
    return strong
