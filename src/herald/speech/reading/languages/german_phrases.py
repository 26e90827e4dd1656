"""German abbreviations that always stand for the same words where these patterns fit."""

from herald.speech.reading.rule import DIGIT, SIGN, WORD, Rules

PHRASES = Rules()

# Read "s. Rechnung".
PHRASES.phrase("title", WORD, r"(?-i:s)\.(?=\s(?-i:[A-ZÄÖÜ][a-zäöü]))", "siehe", ".")

# Read "i. v. Gabe"; "i. V." has a capital.
PHRASES.phrase("abbreviation", WORD, r"(?-i:i\.\s?v)\.(?!\s?m\.)", "I V", ".")

# Read "n. 2 Tagen" and "n. Absprache"; "n. V." and "n. Chr." are in the table.
PHRASES.phrase("title", WORD, r"(?-i:n)\.(?=\s(?:\d|(?!Chr)(?-i:[A-ZÄÖÜ][a-zäöü]{2})))", "nach", ".")

# Read "fällig z. 3.1.".
PHRASES.phrase("title", WORD, r"(?-i:z)\.(?=\s?\d{1,2}\.|\s(?:Monats|Quartals|Jahres)ende)", "zum", ".")

# "HDL" is a blood value.
PHRASES.phrase("abbreviation", WORD, r"(?-i:[Hh]dl)(?!\w)", "hab dich lieb")

# Read "Geb. 12" and "Geb. O22"; "geb. 3.4.1980" is a date.
PHRASES.phrase(
    "label", WORD, r"(?-i:Geb)\.(?=\s(?:\d{1,3}(?!\.)|(?-i:[A-Z])\s?\d{0,3})(?![\w/]|[.,]\d))", "Gebäude", "."
)

# Read "Dr.in Schmid".
PHRASES.phrase("title", WORD, r"(?-i:Dr)\.\s?in(?=\s(?-i:[A-ZÄÖÜ]))", "Doktorin", ".")

PHRASES.phrase("title", WORD, r"(?-i:Mag)\.\s?a(?=\s(?-i:[A-ZÄÖÜ]))", "Magistra", ".")

# Read "1. So. i. M.".
PHRASES.phrase("abbreviation", WORD, r"(?-i:i\.\s?M)\.", "im Monat", ".")

# Read "Rh pos.".
PHRASES.phrase("word", WORD, r"(?-i:pos)\.(?=[,;)]|\s(?-i:[a-z])|\s?\Z)", "positiv", ".")

PHRASES.phrase("word", WORD, r"(?-i:neg)\.(?=[,;)]|\s(?-i:[a-z])|\s?\Z)", "negativ", ".")

# Read "zzgl. Geb.".
PHRASES.phrase("word", WORD, r"(?<=(?:zzgl|inkl)\. )(?-i:Geb)\.", "Gebühren", ".")

# Read "Geb. 49,99".
PHRASES.phrase("word", WORD, r"(?-i:Geb)\.(?=\s\d{1,3},\d\d)", "Gebühr", ".")

# Read "Voß LL.M.".
PHRASES.phrase("title", WORD, r"(?-i:LL\.\s?M)\.", "L L M", ".")

# Read "1-Zi.-Whg.".
PHRASES.phrase("number", DIGIT, r"1-(?=(?-i:[A-ZÄÖÜ][a-zäöü]{1,15}\.?-[A-ZÄÖÜ]))", "ein", "-")

# Read "4 m ü. NN".
PHRASES.phrase("word", WORD, r"(?-i:ü\.\s?NN)(?!\w)", "über Normalnull", ".")

# Read "ges. 1.125 €".
PHRASES.phrase("word", WORD, r"(?-i:ges)\.(?=\s\d)", "gesamt", ".")

# Read "E 9a St. 4": no saint has a number.
PHRASES.phrase("label", WORD, r"(?-i:St)\.(?=\s?\d)", "Stufe", ".")

# Read "Ki. bis 6 J."; "KI." is something else.
PHRASES.phrase("word", WORD, r"(?-i:Ki)\.(?=\s(?:bis|ab|unter|u\.|frei|\())", "Kinder", ".")

# Read "Kl. D".
PHRASES.phrase("label", WORD, r"(?-i:Kl)\.(?=\s?(?-i:[A-H])(?!\w))", "Klasse", ".")

# Read "Wg. 23, Platz 61".
PHRASES.phrase("label", WORD, r"(?-i:Wg)\.(?=\s?\d{1,3}(?:[-–]\d|[,/)]|\.?\s?\Z|\s(?:Platz|Pl|Sitz)))", "Wagen", ".")

# Read "gem. Vertrag"; "Gem." is also a "Gemeinde".
PHRASES.phrase("title", WORD, r"(?-i:gem)\.(?=\s(?-i:[A-ZÄÖÜ][a-zäöü]))", "gemäß", ".")

# Read "DW -214".
PHRASES.phrase("label", WORD, r"(?-i:DW)(?=\s?-\d)", "Durchwahl", "-")

# Read "m. Frühstück".
PHRASES.phrase("title", WORD, r"(?-i:m)\.(?=\s(?:\d|(?-i:[A-ZÄÖÜ][a-zäöü])))", "mit", ".")

# The name of a trade union.
PHRASES.phrase("word", WORD, r"ver\.di(?!\w)", "Verdi", ".")

PHRASES.phrase("word", WORD, r"w/m/d(?!\w)", "weiblich, männlich, divers", "/")

# Read the "(m/w/d)" of an advertisement.
PHRASES.phrase("word", WORD, r"m/w/d(?!\w)", "männlich, weiblich, divers", "/")

PHRASES.phrase("symbol", SIGN, "§§", "Paragrafen", "§")

# Read "Gr. XL".
PHRASES.phrase("label", WORD, r"Gr\.(?=\s(?:X{0,3}[SL]|M)(?!\w))", "Größe", ".")
