"""The words of Italian. Keys are in lower case, except symbols, units and currencies."""

from herald.speech.reading.languages import italian_words
from herald.speech.reading.table import Currency, Table, positions, spread, words

_EURO = Currency("euro", "euro", "centesimo", "centesimi")
_DOLLAR = Currency("dollaro", "dollari", "centesimo", "centesimi")
_POUND = Currency("sterlina", "sterline", "penny", "penny", gender="f")
_YEN = Currency("yen", "yen")
_RUBLE = Currency("rublo", "rubli", "copeco", "copechi")

ITALIAN = Table(
    language="it",
    region="IT",
    # Numbers
    decimal_mark=",",
    group_marks=". ",
    digits=("zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove"),
    point="virgola",
    minus="meno",
    plus="più",
    plus_minus="più o meno",
    magnitudes=spread({
        "mila|k": ("mila", "mila"), "milione|milioni|m|mln|mio": ("milione", "milioni"),
        "miliardo|miliardi|mld|mrd": ("miliardo", "miliardi"),
    }),
    magnitudes_anywhere={"k": "mila", "mln": "milioni", "mld": "miliardi"},
    ordinal_endings=("º", "ª", ".º", ".ª"),
    named_numbers={"24/7": "ventiquattro ore su ventiquattro, sette giorni su sette", "50/50": "cinquanta e cinquanta"},
    # Dates and times
    months=(
        *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno"),
        *("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
    ),
    month_short=positions("gen|genn feb|febbr mar apr mag|magg giu lug ago set|sett ott nov dic", 1),
    weekdays=("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    weekday_short=positions("lun mar|mart mer|merc gio|giov ven sab dom"),
    weekday_words=words("mar gio dom"),
    date_order="dmy",
    dotted_dates=True,
    date_words=words("il dal al del entro scade scad scadenza data l' dall' all' dell'"),
    day_parts={"am": "di mattina", "pm": "del pomeriggio"},
    time_zones={"utc": "U T C", "gmt": "G M T", "cet": "C E T", "cest": "C E S T"},
    # Money
    currencies=spread({
        "€|EUR|eur": _EURO, "$|US$|USD": _DOLLAR, "£|GBP": _POUND,
        "CHF": Currency("franco svizzero", "franchi svizzeri", "centesimo", "centesimi"),
        "Fr.": Currency("franco", "franchi", "centesimo", "centesimi"), "¥|JPY": _YEN, "CNY": Currency("yuan", "yuan"),
        "₽|RUB": _RUBLE, "₹|INR": Currency("rupia", "rupie", gender="f"),
        "₺|TRY": Currency("lira turca", "lire turche", gender="f"), "PLN": Currency("zloty", "zloty"),
        "SEK": Currency("corona svedese", "corone svedesi", gender="f"),
        "CAD": Currency("dollaro canadese", "dollari canadesi", "centesimo", "centesimi"),
        "AUD": Currency("dollaro australiano", "dollari australiani", "centesimo", "centesimi"),
        "₿|BTC": Currency("bitcoin", "bitcoin"),
    }),
    # Units
    units=italian_words.UNITS,
    units_attached=words("J"),
    units_apart=words("A U"),
    per="per",
    per_units=italian_words.PER_UNITS,
    by="per",
    square="quadrato",
    cubic="cubo",
    # Ranges, signs
    to="a",
    symbols={
        "&": "e", "+": "più", "=": "uguale", "@": "chiocciola", "%": "percento", "/": "su", "$": "dollaro", "€": "euro",
        "£": "sterlina", "#": "cancelletto", "°": "grado", "§": "paragrafo", "×": "per", "÷": "diviso",
        "±": "più o meno", "≤": "minore o uguale a", "≥": "maggiore o uguale a", "<": "minore di", ">": "maggiore di",
        "≈": "circa", "≠": "diverso da", "√": "radice quadrata di", "π": "pi greco", "∞": "infinito", "~": "circa",
    },
    after_number={"%": ("percento", "percento"), "‰": ("per mille", "per mille"), "¢": ("centesimo", "centesimi")},
    squared="al quadrato",
    cubed="al cubo",
    power="alla",
    # Words
    abbreviations=italian_words.ABBREVIATIONS,
    plain_too=words(
        "reg. comm. sem. on. es. mar. ago. min. max. int. ecc. cap. rag. ss. gen. set. loc. doc. num. pal. imp. part. "
        "arr. cam. vs. ns. racc. sc. liv."
    ),
    titles=italian_words.TITLES,
    titles_bare=words("dott dr sig prof ing avv mons"),
    closing=words("ecc. s.p.a. s.r.l. max. min. incl. escl. gg. pers. p.v."),
    ending=words(
        "lun. mar. mer. gio. ven. sab. dom. ecc. c.c. c.p. c.p.c. c.p.p. p.b. ca. incl. escl. compr. gg. pers. pz. "
        "cad. lav. tratt. p.v. q.b. c.m. disp. gratuit."
    ),
    name_articles=words("il la lo"),
    capitals_begin=True,
    before_names=words("a con da di per e"),
    openers=words(
        "il lo la i gli le l' un uno una noi voi lui lei loro io tu si ci questo questa questi queste quel quella mio "
        "tuo suo nostro vostro grazie per poi quando dove che chi cosa perché come se ma e o in a al alla ai da dal "
        "dalla di del della su sul con è sono ha hanno chiami venga prenda risponda clicca chiama dopo prima "
        "buongiorno buonasera ciao gentile caro cara benvenuto buona buon oggi domani ieri tutto tutti ogni ecco può "
        "puoi non"
    ),
    before_number=italian_words.BEFORE_NUMBER,
    acronyms_said=words(
        "NATO ONU UNESCO UNICEF NASA AIDS COVID SIM PIN IVA INPS ASL FIAT ENI ENEL TIM FIFA UEFA RAM CONI CAF "
        "ISEE SPID IMU CAP IBAN TARI PEC INAIL"
    ),
    acronyms_spelled=words(
        "SMS ABC RAI USA UE BNL TV PC CV CEO PDF URL OK VIP FAQ QR API IA CI DNA PCR PA SRL ATM DVD GPS MSC "
        "RC UK EU RX TAC"
    ),
    common_capitals=words(
        "a ad ai al alla alle allo che chi ci con da dal dei del della di e ed è il in io la le lo lei ma mi ne no non "
        "noi o per più se si sì sono su sul ti tra tu un una uno va vi voi via ora ore oggi anno anni euro info con "
        "gratis offerta prezzo urgente grazie attenzione importante nuovo casa tutti solo sconto"
    ),
    chat=italian_words.CHAT,
    # Telephones, codes, links
    extension="interno",
    extension_words=words("interno int int. ext ext."),
    before_fraction=words("circa massimo minimo"),
    greetings=words(
        "buonasera buongiorno cara caro ciao cliente dottor dottoressa gentile nome paziente salve signor "
        "signora signorina"
    ),
    before_time=words("alle dalle ore"),
    code_words=words(
        "codice codici pin otp riferimento rif pratica prenotazione fattura tracking spedizione carta contratto "
        "polizza verifica conferma cartella password targa iban protocollo cod cod."
    ),
    score_words=words(
        "vinto vince perso perde battuto batte vittoria sconfitta risultato pareggiato pareggia pareggio finita "
        "finito finisce terminata"
    ),
    number_sign="numero",
    hashtag="hashtag",
    at="chiocciola",
    dot="punto",
    dialled_after=words("chiama chiami chiamate"),
    year_words=words("nel dal"),
    link_signs={
        ".": "punto", "/": "slash", "-": "trattino", "_": "trattino basso", "@": "chiocciola", ":": "due punti",
        "?": "punto interrogativo", "&": "e commerciale", "=": "uguale", "#": "cancelletto", "%": "percento",
        "+": "più", "~": "tilde",
    },
    domains=words(
        "it com org net edu gov eu ch sm va info biz io co ai app dev me tv us uk de es fr pt nl at be mx "
        "online shop store site html htm php ly"
    ),
    domains_spelled=words("it ch sm va io ai me tv us uk de es fr pt nl at be mx eu ly"),
    alphabet="àèéìíîòóùúÀÈÉÌÍÎÒÓÙÚ",
    # Doses and forms
    over="su",
    pressure_words=words("pressione arteriosa pa"),
    slash="barra",
    times=("volta", "volte"),
    every="ogni",
    routes={"sc": "sottocute", "im": "intramuscolo", "ev": "endovena", "UI": "unità"},
    more="più di",
    less="meno di",
    both=("o", "e"),
    of="di",
    out_of="su",
    instalments=words("rata rate quota parte pagina pag foglio"),
    expiry_words=words("scade scadenza scad valida valido validità"),
    law_words=words("legge l decreto d.lgs lgs dpr d.p.r d.l d.m regolamento"),
    of_year="del",
)  # fmt: skip
