"""The words of English. Keys are in lower case, except symbols, units and currencies."""

from herald.speech.reading.languages import english_words
from herald.speech.reading.table import Table, positions, words

ENGLISH = Table(
    language="en",
    region="US",
    # Numbers
    decimal_mark=".",
    group_marks=",",
    digits=("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    point="point",
    minus="minus",
    plus="plus",
    plus_minus="plus or minus",
    magnitudes={
        **{name: (name, name) for name in words("hundred thousand million billion trillion quadrillion")},
        "k": ("thousand", "thousand"), "m": ("million", "million"), "mm": ("million", "million"),
        "mn": ("million", "million"), "mio": ("million", "million"), "mil": ("million", "million"),
        "b": ("billion", "billion"), "bn": ("billion", "billion"), "t": ("trillion", "trillion"),
        "tn": ("trillion", "trillion"), "trn": ("trillion", "trillion"),
    },
    magnitudes_anywhere={"k": "thousand", "bn": "billion", "mn": "million", "tn": "trillion"},
    ordinal_endings=("st", "nd", "rd", "th"),
    named_numbers={
        "24/7": "twenty-four seven", "7/11": "seven eleven", "9/11": "nine eleven",
        "24/7/365": "twenty-four seven three sixty-five", "50/50": "fifty fifty", "60/40": "sixty forty",
        "70/30": "seventy thirty", "80/20": "eighty twenty", "90/10": "ninety ten", "20/20": "twenty twenty",
        "911": "nine one one", "401(k)": "four oh one k", "401k": "four oh one k", "403(b)": "four oh three b",
        "411": "four one one", "101": "one oh one", "747": "seven forty-seven", "737": "seven thirty-seven",
        "007": "double oh seven",
    },
    # Dates and times
    months=(
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    ),
    month_short=positions("jan feb mar apr - jun jul aug sep|sept oct nov dec", 1),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    weekday_short=positions("mon tue|tues wed|weds thu|thur|thurs fri sat sun"),
    weekday_words=words("mon sat sun wed"),
    weekday_refused_after=words("a the"),
    date_order="mdy",
    date_words=words("after before beginning by dated due expires from of on since starting through thru till until"),
    day_parts={"am": "A M", "pm": "P M"},
    time_zones={
        zone: " ".join(zone.upper())
        for zone in words(
            "utc gmt est edt et cst cdt ct mst mdt mt pst pdt pt akst akdt hst bst cet cest eet eest wet west ist jst "
            "sgt aest aedt acst awst nzst nzdt msk"
        )
    },
    # Money
    currencies=english_words.CURRENCIES,
    articles=words("a an another each every that the this"),
    # Units
    units=english_words.UNITS,
    units_attached=words("in"),
    units_apart=words("A J K N"),
    per="per",
    per_units=english_words.PER_UNITS,
    by="by",
    square="square",
    cubic="cubic",
    # Ranges, signs
    to="to",
    symbols={
        "&": "and", "+": "plus", "=": "equals", "@": "at", "%": "percent", "/": "slash", "$": "dollar", "€": "euro",
        "£": "pound", "¥": "yen", "#": "pound", "°": "degrees", "§": "section", "×": "times", "÷": "divided by",
        "±": "plus or minus", "≤": "less than or equal to", "≥": "greater than or equal to", "≈": "approximately",
        "≠": "not equal to", "√": "square root of", "π": "pi", "∞": "infinity", "¶": "paragraph", "₹": "rupee",
        "½": "one half", "~": "about", "µ": "micro", "<": "less than", ">": "greater than", "¢": "cents", "α": "alpha",
        "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "λ": "lambda",
        "ν": "nu", "ξ": "xi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
        "Γ": "gamma", "Δ": "delta", "Θ": "theta", "Λ": "lambda", "Π": "pi", "Σ": "sigma", "Φ": "phi", "Ψ": "psi",
        "Ω": "omega",
    },
    after_number={
        "%": ("percent", "percent"), "¢": ("cent", "cents"), "‰": ("per mille", "per mille"),
    },
    squared="squared",
    cubed="cubed",
    power="to the power of",
    # Words
    abbreviations=english_words.ABBREVIATIONS,
    plain_too=words(
        "apt. ca. co. cont. dec. est. etc fri. jan. jun. mar. max. min. mon. nov. ref. sat. sec. sun. tel. temp. wed."
    ),
    titles=english_words.TITLES,
    titles_bare=words("capt cmdr cpl dr lt messrs mr mrs ms mt mx prof rev sgt st"),
    suffixes={
        "jr": "Junior", "sr": "Senior", "esq": "Esquire", "phd": "P H D",
    },
    closing=words("al. bldg. bros. co. corp. esq. est. et etc. inc. jr ltd. m.d. ph.d. sr"),
    before_names=words("and attn by c/o care for from is of or to via w/ with"),
    lettered=words(
        "appendix apartment apt block building class door exhibit floor gate grade group gym hall hepatitis level lot "
        "option part plan platform room row section series suite team terminal tower track type unit vitamin zone"
    ),
    openers=english_words.OPENERS,
    before_number=english_words.BEFORE_NUMBER,
    before_number_only=words("no"),
    acronyms_said=english_words.ACRONYMS_SAID,
    acronyms_spelled=english_words.ACRONYMS_SPELLED,
    common_capitals=english_words.COMMON_CAPITALS,
    chat=english_words.CHAT,
    letters={"A": "eigh"},
    # Telephones, codes, links
    extension="extension",
    extension_words=words("ext ext. extension x"),
    code_words=words(
        "account acct acct. badge booking card case claim code codes confirmation digits ending ends iban id imei "
        "invoice isbn locator membership order otp pass passcode passkey password pin pnr policy postal "
        "postcode ref reference reservation routing serial sku tty ticket token tracking verification vin zip"
    ),
    before_time=words("@ at by from until"),
    greetings=words(
        "afternoon agent client coach congrats congratulations customer dear driver evening guest hello hey hi "
        "instructor miss morning name nurse patient student stylist technician thanks welcome"
    ),
    before_quantity=words("about balance contains for has have includes least most of over than within"),
    dialled_after=words("call dial phone ring text"),
    year_words=words("after before by circa copyright during for from in of since till until year"),
    decade_words=words("early her his late low lower mid my our the their upper your"),
    month_words=words("mar march may"),
    codes_after=words("code otp passcode password pin"),
    range_words=words("dawn midnight noon now sunrise today"),
    file_endings=words(
        "csv doc docx exe gif htm html jpeg jpg js json log md mp3 mp4 pdf png ppt pptx py txt wav xls xlsx xml zip"
    ),
    score_words=words("ahead beat by drew final lead leads led lost record score tied wins won"),
    number_sign="number",
    hashtag="hashtag",
    at="at",
    dot="dot",
    link_signs={
        ".": "dot", "/": "slash", "-": "dash", "_": "underscore", "@": "at", ":": "colon", "?": "question mark",
        "&": "ampersand", "=": "equals", "#": "hash", "%": "percent", "+": "plus", "~": "tilde",
        "!": "exclamation mark", "*": "star", "$": "dollar", ",": "comma", ";": "semicolon", "'": "apostrophe", "(": "",
        ")": "",
    },
    domains=words(
        "agency ai app ar asia at au bank be biz blog br ca care cc ch cloud club cn co com cz de dev dk edu "
        "email es eu fi fm fr gg gl gov health hotel ie im in info int io is it jobs jp kr link live ly me mil "
        "mobi museum mx name net news nl no nz online org page pl pro pt ru se sh shop site sm store tech tel "
        "to top travel tv uk us web ws xyz za"
    ),
    domains_spelled=words(
        "ai ar at au be br ca ch de es eu fi fm gg ie im in io is it ly me no pl pt se sm to tv uk us ws za"
    ),
)  # fmt: skip

AMERICAN = ENGLISH
BRITISH = ENGLISH._replace(
    region="GB",
    date_order="dmy",
    chat=english_words.CHAT
    | {"nr": "near", "w/e": "weekend", "w/c": "week commencing", "hols": "holidays", "chq": "cheque",
       "oiro": "offers in the region of"},
    titles=english_words.TITLES | {"hon": "Honourable", "rt": "Right", "revd": "Reverend"},
    titles_bare=ENGLISH.titles_bare | {"col", "hon", "revd", "rt"},
    symbols={**ENGLISH.symbols, "#": "hash"},
)  # fmt: skip
