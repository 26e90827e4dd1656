"""Units in Italian, by symbol, with the words for one and for several."""

ITALIAN_UNITS: dict[str, tuple[str, str]] = {
    "mm": ("millimetro", "millimetri"), "cm": ("centimetro", "centimetri"), "dm": ("decimetro", "decimetri"),
    "m": ("metro", "metri"), "mt": ("metro", "metri"), "km": ("chilometro", "chilometri"),
    "mq": ("metro quadrato", "metri quadrati"), "mc": ("metro cubo", "metri cubi"), "ha": ("ettaro", "ettari"),
    "mg": ("milligrammo", "milligrammi"), "g": ("grammo", "grammi"), "gr": ("grammo", "grammi"),
    "hg": ("etto", "etti"), "kg": ("chilo", "chili"), "t": ("tonnellata", "tonnellate"), "lb": ("libbra", "libbre"),
    "ml": ("millilitro", "millilitri"), "mL": ("millilitro", "millilitri"), "cl": ("centilitro", "centilitri"),
    "dl": ("decilitro", "decilitri"), "l": ("litro", "litri"), "L": ("litro", "litri"), "lt": ("litro", "litri"),
    "ms": ("millisecondo", "millisecondi"), "s": ("secondo", "secondi"), "sec": ("secondo", "secondi"),
    "min": ("minuto", "minuti"), "h": ("ora", "ore"), "gg": ("giorno", "giorni"), "W": ("watt", "watt"),
    "kW": ("chilowatt", "chilowatt"), "MW": ("megawatt", "megawatt"), "Wh": ("wattora", "wattora"),
    "kWh": ("chilowattora", "chilowattora"), "V": ("volt", "volt"), "A": ("ampere", "ampere"),
    "mA": ("milliampere", "milliampere"), "mAh": ("milliampere ora", "milliampere ora"), "Hz": ("hertz", "hertz"),
    "kHz": ("chilohertz", "chilohertz"), "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"),
    "Pa": ("pascal", "pascal"), "hPa": ("ettopascal", "ettopascal"), "bar": ("bar", "bar"),
    "dB": ("decibel", "decibel"), "J": ("joule", "joule"), "kJ": ("chilojoule", "chilojoule"),
    "cal": ("caloria", "calorie"), "kcal": ("chilocaloria", "chilocalorie"), "CV": ("cavallo", "cavalli"),
    "cv": ("cavallo", "cavalli"), "KB": ("kilobyte", "kilobyte"), "kB": ("kilobyte", "kilobyte"),
    "MB": ("megabyte", "megabyte"), "GB": ("gigabyte", "gigabyte"), "TB": ("terabyte", "terabyte"),
    "Mbps": ("megabit al secondo", "megabit al secondo"), "Gbps": ("gigabit al secondo", "gigabit al secondo"),
    "°C": ("grado Celsius", "gradi Celsius"), "°F": ("grado Fahrenheit", "gradi Fahrenheit"), "°": ("grado", "gradi"),
    "px": ("pixel", "pixel"), "Mb": ("megabit", "megabit"), "Gb": ("gigabit", "gigabit"), '"': ("pollice", "pollici"),
    "mcg": ("microgrammo", "microgrammi"), "µg": ("microgrammo", "microgrammi"), "dL": ("decilitro", "decilitri"),
    "UI": ("unità", "unità"), "U": ("unità", "unità"), "mEq": ("milliequivalente", "milliequivalenti"),
    "mmol": ("millimole", "millimoli"), "U.I.": ("unità", "unità"),
    "mmHg": ("millimetro di mercurio", "millimetri di mercurio"), "bpm": ("battito al minuto", "battiti al minuto"),
    "Smc": ("standard metro cubo", "standard metri cubi"), "cp": ("compressa", "compresse"),
    "cp.": ("compressa", "compresse"), "cpr": ("compressa", "compresse"), "cpr.": ("compressa", "compresse"),
    "cps": ("capsula", "capsule"), "cps.": ("capsula", "capsule"), "gtt": ("goccia", "gocce"),
    "gtt.": ("goccia", "gocce"), "bust.": ("bustina", "bustine"), "conf.": ("confezione", "confezioni"),
    "pz": ("pezzo", "pezzi"), "pz.": ("pezzo", "pezzi"), "gg.": ("giorno", "giorni"),
    "sett.": ("settimana", "settimane"), "pers.": ("persona", "persone"), "loc.": ("locale", "locali"),
    "min.": ("minuto", "minuti"), "pt": ("punto", "punti"),
    "pizz.": ("pizzico", "pizzichi"), "pmol": ("picomole", "picomoli"), "ng": ("nanogrammo", "nanogrammi"),
    "pg": ("picogrammo", "picogrammi"), "fl": ("femtolitro", "femtolitri"),
    "mUI": ("milliunità", "milliunità"), "µUI": ("microunità", "microunità"), "liv.": ("livello", "livelli"),
    "nmol": ("nanomole", "nanomoli"), "µmol": ("micromole", "micromoli"),
}  # fmt: skip
"""By symbol, with the words for one and for several."""

ITALIAN_PER_UNITS: dict[str, str] = {
    "h": "ora", "giorno": "giorno", "gg": "giorno", "die": "giorno", "dì": "giorno", "sett": "settimana",
    "mese": "mese", "anno": "anno", "settimana": "settimana", "notte": "notte", "persona": "persona", "min": "minuto",
    "s": "secondo", "kg": "chilo", "l": "litro", "pz": "pezzo", "pers": "persona", "ora": "ora", "unità": "unità",
}  # fmt: skip
"""After a slash: "5 € / h"."""
