"""The words of Spanish. Keys are in lower case, except symbols, units and currencies."""

from herald.speech.reading.languages import spanish_words
from herald.speech.reading.table import Table, positions, spread, words

_MILLIONS = ("millón", "millones")


SPANISH = Table(
    language="es",
    region="ES",
    # Numbers
    decimal_mark=",",
    group_marks=". ",
    digits=("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"),
    point="coma",
    minus="menos",
    plus="más",
    plus_minus="más menos",
    magnitudes=spread({
        "mil|k": ("mil", "mil"), "millón|millon|millones|m|mm|mill|mill.|mdd|mdp": _MILLIONS,
        "billón|billones": ("billón", "billones"), "trillón|trillones": ("trillón", "trillones"),
    }),
    ordinal_endings=(
        *("ero", "era", "er", "ro", "ra", "do", "da", "to", "ta", "mo"),
        *("ma", "vo", "va", "no", "na", "º", "ª", ".º", ".ª"),
    ),
    named_numbers={
        "24/7": "veinticuatro siete", "50/50": "cincuenta cincuenta", "112": "uno uno dos", "911": "nueve uno uno",
        "061": "cero seis uno", "016": "cero dieciséis",
    },
    # Dates and times
    months=(
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    month_short=positions("ene feb mar abr may jun jul ago sep|sept|set|setiembre oct nov dic", 1),
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    weekday_short=positions("lun mar mié|mie|miér|miérc|mierc jue|juev vie|vier sáb|sab dom"),
    weekday_words=words("mar dom"),
    date_order="dmy",
    dotted_dates=True,
    date_words=words("el del al hasta desde antes vence vto vencimiento fecha día para cita control turno"),
    day_parts={"am": "am", "pm": "pm"},
    time_zones={
        zone: " ".join(zone.upper())
        for zone in ["utc", "gmt", "cet", "cest", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "art", "clt"]
    },
    # Money
    currencies=spanish_words.CURRENCIES,
    # Units
    units=spanish_words.UNITS,
    units_apart=words("A K J N W V U"),
    per="por",
    per_units=spanish_words.PER_UNITS,
    by="por",
    square="cuadrado",
    cubic="cúbico",
    # Ranges, signs
    to="a",
    symbols={
        "&": "y", "+": "más", "=": "igual a", "@": "arroba", "%": "por ciento", "/": "barra", "$": "dólares",
        "€": "euros", "£": "libras", "#": "almohadilla", "°": "grados", "§": "sección", "×": "por",
        "÷": "dividido entre", "±": "más menos", "≤": "menor o igual que", "≥": "mayor o igual que",
        "≈": "aproximadamente", "≠": "distinto de", "√": "raíz de", "π": "pi", "∞": "infinito", "~": "aproximadamente",
        "<": "menor que", ">": "mayor que", "α": "alfa", "β": "beta", "γ": "gamma", "δ": "delta", "λ": "lambda",
        "σ": "sigma", "ω": "omega", "Δ": "delta", "Σ": "sigma", "Ω": "omega",
    },
    after_number={
        "%": ("por ciento", "por ciento"), "‰": ("por mil", "por mil"), "¢": ("centavo", "centavos"),
    },
    units_attached=words("ha tb"),
    squared="al cuadrado",
    cubed="al cubo",
    power="elevado a",
    # Words
    abbreviations=spanish_words.ABBREVIATIONS,
    plain_too=words("mar. sal. min. der. col. cap. esc. imp. gob. obs. cel."),
    titles=spanish_words.TITLES,
    titles_bare=words("sr sra srta dr dra dña"),
    suffixes={"jr": "júnior"},
    lettered=words(
        "vitamina plan grupo tipo clase opción puerta piso bloque letra escalera portal planta zona turno anexo sala "
        "sector línea aula modelo hepatitis apartado sección categoría serie nivel talla torre"
    ),
    closing=words(
        "etc. s.a. s.l. cía. ltda. aprox. dcha. izq. izda. hrs. hs. ee.uu. jr a.m. p.m. d.c. a.c. atte. incl. uds. ud. "
        "m.n. dto. pers. comp. cáps. tab."
    ),
    ending=words(
        "aprox. ss. m.n. dto. serv. oax. jal. n.l. izq. izda. dcha. der. etc. hrs. hs. háb. disp. pers. cáps. comp. "
        "p.m. a.m. atte. lun. mié. jue. vie. sáb. dom. ene. feb. abr. ago. sep. sept. oct. nov. dic."
    ),
    before_names=words("a con de del por para y"),
    openers=spanish_words.OPENERS,
    name_articles=words("el la los las"),
    capitals_begin=True,
    before_number=spanish_words.BEFORE_NUMBER,
    before_number_only=frozenset(["no."]),
    acronyms_said=spanish_words.ACRONYMS_SAID,
    acronyms_spelled=spanish_words.ACRONYMS_SPELLED,
    common_capitals=spanish_words.COMMON_CAPITALS,
    chat=spanish_words.CHAT,
    # Telephones, codes, links
    extension="extensión",
    extension_words=words("ext ext. extensión"),
    before_fraction=words("máximo mínimo"),
    greetings=words(
        "cliente don doctor doctora doña días estimada estimado hola noches nombre paciente querida querido "
        "señor señora señorita tardes"
    ),
    code_words=words(
        "id cód. cod. código códigos clave pin otp contraseña token referencia pedido "
        "expediente localizador confirmación verificación póliza tarjeta folio rastreo "
        "seguimiento dni nif nie cp guía boleto matrícula placa patente placas"
    ),
    dialled_after=words(
        "llama llámanos escribe escriba envía envíe mande manda mandá enviá llamá escribí sms llame llámenos marque "
        "teléfono teléfonos whatsapp móvil celular"
    ),
    year_words=words("en desde hasta año"),
    codes_after=words("código clave pin contraseña"),
    file_endings=words("txt pdf doc docx xls xlsx csv ppt pptx jpg jpeg png gif mp3 mp4 wav zip exe html xml json"),
    score_words=words(
        "ganó gana ganar ganaron perdió perder empató empatan empataron final venció vencieron resultado marcador"
    ),
    number_sign="número",
    hashtag="almohadilla",
    at="arroba",
    dot="punto",
    link_signs={
        ".": "punto", "/": "barra", "-": "guion", "_": "guion bajo", "@": "arroba", ":": "dos puntos",
        "?": "signo de interrogación", "&": "ampersand", "=": "igual", "#": "almohadilla", "%": "por ciento",
        "+": "más", "~": "tilde", "!": "exclamación", "*": "asterisco", "|": "barra vertical", "(": "", ")": "",
    },
    domains=words(
        "com org net edu gov gob info biz name io co ai app dev me tv us uk ca es mx ar cl pe uy py bo ec ve "
        "ly cr gt hn ni pa sv do cu br pt fr de it eu cat shop online store site xyz tech cloud news blog live "
        "club email to gl gle be ee link"
    ),
    domains_spelled=words("to gl be ee ly es mx ar cl pe uy py bo ec ve cr gt hn ni pa sv us io ai eu uk tv me it"),
    # Doses and forms
    over="sobre",
    pressure_words=words("tensión presión ta t/a arterial"),
    slash="barra",
    times=("vez", "veces"),
    every="cada",
    routes={
        "vo": "vía oral", "im": "intramuscular", "sc": "subcutánea", "iv": "intravenosa", "ev": "endovenosa",
        "UI": "unidades",
    },
    more="más de",
    less="menos de",
    both=("o", "y"),
    of="de",
    out_of="sobre",
    instalments=words("cuota plazo pago mensualidad letra parte página pág pag hoja"),
    expiry_words=words("caduca caducidad válida válido validez vence vencimiento vto expira cad"),
    law_words=words(
        "ley decreto orden reglamento resolución res dto dec ordenanza disposición circular lo rd rdl rd-ley "
        "decreto-ley"
    ),
    of_year="de",
)  # fmt: skip

DECIMAL_POINT = words("MX US GT HN SV NI PA PR DO PE")
"""Regions that write "1,234.56"."""
PESO = words("MX AR CL CO UY CU DO PH")
"""Regions in which "$" is a peso."""
MONTH_FIRST = words("US PR")


def spanish(region: str) -> Table:
    """Return the table of a region."""
    table = SPANISH._replace(region=region or "ES")
    if region in DECIMAL_POINT:
        table = table._replace(decimal_mark=".", group_marks=", ", point="punto")
    if region in PESO:
        table = table._replace(currencies={**table.currencies, "$": spanish_words.PESO})
    return table._replace(date_order="mdy") if region in MONTH_FIRST else table
