"""Currencies and units in French, by symbol, with the words for one and for several."""

from herald.speech.reading.table import Currency

_EURO = Currency("euro", "euros", "centime", "centimes")
_AMERICAN = Currency("dollar américain", "dollars américains", "cent", "cents")
_CANADIAN = Currency("dollar canadien", "dollars canadiens", "cent", "cents")
_SWISS = Currency("franc suisse", "francs suisses", "centime", "centimes")
_FRANC = Currency("franc", "francs", "centime", "centimes")
_CFA = Currency("franc C F A", "francs C F A")
_YEN = Currency("yen", "yens")
_ROUBLE = Currency("rouble", "roubles", "kopeck", "kopecks")
_RUPEE = Currency("roupie", "roupies", gender="f")

FRENCH_CURRENCIES: dict[str, Currency] = {
    "€": _EURO, "EUR": _EURO, "eur": _EURO, "$": Currency("dollar", "dollars", "cent", "cents"),
    "US$": _AMERICAN, "$US": _AMERICAN, "USD": _AMERICAN, "CA$": _CANADIAN, "C$": _CANADIAN, "$CA": _CANADIAN,
    "CAD": _CANADIAN, "£": Currency("livre", "livres", "penny", "pence", gender="f"),
    "GBP": Currency("livre sterling", "livres sterling", "penny", "pence", gender="f"), "CHF": _SWISS,
    "Fr.": _FRANC, "fr.": _FRANC, "¥": _YEN, "JPY": _YEN, "CNY": Currency("yuan", "yuans"), "XOF": _CFA, "XAF": _CFA,
    "FCFA": _CFA, "MAD": Currency("dirham", "dirhams", "centime", "centimes"),
    "TND": Currency("dinar", "dinars"),
    "DZD": Currency("dinar", "dinars", "centime", "centimes"),
    "GNF": Currency("franc guinéen", "francs guinéens"), "CDF": Currency("franc congolais", "francs congolais"),
    "XPF": Currency("franc pacifique", "francs pacifiques"), "₽": _ROUBLE, "RUB": _ROUBLE, "₹": _RUPEE, "INR": _RUPEE,
    "₺": Currency("livre turque", "livres turques", gender="f"), "PLN": Currency("zloty", "zlotys"),
    "SEK": Currency("couronne suédoise", "couronnes suédoises", gender="f"), "₿": Currency("bitcoin", "bitcoins"),
}  # fmt: skip

FRENCH_UNITS: dict[str, tuple[str, str]] = {
    "mm": ("millimètre", "millimètres"), "cm": ("centimètre", "centimètres"), "dm": ("décimètre", "décimètres"),
    "m": ("mètre", "mètres"), "km": ("kilomètre", "kilomètres"), "mi": ("mile", "miles"), "ha": ("hectare", "hectares"),
    "µm": ("micromètre", "micromètres"), "nm": ("nanomètre", "nanomètres"),
    "µg": ("microgramme", "microgrammes"), "mcg": ("microgramme", "microgrammes"), "ng": ("nanogramme", "nanogrammes"),
    "mg": ("milligramme", "milligrammes"), "g": ("gramme", "grammes"), "gr": ("gramme", "grammes"),
    "kg": ("kilo", "kilos"), "t": ("tonne", "tonnes"), "lb": ("livre", "livres"), "oz": ("once", "onces"),
    "µl": ("microlitre", "microlitres"), "µL": ("microlitre", "microlitres"),
    "ml": ("millilitre", "millilitres"), "mL": ("millilitre", "millilitres"), "cl": ("centilitre", "centilitres"),
    "cL": ("centilitre", "centilitres"), "dl": ("décilitre", "décilitres"), "dL": ("décilitre", "décilitres"),
    "l": ("litre", "litres"), "L": ("litre", "litres"), "hl": ("hectolitre", "hectolitres"),
    "mmol": ("millimole", "millimoles"), "µmol": ("micromole", "micromoles"), "mol": ("mole", "moles"),
    "UI": ("unité", "unités"), "mUI": ("milli-unité", "milli-unités"), "CH": ("C H", "C H"),
    "mmHg": ("millimètre de mercure", "millimètres de mercure"),
    "cmHg": ("centimètre de mercure", "centimètres de mercure"),
    "bpm": ("battement par minute", "battements par minute"),
    "cp": ("comprimé", "comprimés"), "cps": ("comprimé", "comprimés"), "cpr": ("comprimé", "comprimés"),
    "comp": ("comprimé", "comprimés"), "gél": ("gélule", "gélules"), "gel": ("gélule", "gélules"),
    "gtte": ("goutte", "gouttes"), "gttes": ("goutte", "gouttes"), "gtt": ("goutte", "gouttes"),
    "sach": ("sachet", "sachets"), "amp": ("ampoule", "ampoules"), "supp": ("suppositoire", "suppositoires"),
    "inj": ("injection", "injections"), "cac": ("cuillère à café", "cuillères à café"),
    "càc": ("cuillère à café", "cuillères à café"),
    "càs": ("cuillère à soupe", "cuillères à soupe"),
    "ms": ("milliseconde", "millisecondes"), "s": ("seconde", "secondes"), "sec": ("seconde", "secondes"),
    "min": ("minute", "minutes"), "mn": ("minute", "minutes"), "h": ("heure", "heures"), "j": ("jour", "jours"),
    "jr": ("jour", "jours"), "jrs": ("jour", "jours"), "sem": ("semaine", "semaines"),
    "W": ("watt", "watts"), "kW": ("kilowatt", "kilowatts"), "MW": ("mégawatt", "mégawatts"),
    "GW": ("gigawatt", "gigawatts"), "Wc": ("watt-crête", "watts-crête"),
    "kWc": ("kilowatt-crête", "kilowatts-crête"), "Wh": ("wattheure", "wattheures"),
    "kWh": ("kilowattheure", "kilowattheures"), "kwh": ("kilowattheure", "kilowattheures"),
    "KWh": ("kilowattheure", "kilowattheures"), "MWh": ("mégawattheure", "mégawattheures"), "kVA": ("K V A", "K V A"),
    "V": ("volt", "volts"), "A": ("ampère", "ampères"), "mA": ("milliampère", "milliampères"),
    "mAh": ("milliampère-heure", "milliampères-heures"), "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("mégahertz", "mégahertz"), "GHz": ("gigahertz", "gigahertz"), "Pa": ("pascal", "pascals"),
    "hPa": ("hectopascal", "hectopascals"), "bar": ("bar", "bars"), "dB": ("décibel", "décibels"),
    "J": ("joule", "joules"), "kJ": ("kilojoule", "kilojoules"), "cal": ("calorie", "calories"),
    "kcal": ("kilocalorie", "kilocalories"), "ch": ("cheval", "chevaux"),
    "Ko": ("kilo-octet", "kilo-octets"), "ko": ("kilo-octet", "kilo-octets"), "Mo": ("mégaoctet", "mégaoctets"),
    "go": ("gigaoctet", "gigaoctets"), "mo": ("mégaoctet", "mégaoctets"),
    "Go": ("gigaoctet", "gigaoctets"), "To": ("téraoctet", "téraoctets"), "KB": ("kilo-octet", "kilo-octets"),
    "MB": ("mégaoctet", "mégaoctets"), "GB": ("gigaoctet", "gigaoctets"), "TB": ("téraoctet", "téraoctets"),
    "Mb": ("mégabit", "mégabits"), "Gb": ("gigabit", "gigabits"), "Mbit": ("mégabit", "mégabits"),
    "Gbit": ("gigabit", "gigabits"), "kbit": ("kilobit", "kilobits"),
    "Mbps": ("mégabit par seconde", "mégabits par seconde"), "Gbps": ("gigabit par seconde", "gigabits par seconde"),
    "°C": ("degré Celsius", "degrés Celsius"), "°F": ("degré Fahrenheit", "degrés Fahrenheit"),
    "°": ("degré", "degrés"), "px": ("pixel", "pixels"), "Mpx": ("mégapixel", "mégapixels"),
    "pt": ("point", "points"), "pts": ("point", "points"), "pers": ("personne", "personnes"),
    "ad": ("adulte", "adultes"), "enf": ("enfant", "enfants"), "hab": ("habitant", "habitants"),
    "ex": ("exemplaire", "exemplaires"), "tr": ("tour", "tours"),
    "ct": ("centime", "centimes"), "cts": ("centime", "centimes"), "DH": ("dirham", "dirhams"),
    "DT": ("dinar", "dinars"), "DA": ("dinar", "dinars"),
    "Ah": ("ampère-heure", "ampères-heures"), "Nm": ("newton-mètre", "newtons-mètres"),
    "NM": ("mille nautique", "milles nautiques"), "kt": ("nœud", "nœuds"), "kts": ("nœud", "nœuds"),
    "lm": ("lumen", "lumens"), "U": ("unité", "unités"), "bte": ("boîte", "boîtes"), "btes": ("boîte", "boîtes"),
    "sdb": ("salle de bains", "salles de bains"), "chbre": ("chambre", "chambres"),
    "pce": ("pièce", "pièces"), "pces": ("pièce", "pièces"), "pcs": ("pièce", "pièces"),
}  # fmt: skip

FRENCH_PER_UNITS: dict[str, str] = {
    "h": "heure", "j": "jour", "jr": "jour", "jour": "jour", "mois": "mois", "an": "an", "sem": "semaine",
    "semaine": "semaine", "nuit": "nuit", "pers": "personne", "personne": "personne", "ad": "adulte", "enf": "enfant",
    "hab": "habitant", "élève": "élève", "enfant": "enfant", "séance": "séance", "unité": "unité", "pièce": "pièce",
    "min": "minute", "mn": "minute", "s": "seconde", "kg": "kilo", "l": "litre", "dose": "dose", "prise": "prise",
    "appel": "appel", "sms": "S M S", "km": "kilomètre", "trim": "trimestre", "trimestre": "trimestre",
    "place": "place", "lot": "lot", "bt": "bouteille", "bte": "boîte",
    "part": "part", "portion": "portion", "foyer": "foyer", "classe": "classe", "adulte": "adulte",
    "famille": "famille", "colis": "colis", "page": "page", "heure": "heure", "année": "année",
}  # fmt: skip
