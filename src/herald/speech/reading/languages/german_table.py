"""The words of German. Keys are in lower case, except symbols, units and currencies.

Number words stand apart ("zwei tausend", "vier und zwanzig"): as one word, the synthesizer says some of them wrong.
"""

from herald.speech.reading.languages import german_words
from herald.speech.reading.table import Table, positions, spread, words

GERMAN = Table(
    language="de",
    region="DE",
    # Numbers
    decimal_mark=",",
    group_marks=".",
    digits=("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"),
    point="Komma",
    minus="minus",
    plus="plus",
    plus_minus="plus minus",
    magnitudes=spread({
        "tausend|tsd|tsd.": ("tausend", "tausend"), "million|millionen|mio|mio.": ("Million", "Millionen"),
        "milliarde|milliarden|mrd|mrd.": ("Milliarde", "Milliarden"),
        "billion|billionen|bio|bio.": ("Billion", "Billionen"), "billiarde|billiarden": ("Billiarde", "Billiarden"),
        "trillion|trillionen": ("Trillion", "Trillionen"),
    }),
    magnitudes_anywhere={"mio": "Millionen", "mrd": "Milliarden", "tsd": "tausend"},
    named_numbers={
        "24/7": "vier und zwanzig sieben", "50/50": "fünfzig fünfzig", "110": "eins eins null", "112": "eins eins zwei",
        "115": "eins eins fünf", "116": "eins eins sechs", "116117": "eins eins sechs, eins eins sieben",
        "116116": "eins eins sechs, eins eins sechs",
    },
    # Dates and times
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ),
    month_short=positions("jan|jän feb|febr mär|mrz apr - jun jul aug sep|sept okt nov dez", 1),
    weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    weekday_short=positions("mo di mi do fr sa so"),
    weekday_words=words("mo di mi do fr sa so"),
    date_order="dmy",
    dotted_dates=True,
    date_words=words("am vom zum bis ab seit dem den der gültig spätestens datum termin"),
    time_zones={
        zone: " ".join(zone.upper())
        for zone in ["mez", "mesz", "utc", "gmt", "est", "edt", "cst", "pst", "pdt", "cet", "cest", "bst"]
    },
    # Money
    currencies=german_words.CURRENCIES,
    # Units
    units=german_words.UNITS,
    units_apart=words("A K J N W V"),
    per="pro",
    per_units=german_words.PER_UNITS,
    by="mal",
    square="Quadrat",
    cubic="Kubik",
    # Ranges, signs
    to="bis",
    symbols={
        "&": "und", "+": "plus", "=": "gleich", "@": "at", "%": "Prozent", "/": "Schrägstrich", "$": "Dollar",
        "€": "Euro", "£": "Pfund", "#": "Raute", "°": "Grad", "§": "Paragraf", "×": "mal", "÷": "geteilt durch",
        "±": "plus minus", "≤": "kleiner oder gleich", "≥": "größer oder gleich", "≈": "ungefähr", "≠": "ungleich",
        "√": "Wurzel aus", "π": "Pi", "∞": "unendlich", "~": "ungefähr", "<": "kleiner als", ">": "größer als",
        "α": "Alpha", "β": "Beta", "γ": "Gamma", "δ": "Delta", "λ": "Lambda", "σ": "Sigma", "ω": "Omega", "Δ": "Delta",
        "Σ": "Sigma", "Ω": "Omega",
    },
    after_number={"%": ("Prozent", "Prozent"), "‰": ("Promille", "Promille"), "¢": ("Cent", "Cent")},
    squared="Quadrat",
    cubed="hoch drei",
    power="hoch",
    # Words
    abbreviations=german_words.ABBREVIATIONS,
    plain_too=words("art. wo. mon. bes. min. max. jan. co. st. pl. ms. ing. med. ev. rd. gem. mt. vers."),
    titles=german_words.TITLES,
    titles_bare=words("dr prof"),
    suffixes={"jun": "junior", "jr": "junior", "sen": "senior"},
    closing=words(
        "usw. etc. mwst. u.v.m. e.v. str. hbf. bhf. std. sek. mio. mrd. co. stk. o.ä. u.ä. jh. jhd. p.a. "
        "fzg. expl. nachr."
    ),
    openers=german_words.OPENERS,
    before_number=german_words.BEFORE_NUMBER,
    before_number_only=words("nr fax kto blz plz kw dw bft wo. pl. gr. kl. ki. erw. pos. jg. anl. stg."),
    acronyms_said=german_words.ACRONYMS_SAID,
    acronyms_spelled=german_words.ACRONYMS_SPELLED,
    common_capitals=german_words.COMMON_CAPITALS,
    chat=german_words.CHAT,
    # Telephones, codes, links
    extension="Durchwahl",
    extension_words=words("durchwahl dw app."),
    before_fraction=words("circa"),
    greetings=words(
        "abend geehrte geehrter frau hallo herr herrn hey hi kunde kundin liebe lieber moin morgen name tag "
        "patient patientin servus"
    ),
    code_words=words(
        "endung code codes pin tan otp passwort kennwort zugangscode aktivierungscode bestätigungscode sicherheitscode "
        "verifizierungscode freischaltcode bestellnummer kundennummer rechnungsnummer auftragsnummer "
        "sendungsnummer kontonummer vertragsnummer buchungsnummer ticketnummer referenznummer mitgliedsnummer "
        "versichertennummer steuernummer aktenzeichen vorgangsnummer seriennummer zählernummer referenz "
        "bestellung sendung id plz postleitzahl blz endziffern iban konto kartenende endend"
    ),
    code_endings=tuple(
        words("code nnummer snummer lnummer nnr nnr. snr snr. -nr. .nr. ref. kennwort otp -id passwort ziffer ziffern")
    ),
    dialled_after=words("wählen notruf rufnummer durchwahl dw kurzwahl"),
    year_words=words("jahr jahre jahres seit anno copyright sommer winter frühjahr herbst"),
    codes_after=words("code pin tan passwort kennwort bestätigungscode sicherheitscode"),
    file_endings=words("txt pdf doc docx xls xlsx csv ppt pptx jpg jpeg png gif mp3 mp4 wav zip exe html xml json"),
    score_words=words("gewann gewinnt siegte verlor endete spielstand führt stand"),
    number_sign="Nummer",
    hashtag="Hashtag",
    at="at",
    dot="Punkt",
    link_signs={
        ".": "Punkt", "/": "Slash", "-": "Minus", "_": "Unterstrich", "@": "at", ":": "Doppelpunkt",
        "?": "Fragezeichen", "&": "und", "=": "gleich", "#": "Raute", "%": "Prozent", "+": "plus", "~": "Tilde",
        "!": "Ausrufezeichen", "*": "Stern", "|": "senkrechter Strich", "(": "", ")": "",
    },
    domains=words(
        "com org net edu gov info biz name io co ai app dev me tv us uk ca de at ch li lu fr es it pt nl be se "
        "dk fi pl cz eu shop online store site xyz tech cloud news blog live club ly berlin hamburg koeln bayern "
        "wien email agency"
    ),
    domains_spelled=words("de at ch li lu it us io ai eu uk es fr pl tv me ly"),
)  # fmt: skip
