"""SSML: texts with markup for their sound, as defined by Amazon Polly, Google and W3C.

    document.py       parses a document safely into a tree of elements; no DTD, entities or processing instructions
    compiling.py      converts a document to tokens of herald.speech.reading, with spans of the document
    passages.py       text that is read as a unit, with its markup
    say_as.py         `say-as`: values of a given kind, such as dates and telephone numbers
    element_rules.py  the attributes and content that elements may have; `w`: English words with a role
    voice_changes.py  `voice`: divides a document into one document per voice

docs/ssml.md lists what is supported.
"""
