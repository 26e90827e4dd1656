"""English words whose sound depends on their role in the sentence, for the element `w`."""

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
ROLES = (
    "amazon:VB",
    "amazon:VBD",
    "amazon:VBN",
    "amazon:NN",
    "amazon:JJ",
    "amazon:DT",
    "amazon:IN",
    "amazon:DEFAULT",
    "amazon:SENSE_1",
)


def homograph(word: str, role: str) -> str:
    """Return the IPA of an English word in a role, or "" if the role does not change it."""
    return _HOMOGRAPHS.get(word.strip().lower(), {}).get(role.removeprefix("amazon:"), "")
