"""SSML: a document of a text with markup for its sound, as Amazon Polly, Google and W3C define it.

    document.py       parses a document safely into a tree of elements; no DTD, entities or processing instructions
    compiling.py      a document becomes the tokens of herald.speech.reading, with spans of the document
    passages.py       text that is read as a whole, with the markup on it
    say_as.py         `say-as`: values whose kind is given, such as dates and telephone numbers
    element_rules.py  what each element may have, such as rates and volumes; `w`: English words with a role
    voice_changes.py  `voice`: a document for each part that one voice speaks

docs/ssml.md lists what is supported.
"""
