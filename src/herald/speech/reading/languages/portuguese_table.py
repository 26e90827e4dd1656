"""The words of Portuguese. Keys are in lower case, except symbols, units and currencies."""

from herald.speech.reading.languages import portuguese_words
from herald.speech.reading.table import Currency, Table, positions, spread, words

_REAL = Currency("real", "reais", "centavo", "centavos")
_EURO = Currency("euro", "euros", "centavo", "centavos")
_EURO_EUROPEAN = Currency("euro", "euros", "cêntimo", "cêntimos")
_DOLLAR = Currency("dólar", "dólares", "centavo", "centavos")
_POUND = Currency("libra", "libras", "pêni", "pence", gender="f")
_YEN = Currency("iene", "ienes")

BRAZILIAN = Table(
    language="pt",
    region="BR",
    # Numbers
    decimal_mark=",",
    group_marks=". ",
    digits=("zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove"),
    point="vírgula",
    minus="menos",
    plus="mais",
    plus_minus="mais ou menos",
    magnitudes=spread({
        "mil|k": ("mil", "mil"), "milhão|milhões|mi|m": ("milhão", "milhões"),
        "bilhão|bilhões|bi": ("bilhão", "bilhões"), "trilhão|trilhões|tri": ("trilhão", "trilhões"),
    }),
    magnitudes_anywhere={"k": "mil", "mi": "milhões", "bi": "bilhões"},
    ordinal_endings=("º", "ª", ".º", ".ª", "os", "as"),
    named_numbers={"24/7": "vinte e quatro horas por dia, sete dias por semana", "50/50": "cinquenta cinquenta"},
    # Dates and times
    months=(
        *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
        *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
    ),
    month_short=positions("jan fev mar abr mai jun jul ago set out nov dez", 1),
    weekdays=("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),
    weekday_short=positions("seg ter qua qui sex sáb|sab dom"),
    weekday_words=words("ter seg dom"),
    date_order="dmy",
    dotted_dates=True,
    date_words=words("dia dias até vence venc vencimento data"),
    day_parts={"am": "da manhã", "pm": "da tarde"},
    time_zones={"utc": "U T C", "gmt": "G M T", "brt": "horário de Brasília"},
    # Money
    currencies=spread({
        "R$|BRL": _REAL, "€|EUR|eur": _EURO, "$|US$|U$|USD": _DOLLAR, "£|GBP": _POUND, "¥|JPY": _YEN,
        "CNY": Currency("yuan", "yuans"), "CHF": Currency("franco suíço", "francos suíços", "cêntimo", "cêntimos"),
        "ARS": Currency("peso argentino", "pesos argentinos", "centavo", "centavos"),
        "CAD": Currency("dólar canadense", "dólares canadenses", "centavo", "centavos"),
        "AUD": Currency("dólar australiano", "dólares australianos", "centavo", "centavos"),
        "AOA|Kz": Currency("kwanza", "kwanzas", "cêntimo", "cêntimos"),
        "MZN": Currency("metical", "meticais", "centavo", "centavos"),
        "₽": Currency("rublo", "rublos", "copeque", "copeques"), "₹|INR": Currency("rupia", "rupias", gender="f"),
        "₿|BTC": Currency("bitcoin", "bitcoins"),
    }),
    # Units
    units=portuguese_words.UNITS,
    units_attached=words("J"),
    units_apart=words("A U"),
    per="por",
    per_units=portuguese_words.PER_UNITS,
    by="por",
    square="quadrado",
    cubic="cúbico",
    # Ranges, signs
    to="a",
    symbols={
        "&": "e", "+": "mais", "=": "igual a", "@": "arroba", "%": "por cento", "/": "barra", "$": "dólar", "€": "euro",
        "£": "libra", "#": "cerquilha", "°": "grau", "§": "parágrafo", "×": "vezes", "÷": "dividido por",
        "±": "mais ou menos", "≤": "menor ou igual a", "≥": "maior ou igual a", "<": "menor que", ">": "maior que",
        "≈": "aproximadamente", "≠": "diferente de", "√": "raiz quadrada de", "π": "pi", "∞": "infinito",
        "~": "aproximadamente",
    },
    after_number={"%": ("por cento", "por cento"), "‰": ("por mil", "por mil"), "¢": ("centavo", "centavos")},
    squared="ao quadrado",
    cubed="ao cubo",
    power="elevado a",
    # Words
    abbreviations=portuguese_words.ABBREVIATIONS,
    plain_too=words("etc. ex. al. dom. seg. ter. cel. cap. ap. fig. mar. set. est. end. esq. sal. dez. min. sl."),
    titles=portuguese_words.TITLES,
    titles_bare=words("dr dra sr sra srs srta prof profa profª drª srª pe"),
    closing=words("etc. ltda. cia. s.a. and. a.m. a.a. att."),
    capitals_begin=True,
    ending=words(
        "seg. ter. qua. qui. sex. sáb. sab. dom. sem. and. etc. "
        "incl. excl. un. adic. desc. a.m. a.a. d.u. unid. disp. obrig."
    ),
    name_articles=words("são"),
    before_names=words("a com de do da por para p/ e"),
    openers=words(
        "o a os as um uma nós você vocês ele ela eles elas eu tu este esta estes essa esse isso meu minha seu sua "
        "nosso nossa obrigado obrigada às por para então quando onde que quem como se mas e ou em no na nos nas ao à "
        "do da dos das de sobre é são foi está tem ligue venha clique responda acesse aguarde após antes olá oi bom "
        "boa bem-vindo caro cara prezado prezada hoje amanhã ontem tudo todos todas cada não sim confira entre favor"
    ),
    before_number=portuguese_words.BEFORE_NUMBER,
    acronyms_said=words(
        "OTAN ONU UNESCO UNICEF NASA AIDS COVID SIM PIN SUS FIFA UEFA RAM PIX SAC CEP SERASA PROCON "
        "DETRAN SENAI SESC IVA ENEM IBAMA"
    ),
    acronyms_spelled=words(
        "SMS CPF CNPJ RG TV PC CV CEO PDF URL OK VIP FAQ QR API IA EUA UE INSS FGTS ICMS BNDES USP PT DDD DVD "
        "GPS DNA RH TI CD UTI USB UK EU UFO IP ID"
    ),
    common_capitals=words(
        "a à ao aos as até com da das de do dos e é ela ele em eu foi há já lá mas me meu na nas no nos não o os ou "
        "para pela pelo por que se sem seu só sua são tem te um uma vai vez você dia ano mês hoje info grátis oferta "
        "preço urgente atenção importante novo nova casa sim rua boa bom mais tudo todos off kit gol top fim seu mês "
        "dez voo"
    ),
    chat=portuguese_words.CHAT,
    letters={"E": "é"},
    # Telephones, codes, links
    phone_pause=True,
    extension="ramal",
    extension_words=words("ramal ext ext. extensão r."),
    before_fraction=words("máximo mínimo"),
    greetings=words(
        "cara caro cliente dia doutor doutora nome noite oi olá paciente prezada prezado senhor senhora tarde"
    ),
    before_time=words("às"),
    code_words=words(
        "código códigos pin otp senha referência protocolo pedido reserva fatura rastreio encomenda conta "
        "cartão cpf cnpj nif cep contrato "
        "token confirmação verificação cód. cod. agência ag. ag placa mb rg inscrição ramal ref ref. ent. entidade"
    ),
    score_words=words("venceu perdeu ganhou empatou empataram placar vitória derrota empate goleou bateu"),
    number_sign="número",
    hashtag="hashtag",
    at="arroba",
    dot="ponto",
    dialled_after=words("disque ligue chame discar"),
    year_words=words("em"),
    link_signs={
        ".": "ponto", "/": "barra", "-": "hífen", "_": "sublinhado", "@": "arroba", ":": "dois pontos",
        "?": "ponto de interrogação", "&": "e comercial", "=": "igual", "#": "cerquilha", "%": "por cento", "+": "mais",
        "~": "til",
    },
    domains=words(
        "br pt com org net edu gov eu ao mz info biz io co ai app dev me tv us uk de es fr it nl ch online "
        "shop store site html htm php ly"
    ),
    domains_spelled=words("br pt eu ao mz io ai me tv us uk de es fr it nl ch ly"),
    alphabet="áâãàçéêíóôõúüÁÂÃÀÇÉÊÍÓÔÕÚÜ",
    # Doses and forms
    over="por",
    pressure_words=words("pressão pa arterial"),
    slash="barra",
    times=("vez", "vezes"),
    every="a cada",
    routes={
        "vo": "via oral", "im": "intramuscular", "sc": "subcutânea", "iv": "intravenosa", "ev": "endovenosa",
        "UI": "unidades",
    },
    more="mais de",
    less="menos de",
    both=("ou", "e"),
    of="de",
    out_of="de",
    instalments=words("parc prest parcela parcelas prestação mensalidade cota parte página pág folha"),
    expiry_words=words("validade válido válida val vence vencimento venc expira"),
    law_words=words("dec lei decreto resolução portaria"),
    of_year="de",
)  # fmt: skip

_EUROPEAN_UNITS = {"km": ("quilómetro", "quilómetros"), "kWh": ("quilowatt-hora", "quilowatts-hora")}
EUROPEAN = BRAZILIAN._replace(
    region="PT",
    units={**BRAZILIAN.units, **_EUROPEAN_UNITS},
    currencies={**BRAZILIAN.currencies, **dict.fromkeys(("€", "EUR", "eur"), _EURO_EUROPEAN)},
    magnitudes={
        **BRAZILIAN.magnitudes, "bilião": ("bilião", "biliões"), "biliões": ("bilião", "biliões"),
        "mil milhões": ("mil milhões", "mil milhões"),
    },
    before_number={**BRAZILIAN.before_number, "km": "quilómetro"},
    chat={**BRAZILIAN.chat, "km/h": "quilómetros por hora"},
    extension="extensão",
)  # fmt: skip
"""Portugal and Africa: other accents, cents and large numbers."""

EUROPEAN_NUMBERS = {"dezesseis": "dezasseis", "dezessete": "dezassete", "dezenove": "dezanove"}
