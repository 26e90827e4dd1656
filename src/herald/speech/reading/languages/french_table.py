"""The words of French. Keys are in lower case, except symbols, units and currencies."""

from herald.speech.reading.languages import french_words
from herald.speech.reading.table import Table, positions, spread, words

FRENCH = Table(
    language="fr",
    region="FR",
    # Numbers
    decimal_mark=",",
    group_marks=" .'",
    digits=("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    point="virgule",
    minus="moins",
    plus="plus",
    plus_minus="plus ou moins",
    magnitudes=spread({
        "mille|k": ("mille", "mille"), "million|millions|m|mio": ("million", "millions"),
        "milliard|milliards|md|mds|mrd": ("milliard", "milliards"), "billion|billions": ("billion", "billions"),
    }),
    magnitudes_anywhere={"k": "mille", "md": "milliards", "mds": "milliards", "mio": "millions"},
    named_numbers={
        "24/7": "vingt-quatre heures sur vingt-quatre, sept jours sur sept",
        "24/24": "vingt-quatre heures sur vingt-quatre", "7/7": "sept jours sur sept", "50/50": "cinquante-cinquante",
    },
    # Dates and times
    months=(
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
    month_short=positions("janv|jan févr|fév|fevr|fevrier - avr - - juil|juill aout sept oct nov déc|dec|decembre", 1),
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    weekday_short=positions("lun mar mer|merc jeu ven|vend sam dim"),
    weekday_words=words("mer jeu lun mar ven sam dim"),
    date_order="dmy",
    dotted_dates=True,
    date_words=words("le du au dès jusqu'au"),
    day_parts={"am": "du matin", "pm": "de l'après-midi"},
    time_zones={"utc": "U T C", "gmt": "G M T", "cet": "C E T", "cest": "C E S T"},
    # Money
    currencies=french_words.CURRENCIES,
    # Units
    units=french_words.UNITS,
    units_attached=words("J mi ch"),
    units_apart=words("A U"),
    per="par",
    per_units=french_words.PER_UNITS,
    by="par",
    square="carré",
    cubic="cube",
    # Ranges, signs
    to="à",
    symbols={
        "&": "et", "+": "plus", "=": "égale", "@": "arobase", "%": "pour cent", "/": "sur", "$": "dollar", "€": "euro",
        "£": "livre", "#": "dièse", "°": "degré", "§": "paragraphe", "×": "fois", "÷": "divisé par",
        "±": "plus ou moins", "≤": "inférieur ou égal à", "≥": "supérieur ou égal à", "<": "inférieur à",
        ">": "supérieur à", "≈": "environ", "≠": "différent de", "√": "racine carrée de", "π": "pi", "∞": "infini",
        "~": "environ",
    },
    after_number={"%": ("pour cent", "pour cent"), "‰": ("pour mille", "pour mille"), "¢": ("cent", "cents")},
    squared="au carré",
    cubed="au cube",
    power="puissance",
    maths={
        "<": "est inférieur à", ">": "est supérieur à", "≤": "est inférieur ou égal à", "≥": "est supérieur ou égal à",
        "≠": "est différent de",
    },
    # Words
    abbreviations=french_words.ABBREVIATIONS,
    plain_too=words(
        "etc. ex. max. min. mer. jeu. pers. sept. imp. pl. ord. dispo. conso. mag. suppl. supp. ouv. unit. doc. prof."
    ),
    titles={
        "dr": "docteur", "drs": "docteurs", "dre": "docteure", "pr": "professeur", "prof": "professeur", "me": "maître",
        "mgr": "monseigneur", "mr": "monsieur", "mm": "messieurs", "mme": "madame", "mmes": "mesdames",
        "mlle": "mademoiselle", "mlles": "mesdemoiselles", "vve": "veuve", "gal": "général", "cdt": "commandant",
        "st": "saint", "ste": "sainte",
    },
    titles_bare=words("dr drs dre pr prof me mgr mr mm mme mmes mlle mlles st ste"),
    closing=words("etc. s.a. max. min. hab. pers. s.v.p."),
    openers=french_words.OPENERS,
    capitals_begin=True,
    before_number=french_words.BEFORE_NUMBER,
    acronyms_said=french_words.ACRONYMS_SAID,
    acronyms_spelled=french_words.ACRONYMS_SPELLED,
    common_capitals=french_words.COMMON,
    chat=french_words.CHAT,
    # Telephones, codes, links
    extension="poste",
    extension_words=words("poste ext ext. p."),
    greetings=words(
        "bonjour bonsoir cher chère client cliente docteur madame mademoiselle monsieur nom patient salut patiente"
    ),
    before_time=words("à vers dès"),
    code_words=words(
        "code codes pin référence réf réf. ref ref. mdp rum dossier commande réservation facture suivi colis compte "
        "carte identifiant contrat siret siren rcs r.c.s. otp confirmation vérification cb"
    ),
    score_words=words("gagné perdu battu score victoire défaite"),
    slash="slash",
    number_sign="numéro",
    hashtag="hashtag",
    at="arobase",
    dot="point",
    dialled_after=frozenset(),
    year_words=words("en"),
    range_words=words("midi minuit"),
    link_signs={
        ".": "point", "/": "slash", "-": "tiret", "_": "tiret bas", "@": "arobase", ":": "deux-points",
        "?": "point d'interrogation", "&": "et commercial", "=": "égale", "#": "dièse", "%": "pour cent", "+": "plus",
        "~": "tilde",
    },
    domains=words(
        "fr com org net edu gouv eu be ch ca info biz io co ai app dev me tv uk de es it pt nl lu ma tn dz sn ci re gp "
        "mq online shop store site paris bzh html htm php us ly"
    ),
    domains_spelled=words("fr be ch ca io ai me tv uk de es it pt nl lu ma tn dz sn ci re gp mq us ly"),
    alphabet="àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ",
)  # fmt: skip
