"""The words of French. Keys are in lower case, except symbols, units and currencies."""

from herald.speech.reading.languages.romance_words import PROVIDERS, RomanceWords, words
from herald.speech.reading.table import Currency, Table

_EURO = Currency("euro", "euros", "centime", "centimes")
_DOLLAR = Currency("dollar", "dollars", "cent", "cents")
_POUND = Currency("livre", "livres", "penny", "pence", gender="f")
_CANADIAN = Currency("dollar canadien", "dollars canadiens", "cent", "cents")
_SWISS = Currency("franc suisse", "francs suisses", "centime", "centimes")
_YEN = Currency("yen", "yens")
_CFA = Currency("franc C F A", "francs C F A")

FRENCH = Table(
    language="fr",
    region="FR",
    # Numbers
    decimal_mark=",",
    group_marks=" .",
    digits=("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    point="virgule",
    minus="moins",
    plus="plus",
    plus_minus="plus ou moins",
    magnitudes={
        "mille": ("mille", "mille"),
        "million": ("million", "millions"),
        "millions": ("million", "millions"),
        "milliard": ("milliard", "milliards"),
        "milliards": ("milliard", "milliards"),
        "billion": ("billion", "billions"),
        "billions": ("billion", "billions"),
        "k": ("mille", "mille"),
        "m": ("million", "millions"),
        "mio": ("million", "millions"),
        "md": ("milliard", "milliards"),
        "mds": ("milliard", "milliards"),
        "mrd": ("milliard", "milliards"),
    },
    magnitudes_anywhere={"k": "mille", "md": "milliards", "mds": "milliards", "mio": "millions"},
    named_numbers={"24/7": "vingt-quatre heures sur vingt-quatre, sept jours sur sept", "50/50": "cinquante-cinquante"},
    # Dates and times
    months=(
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    month_short={
        "janv": 1,
        "jan": 1,
        "févr": 2,
        "fév": 2,
        "fevr": 2,
        "fevrier": 2,
        "avr": 4,
        "juil": 7,
        "aout": 8,
        "sept": 9,
        "oct": 10,
        "nov": 11,
        "déc": 12,
        "dec": 12,
        "decembre": 12,
    },
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    weekday_short={"lun": 0, "mar": 1, "mer": 2, "jeu": 3, "ven": 4, "sam": 5, "dim": 6},
    weekday_words=words("mer jeu lun mar ven sam dim"),
    date_order="dmy",
    dotted_dates=True,
    date_words=words("le du au dès jusqu'au"),
    day_parts={"am": "du matin", "pm": "de l'après-midi"},
    time_zones={"utc": "U T C", "gmt": "G M T", "cet": "C E T", "cest": "C E S T"},
    # Money
    currencies={
        "€": _EURO,
        "EUR": _EURO,
        "eur": _EURO,
        "$": _DOLLAR,
        "US$": Currency("dollar américain", "dollars américains", "cent", "cents"),
        "USD": Currency("dollar américain", "dollars américains", "cent", "cents"),
        "CA$": _CANADIAN,
        "C$": _CANADIAN,
        "CAD": _CANADIAN,
        "£": _POUND,
        "GBP": Currency("livre sterling", "livres sterling", "penny", "pence", gender="f"),
        "CHF": _SWISS,
        "Fr.": _SWISS,
        "¥": _YEN,
        "JPY": _YEN,
        "CNY": Currency("yuan", "yuans"),
        "XOF": _CFA,
        "XAF": _CFA,
        "FCFA": _CFA,
        "MAD": Currency("dirham", "dirhams", "centime", "centimes"),
        "TND": Currency("dinar", "dinars"),
        "DZD": Currency("dinar", "dinars", "centime", "centimes"),
        "₽": Currency("rouble", "roubles", "kopeck", "kopecks"),
        "RUB": Currency("rouble", "roubles", "kopeck", "kopecks"),
        "₹": Currency("roupie", "roupies", gender="f"),
        "INR": Currency("roupie", "roupies", gender="f"),
        "₺": Currency("livre turque", "livres turques", gender="f"),
        "PLN": Currency("zloty", "zlotys"),
        "SEK": Currency("couronne suédoise", "couronnes suédoises", gender="f"),
        "₿": Currency("bitcoin", "bitcoins"),
    },
    # Units
    units={
        "mm": ("millimètre", "millimètres"),
        "cm": ("centimètre", "centimètres"),
        "dm": ("décimètre", "décimètres"),
        "m": ("mètre", "mètres"),
        "km": ("kilomètre", "kilomètres"),
        "mi": ("mile", "miles"),
        "ha": ("hectare", "hectares"),
        "mg": ("milligramme", "milligrammes"),
        "g": ("gramme", "grammes"),
        "gr": ("gramme", "grammes"),
        "kg": ("kilo", "kilos"),
        "t": ("tonne", "tonnes"),
        "lb": ("livre", "livres"),
        "ml": ("millilitre", "millilitres"),
        "mL": ("millilitre", "millilitres"),
        "cl": ("centilitre", "centilitres"),
        "dl": ("décilitre", "décilitres"),
        "l": ("litre", "litres"),
        "L": ("litre", "litres"),
        "ms": ("milliseconde", "millisecondes"),
        "s": ("seconde", "secondes"),
        "sec": ("seconde", "secondes"),
        "min": ("minute", "minutes"),
        "mn": ("minute", "minutes"),
        "h": ("heure", "heures"),
        "j": ("jour", "jours"),
        "W": ("watt", "watts"),
        "kW": ("kilowatt", "kilowatts"),
        "MW": ("mégawatt", "mégawatts"),
        "Wh": ("wattheure", "wattheures"),
        "kWh": ("kilowattheure", "kilowattheures"),
        "V": ("volt", "volts"),
        "A": ("ampère", "ampères"),
        "mA": ("milliampère", "milliampères"),
        "mAh": ("milliampère-heure", "milliampères-heures"),
        "Hz": ("hertz", "hertz"),
        "kHz": ("kilohertz", "kilohertz"),
        "MHz": ("mégahertz", "mégahertz"),
        "GHz": ("gigahertz", "gigahertz"),
        "Pa": ("pascal", "pascals"),
        "hPa": ("hectopascal", "hectopascals"),
        "bar": ("bar", "bars"),
        "dB": ("décibel", "décibels"),
        "J": ("joule", "joules"),
        "kJ": ("kilojoule", "kilojoules"),
        "cal": ("calorie", "calories"),
        "kcal": ("kilocalorie", "kilocalories"),
        "ch": ("cheval", "chevaux"),
        "Ko": ("kilo-octet", "kilo-octets"),
        "Mo": ("mégaoctet", "mégaoctets"),
        "Go": ("gigaoctet", "gigaoctets"),
        "To": ("téraoctet", "téraoctets"),
        "KB": ("kilo-octet", "kilo-octets"),
        "MB": ("mégaoctet", "mégaoctets"),
        "GB": ("gigaoctet", "gigaoctets"),
        "TB": ("téraoctet", "téraoctets"),
        "Mbps": ("mégabit par seconde", "mégabits par seconde"),
        "Gbps": ("gigabit par seconde", "gigabits par seconde"),
        "°C": ("degré Celsius", "degrés Celsius"),
        "°F": ("degré Fahrenheit", "degrés Fahrenheit"),
        "°": ("degré", "degrés"),
        "px": ("pixel", "pixels"),
    },
    units_attached=words("J mi"),
    units_apart=words("A"),
    per="par",
    per_units={
        "h": "heure",
        "j": "jour",
        "jour": "jour",
        "mois": "mois",
        "an": "an",
        "sem": "semaine",
        "semaine": "semaine",
        "nuit": "nuit",
        "pers": "personne",
        "personne": "personne",
        "min": "minute",
        "s": "seconde",
        "kg": "kilo",
        "l": "litre",
    },
    by="par",
    square="carré",
    cubic="cube",
    # Ranges, signs
    to="à",
    symbols={
        "&": "et",
        "+": "plus",
        "=": "égale",
        "@": "arobase",
        "%": "pour cent",
        "/": "sur",
        "$": "dollar",
        "€": "euro",
        "£": "livre",
        "#": "dièse",
        "°": "degré",
        "§": "paragraphe",
        "×": "fois",
        "÷": "divisé par",
        "±": "plus ou moins",
        "≤": "inférieur ou égal à",
        "≥": "supérieur ou égal à",
        "<": "inférieur à",
        ">": "supérieur à",
        "≈": "environ",
        "≠": "différent de",
        "√": "racine carrée de",
        "π": "pi",
        "∞": "infini",
        "~": "environ",
    },
    after_number={"%": ("pour cent", "pour cent"), "‰": ("pour mille", "pour mille"), "¢": ("cent", "cents")},
    squared="au carré",
    cubed="au cube",
    power="puissance",
    maths={
        "=": "égale",
        "+": "plus",
        "×": "fois",
        "*": "fois",
        "÷": "divisé par",
        "-": "moins",
        "−": "moins",
        "<": "est inférieur à",
        ">": "est supérieur à",
        "≤": "est inférieur ou égal à",
        "≥": "est supérieur ou égal à",
        "≈": "environ",
        "≠": "est différent de",
        "±": "plus ou moins",
    },
    # Words
    abbreviations={
        "etc.": "et cetera",
        "p.ex.": "par exemple",
        "ex.": "exemple",
        "env.": "environ",
        "tél.": "téléphone",
        "tel.": "téléphone",
        "adr.": "adresse",
        "app.": "appartement",
        "appt.": "appartement",
        "bât.": "bâtiment",
        "boul.": "boulevard",
        "bd.": "boulevard",
        "av.": "avenue",
        "dép.": "département",
        "éd.": "édition",
        "ét.": "étage",
        "max.": "maximum",
        "min.": "minimum",
        "moy.": "moyenne",
        "réf.": "référence",
        "ref.": "référence",
        "rdv.": "rendez-vous",
        "c.-à-d.": "c'est-à-dire",
        "cf.": "confer",
        "chap.": "chapitre",
        "st.": "saint",
        "ste.": "sainte",
        "janv.": "janvier",
        "févr.": "février",
        "fév.": "février",
        "avr.": "avril",
        "juil.": "juillet",
        "oct.": "octobre",
        "nov.": "novembre",
        "déc.": "décembre",
        "lun.": "lundi",
        "mer.": "mercredi",
        "jeu.": "jeudi",
        "ven.": "vendredi",
        "sam.": "samedi",
        "dim.": "dimanche",
        "hab.": "habitants",
        "pers.": "personnes",
        "s.v.p.": "s'il vous plaît",
        "s.a.": "S A",
        "p.-s.": "post-scriptum",
    },
    plain_too=words("etc. ex. max. min. mer. jeu. pers. sept."),
    titles={
        "dr": "docteur",
        "dre": "docteure",
        "pr": "professeur",
        "prof": "professeur",
        "me": "maître",
        "mgr": "monseigneur",
        "mr": "monsieur",
        "mm": "messieurs",
        "mme": "madame",
        "mmes": "mesdames",
        "mlle": "mademoiselle",
        "mlles": "mesdemoiselles",
        "vve": "veuve",
        "gal": "général",
        "cdt": "commandant",
        "st": "saint",
        "ste": "sainte",
    },
    titles_bare=words("dr dre pr prof me mgr mr mm mme mmes mlle mlles st ste"),
    closing=words("etc. s.a. max. min. hab. pers. s.v.p."),
    openers=words(
        "le la les un une des l' nous vous il elle ils elles je tu on ce cet cette ces mon ton son notre "
        "votre leur merci veuillez "
        "puis alors quand où que qui quoi pourquoi comment si mais et ou donc pour dans en à au aux de du sur "
        "par avec comme est sont "
        "appelez venez prenez rappelez répondez cliquez après avant bonjour bonsoir salut cher chère désolé "
        "bienvenue bonne bon aujourd'hui "
        "demain hier tout tous toutes chaque voici voilà nos vos ses leurs"
    ),
    before_number={
        "no": "numéro",
        "no.": "numéro",
        "nº": "numéro",
        "p.": "page",
        "pp.": "pages",
        "art.": "article",
        "chap.": "chapitre",
        "vol.": "volume",
        "fig.": "figure",
        "t.": "tome",
        "apt.": "appartement",
        "bât.": "bâtiment",
        "ch.": "chambre",
        "env.": "environ",
        "tél": "téléphone",
        "tél.": "téléphone",
        "tel": "téléphone",
        "tel.": "téléphone",
        "réf": "référence",
        "réf.": "référence",
        "qté": "quantité",
    },
    acronyms_said=words(
        "OTAN ONU UNESCO UNICEF NASA SIDA COVID SAMU SIM PIN ZAC ZEP CAF CAP SMIC PACS INSEE INSERM ADEME ENA "
        "FIFA UEFA RAM RATP"
    )
    - {"RATP"},
    acronyms_spelled=words(
        "TVA SMS RDV SNCF RATP EDF GDF CB RIB IBAN BIC TTC HT CDI CDD RH PDF URL USA UE ONG PME TGV RER BNP "
        "LCL SFR CPAM MSA "
        "IRM ECG PCR VIP CV TV PC FAQ CEO PDG OK VTC WC QR API IA AM PM RTT CE CSE DAB ADN VIH NIR"
    )
    - {"IBAN"},
    common_capitals=words(
        "a à au aux ce ces de des du en et est eu il ils je la le les lui ma me mes mon ne ni nos ou où on "
        "par pas peu pour qui que sa se "
        "ses si son sur ta te tes toi tu un une va vos vous y plus tous tout très non oui ici jour mois an "
        "ans bon bonne cher mardi jeudi "
        "info avec dans sans sous offre prix gratuit urgent merci attention important nouveau rue bis ter"
    ),
    chat={
        "dr": "docteur",
        "mme": "madame",
        "mmes": "mesdames",
        "mlle": "mademoiselle",
        "mlles": "mesdemoiselles",
        "rdv": "rendez-vous",
        "rv": "rendez-vous",
        "fcfa": "francs C F A",
        "svp": "s'il vous plaît",
        "stp": "s'il te plaît",
        "bjr": "bonjour",
        "bcp": "beaucoup",
        "qqn": "quelqu'un",
        "qqch": "quelque chose",
        "qté": "quantité",
        "tjs": "toujours",
        "tlj": "tous les jours",
        "msg": "message",
        "bd": "boulevard",
        "bld": "boulevard",
        "blvd": "boulevard",
        "ttc": "toutes taxes comprises",
        "c/o": "chez",
        "km/h": "kilomètres par heure",
    },
    # Telephones, codes, links
    extension="poste",
    extension_words=words("poste ext ext. p."),
    code_words=words(
        "code codes pin référence réf dossier commande réservation facture suivi colis compte carte "
        "identifiant client contrat siret siren "
        "numéro no otp confirmation vérification"
    )
    - words("client numéro no"),
    score_words=words("gagné perdu battu score victoire défaite"),
    number_sign="numéro",
    hashtag="hashtag",
    at="arobase",
    dot="point",
    dialled_after=frozenset(),
    year_words=words("en"),
    link_signs={
        ".": "point",
        "/": "slash",
        "-": "tiret",
        "_": "tiret bas",
        "@": "arobase",
        ":": "deux-points",
        "?": "point d'interrogation",
        "&": "et commercial",
        "=": "égale",
        "#": "dièse",
        "%": "pour cent",
        "+": "plus",
        "~": "tilde",
    },
    domains=words(
        "fr com org net edu gouv eu be ch ca info biz io co ai app dev me tv uk de es it pt nl lu ma tn dz sn "
        "ci re gp mq online shop store site "
        "paris bzh html htm php us ly"
    ),
    domains_spelled=words("fr be ch ca io ai me tv uk de es it pt nl lu ma tn dz sn ci re gp mq us ly"),
    alphabet="àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ",
)

FEMININE_ENDINGS = (
    "tion", "sion", "xion", "ette", "ée", "ance", "ence", "ité", "ie", "elle", "euse", "trice", "ère", "ure", "ise",
    "esse",    "ouche", "che", "aine", "ille", "ade", "ude", "ite",
)  # fmt: skip
"""Endings (without the s of the plural) of nouns and adjectives that are nearly always feminine."""

WORDS = RomanceWords(
    feminine=words(
        "page pages heure heures minute minutes seconde secondes semaine semaines fois nuit nuits personne "
        "personnes chambre chambres "
        "voiture place places table tables ligne lignes adresse adresses carte cartes commande commandes "
        "demande demandes offre offres "
        "tonne tonnes livre livres calorie calories tâche tâches boîte boîtes bouteille bouteilles tasse "
        "tasses part parts fin rue rues ville villes mise mises "
        "vente ventes dette dettes perte pertes alerte alertes remise remises bonne bonnes nouvelle nouvelles "
        "grande grandes petite petites autre "
        "étape étapes lettre lettres fille filles femme femmes classe classes pièce pièces dose doses tranche "
        "tranches zone zones "
        "couronne couronnes roupie roupies image images photo photos vidéo vidéos réponse réponses tentative "
        "tentatives dernière dernières"
    )
    - words("autre livres livre"),
    masculine=words(
        "million milliard incendie génie parapluie foie musée lycée trophée comité été silence site sites "
        "satellite satellites mérite "
        "stade stades grade grades dimanche dimanches domaine domaines chemise capitaine gorille parcours "
        "mètres litre père frère "
        "caractère caractères critère critères mystère ministère cimetière dixième murmure mercure camarade "
        "malade malades"
    )
    - {"chemise"},
    clock_words=words("à vers dès"),
    phone_words=words(
        "appelez appeler appelle composez téléphone téléphonez tél tel contactez joindre joignez rappelez numéro au"
    ),
    no_nouns=words("autre"),
    slash="slash",
    number_word="numéro",
    chapters=words(
        "chapitre chap art vol tome volume acte scène partie annexe article titre phase type catégorie niveau "
        "classe guerre section"
    ),
    known_names=PROVIDERS,
    starters=words("ier ire"),
)
