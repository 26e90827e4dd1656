"""Currencies in Spanish: symbols and ISO codes, with the words for one and several, and of a hundredth."""

from herald.speech.reading.table import Currency


def _lower_too(currencies: dict[str, Currency]) -> dict[str, Currency]:
    """Add the codes in lower case: "5 usd". Those that are words in lower case are left out."""
    codes = {name.lower(): one for name, one in currencies.items() if name[0].isalpha() and name != "RON"}
    return {**codes, **currencies}


def _centavos(one: str, many: str, gender: str = "") -> Currency:
    return Currency(one, many, "centavo", "centavos", gender)


def _cents(one: str, many: str, gender: str = "") -> Currency:
    return Currency(one, many, "céntimo", "céntimos", gender)


SPANISH_PESO = _centavos("peso", "pesos")

SPANISH_CURRENCIES: dict[str, Currency] = _lower_too(
    {
        "€": _cents("euro", "euros"),
        "EUR": _cents("euro", "euros"),
        "$": _centavos("dólar", "dólares"),
        "US$": _centavos("dólar estadounidense", "dólares estadounidenses"),
        "USD": _centavos("dólar estadounidense", "dólares estadounidenses"),
        "CAD": _centavos("dólar canadiense", "dólares canadienses"),
        "AUD": _centavos("dólar australiano", "dólares australianos"),
        "NZD": _centavos("dólar neozelandés", "dólares neozelandeses"),
        "HKD": _centavos("dólar de Hong Kong", "dólares de Hong Kong"),
        "SGD": _centavos("dólar de Singapur", "dólares de Singapur"),
        "£": Currency("libra", "libras", "penique", "peniques", "f"),
        "GBP": Currency("libra esterlina", "libras esterlinas", "penique", "peniques", "f"),
        "MX$": _centavos("peso mexicano", "pesos mexicanos"),
        "MXN": _centavos("peso mexicano", "pesos mexicanos"),
        "ARS": _centavos("peso argentino", "pesos argentinos"),
        "CLP": _centavos("peso chileno", "pesos chilenos"),
        "COP": _centavos("peso colombiano", "pesos colombianos"),
        "UYU": _centavos("peso uruguayo", "pesos uruguayos"),
        "CUP": _centavos("peso cubano", "pesos cubanos"),
        "RD$": _centavos("peso dominicano", "pesos dominicanos"),
        "AR$": _centavos("peso argentino", "pesos argentinos"),
        "DOP": _centavos("peso dominicano", "pesos dominicanos"),
        "PHP": _centavos("peso filipino", "pesos filipinos"),
        "₱": SPANISH_PESO,
        "S/": _cents("sol", "soles"),
        "S/.": _cents("sol", "soles"),
        "PEN": _cents("sol", "soles"),
        "Bs": _centavos("boliviano", "bolivianos"),
        "Bs.": _centavos("boliviano", "bolivianos"),
        "BOB": _centavos("boliviano", "bolivianos"),
        "VES": _cents("bolívar", "bolívares"),
        "Q": _centavos("quetzal", "quetzales"),
        "GTQ": _centavos("quetzal", "quetzales"),
        "HNL": _centavos("lempira", "lempiras"),
        "L.": _centavos("lempira", "lempiras"),
        "NIO": _centavos("córdoba", "córdobas"),
        "C$": _centavos("córdoba", "córdobas"),
        "PAB": _centavos("balboa", "balboas"),
        "B/.": _centavos("balboa", "balboas"),
        "PYG": _cents("guaraní", "guaraníes"),
        "Gs.": _cents("guaraní", "guaraníes"),
        "Gs": _cents("guaraní", "guaraníes"),
        "₲": _cents("guaraní", "guaraníes"),
        "CRC": _cents("colón", "colones"),
        "₡": _cents("colón", "colones"),
        "BRL": _centavos("real brasileño", "reales brasileños"),
        "R$": _centavos("real", "reales"),
        "AWG": _centavos("florín arubeño", "florines arubeños"),
        "ANG": _centavos("florín antillano", "florines antillanos"),
        "CHF": _cents("franco suizo", "francos suizos"),
        "¥": Currency("yen", "yenes"),
        "JPY": Currency("yen japonés", "yenes japoneses"),
        "CNY": Currency("yuan", "yuanes"),
        "₩": Currency("won", "wones"),
        "KRW": Currency("won surcoreano", "wones surcoreanos"),
        "₹": Currency("rupia", "rupias", "paisa", "paisas", "f", "f"),
        "INR": Currency("rupia india", "rupias indias", "paisa", "paisas", "f", "f"),
        "Rs": Currency("rupia", "rupias", "paisa", "paisas", "f", "f"),
        "₽": Currency("rublo", "rublos", "kopek", "kopeks"),
        "RUB": Currency("rublo ruso", "rublos rusos", "kopek", "kopeks"),
        "₺": Currency("lira", "liras", gender="f"),
        "TRY": Currency("lira turca", "liras turcas", gender="f"),
        "₪": Currency("séquel", "séqueles"),
        "ILS": Currency("séquel", "séqueles"),
        "kr": Currency("corona", "coronas", gender="f"),
        "SEK": Currency("corona sueca", "coronas suecas", gender="f"),
        "NOK": Currency("corona noruega", "coronas noruegas", gender="f"),
        "DKK": Currency("corona danesa", "coronas danesas", gender="f"),
        "CZK": Currency("corona checa", "coronas checas", gender="f"),
        "PLN": Currency("esloti", "eslotis"),
        "RON": Currency("leu rumano", "leus rumanos"),
        "₧": _cents("peseta", "pesetas", "f"),
        "₿": Currency("bitcoin", "bitcoins"),
        "BTC": Currency("bitcoin", "bitcoins"),
        "¢": Currency("centavo", "centavos"),
    }
)
