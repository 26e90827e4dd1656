"""The words of English. Keys are in lower case, except symbols, units and currencies."""

from herald.speech.reading.table import Currency, Table


def _same(*names: str) -> dict[str, tuple[str, str]]:
    return {name: (name, name) for name in names}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = Table(
    code="en",
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
        **_same("hundred", "thousand", "million", "billion", "trillion", "quadrillion"),
        "k": ("thousand", "thousand"),
        "m": ("million", "million"),
        "mm": ("million", "million"),
        "mn": ("million", "million"),
        "mio": ("million", "million"),
        "mil": ("million", "million"),
        "b": ("billion", "billion"),
        "bn": ("billion", "billion"),
        "t": ("trillion", "trillion"),
        "tn": ("trillion", "trillion"),
        "trn": ("trillion", "trillion"),
    },
    magnitudes_anywhere={"k": "thousand", "bn": "billion", "mn": "million", "tn": "trillion"},
    ordinal_endings=("st", "nd", "rd", "th"),
    named_numbers={
        "24/7": "twenty-four seven", "9/11": "nine eleven", "50/50": "fifty fifty", "20/20": "twenty twenty", "911": "nine one one",
        "401(k)": "four oh one k", "401k": "four oh one k", "403(b)": "four oh three b", "411": "four one one", "101": "one oh one",
        "747": "seven forty-seven", "737": "seven thirty-seven", "007": "double oh seven",
    },
    # Dates and times
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    month_short={
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8,
        "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
    },
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    weekday_short={
        "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6,
    },
    weekday_words=_words("mon wed sat sun"),
    date_order="mdy",
    date_words=_words("on by due since until till from before after through thru expires dated of starting beginning"),
    day_parts={"am": "A M", "pm": "P M"},
    time_zones={
        zone: " ".join(zone.upper())
        for zone in (
            "utc gmt est edt et cst cdt ct mst mdt mt pst pdt pt akst akdt hst bst cet cest eet eest wet west ist "
            "jst sgt aest aedt acst awst nzst nzdt msk"
        ).split()
    },
    # Money
    currencies={
        "$": Currency("dollar", "dollars", "cent", "cents"),
        "US$": Currency("U S dollar", "U S dollars", "cent", "cents"),
        "USD": Currency("U S dollar", "U S dollars", "cent", "cents"),
        "C$": Currency("Canadian dollar", "Canadian dollars", "cent", "cents"),
        "CA$": Currency("Canadian dollar", "Canadian dollars", "cent", "cents"),
        "CAD": Currency("Canadian dollar", "Canadian dollars", "cent", "cents"),
        "A$": Currency("Australian dollar", "Australian dollars", "cent", "cents"),
        "AU$": Currency("Australian dollar", "Australian dollars", "cent", "cents"),
        "AUD": Currency("Australian dollar", "Australian dollars", "cent", "cents"),
        "NZ$": Currency("New Zealand dollar", "New Zealand dollars", "cent", "cents"),
        "NZD": Currency("New Zealand dollar", "New Zealand dollars", "cent", "cents"),
        "HK$": Currency("Hong Kong dollar", "Hong Kong dollars", "cent", "cents"),
        "HKD": Currency("Hong Kong dollar", "Hong Kong dollars", "cent", "cents"),
        "S$": Currency("Singapore dollar", "Singapore dollars", "cent", "cents"),
        "SGD": Currency("Singapore dollar", "Singapore dollars", "cent", "cents"),
        "MX$": Currency("Mexican peso", "Mexican pesos", "centavo", "centavos"),
        "MXN": Currency("Mexican peso", "Mexican pesos", "centavo", "centavos"),
        "R$": Currency("real", "reais", "centavo", "centavos"),
        "BRL": Currency("Brazilian real", "Brazilian reais", "centavo", "centavos"),
        "€": Currency("euro", "euros", "cent", "cents"),
        "EUR": Currency("euro", "euros", "cent", "cents"),
        "£": Currency("pound", "pounds", "penny", "pence"),
        "GBP": Currency("British pound", "British pounds", "penny", "pence"),
        "¥": Currency("yen", "yen"),
        "JPY": Currency("Japanese yen", "Japanese yen"),
        "CNY": Currency("Chinese yuan", "Chinese yuan"),
        "RMB": Currency("renminbi", "renminbi"),
        "₩": Currency("won", "won"),
        "KRW": Currency("Korean won", "Korean won"),
        "₹": Currency("rupee", "rupees", "paisa", "paise"),
        "Rs": Currency("rupee", "rupees", "paisa", "paise"),
        "Rs.": Currency("rupee", "rupees", "paisa", "paise"),
        "INR": Currency("Indian rupee", "Indian rupees", "paisa", "paise"),
        "₽": Currency("ruble", "rubles", "kopeck", "kopecks"),
        "RUB": Currency("Russian ruble", "Russian rubles", "kopeck", "kopecks"),
        "₺": Currency("lira", "lira", "kurush", "kurush"),
        "TRY": Currency("Turkish lira", "Turkish lira", "kurush", "kurush"),
        "₴": Currency("hryvnia", "hryvnias", "kopiyka", "kopiykas"),
        "UAH": Currency("Ukrainian hryvnia", "Ukrainian hryvnias", "kopiyka", "kopiykas"),
        "₦": Currency("naira", "naira", "kobo", "kobo"),
        "NGN": Currency("Nigerian naira", "Nigerian naira", "kobo", "kobo"),
        "₱": Currency("peso", "pesos", "centavo", "centavos"),
        "PHP": Currency("Philippine peso", "Philippine pesos", "centavo", "centavos"),
        "₪": Currency("shekel", "shekels", "agora", "agorot"),
        "ILS": Currency("Israeli shekel", "Israeli shekels", "agora", "agorot"),
        "₫": Currency("dong", "dong"),
        "VND": Currency("Vietnamese dong", "Vietnamese dong"),
        "฿": Currency("baht", "baht", "satang", "satang"),
        "THB": Currency("Thai baht", "Thai baht", "satang", "satang"),
        "₿": Currency("bitcoin", "bitcoins"),
        "BTC": Currency("bitcoin", "bitcoins"),
        "CHF": Currency("Swiss franc", "Swiss francs", "centime", "centimes"),
        "SEK": Currency("Swedish krona", "Swedish kronor"),
        "NOK": Currency("Norwegian krone", "Norwegian kroner"),
        "DKK": Currency("Danish krone", "Danish kroner"),
        "ISK": Currency("Icelandic krona", "Icelandic kronur"),
        "PLN": Currency("Polish zloty", "Polish zlotys", "grosz", "groszy"),
        "zł": Currency("zloty", "zlotys", "grosz", "groszy"),
        "CZK": Currency("Czech koruna", "Czech korunas"),
        "HUF": Currency("Hungarian forint", "Hungarian forints"),
        "RON": Currency("Romanian leu", "Romanian lei"),
        "ZAR": Currency("South African rand", "South African rand", "cent", "cents"),
        "AED": Currency("U A E dirham", "U A E dirhams"),
        "SAR": Currency("Saudi riyal", "Saudi riyals"),
    },
    articles=_words("a an the this that each every another"),
    # Units
    units={
        "mm": ("millimeter", "millimeters"), "cm": ("centimeter", "centimeters"), "dm": ("decimeter", "decimeters"),
        "m": ("meter", "meters"), "km": ("kilometer", "kilometers"), "µm": ("micrometer", "micrometers"),
        "nm": ("nanometer", "nanometers"), "mi": ("mile", "miles"), "mi.": ("mile", "miles"), "yd": ("yard", "yards"), "yds": ("yard", "yards"),
        "ft": ("foot", "feet"), "ft.": ("foot", "feet"), "in.": ("inch", "inches"), "sqft": ("square foot", "square feet"),
        "sq": ("square", "square"), "sqm": ("square meter", "square meters"), "acre": ("acre", "acres"), "ha": ("hectare", "hectares"),
        "mg": ("milligram", "milligrams"), "g": ("gram", "grams"), "kg": ("kilogram", "kilograms"),
        "kgs": ("kilogram", "kilograms"), "µg": ("microgram", "micrograms"), "mcg": ("microgram", "micrograms"),
        "lb": ("pound", "pounds"), "lbs": ("pound", "pounds"), "lb.": ("pound", "pounds"), "lbs.": ("pound", "pounds"), "oz": ("ounce", "ounces"), "oz.": ("ounce", "ounces"), "t": ("ton", "tons"),
        "l": ("liter", "liters"), "L": ("liter", "liters"), "ml": ("milliliter", "milliliters"),
        "mL": ("milliliter", "milliliters"), "cl": ("centiliter", "centiliters"), "dl": ("deciliter", "deciliters"),
        "gal": ("gallon", "gallons"), "gal.": ("gallon", "gallons"), "qt": ("quart", "quarts"), "pt": ("pint", "pints"),
        "cc": ("C C", "C C"), "tbsp": ("tablespoon", "tablespoons"), "tsp": ("teaspoon", "teaspoons"),
        "ms": ("millisecond", "milliseconds"), "s": ("second", "seconds"), "sec": ("second", "seconds"),
        "secs": ("second", "seconds"), "sec.": ("second", "seconds"), "min": ("minute", "minutes"), "mins": ("minute", "minutes"),
        "min.": ("minute", "minutes"), "h": ("hour", "hours"), "hr": ("hour", "hours"), "hrs": ("hour", "hours"), "hr.": ("hour", "hours"), "hrs.": ("hour", "hours"),
        "wk": ("week", "weeks"), "wks": ("week", "weeks"), "mo": ("month", "months"), "mos": ("month", "months"), "yr": ("year", "years"), "yrs": ("year", "years"),
        "km/h": ("kilometer per hour", "kilometers per hour"), "kmh": ("kilometer per hour", "kilometers per hour"),
        "kph": ("kilometer per hour", "kilometers per hour"), "kmph": ("kilometer per hour", "kilometers per hour"),
        "mph": ("mile per hour", "miles per hour"), "mpg": ("mile per gallon", "miles per gallon"),
        "fps": ("frame per second", "frames per second"), "rpm": ("R P M", "R P M"), "bpm": ("beat per minute", "beats per minute"),
        "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"), "MHz": ("megahertz", "megahertz"),
        "GHz": ("gigahertz", "gigahertz"), "W": ("watt", "watts"), "kW": ("kilowatt", "kilowatts"),
        "MW": ("megawatt", "megawatts"), "GW": ("gigawatt", "gigawatts"), "Wh": ("watt hour", "watt hours"), "kWh": ("kilowatt hour", "kilowatt hours"), "MWh": ("megawatt hour", "megawatt hours"),
        "V": ("volt", "volts"), "kV": ("kilovolt", "kilovolts"), "mV": ("millivolt", "millivolts"), "A": ("amp", "amps"), "mA": ("milliamp", "milliamps"), "mAh": ("milliamp hour", "milliamp hours"), "Ah": ("amp hour", "amp hours"),
        "Ω": ("ohm", "ohms"), "kΩ": ("kilohm", "kilohms"), "J": ("joule", "joules"), "kJ": ("kilojoule", "kilojoules"), "cal": ("calorie", "calories"), "kcal": ("kilocalorie", "kilocalories"),
        "Pa": ("pascal", "pascals"), "hPa": ("hectopascal", "hectopascals"), "kPa": ("kilopascal", "kilopascals"), "psi": ("P S I", "P S I"), "bar": ("bar", "bars"), "hp": ("horsepower", "horsepower"), "dB": ("decibel", "decibels"), "db": ("decibel", "decibels"),
        "N": ("newton", "newtons"), "K": ("kelvin", "kelvin"),
        "bit": ("bit", "bits"), "kbit": ("kilobit", "kilobits"), "kB": ("kilobyte", "kilobytes"), "KB": ("kilobyte", "kilobytes"),
        "kb": ("kilobyte", "kilobytes"), "MB": ("megabyte", "megabytes"), "mb": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"), "gb": ("gigabyte", "gigabytes"),
        "TB": ("terabyte", "terabytes"), "tb": ("terabyte", "terabytes"), "PB": ("petabyte", "petabytes"), "GiB": ("gibibyte", "gibibytes"), "MiB": ("mebibyte", "mebibytes"), "KiB": ("kibibyte", "kibibytes"),
        "kbps": ("kilobit per second", "kilobits per second"), "mbps": ("megabit per second", "megabits per second"),
        "gbps": ("gigabit per second", "gigabits per second"), "px": ("pixel", "pixels"), "dpi": ("D P I", "D P I"), "MP": ("megapixel", "megapixels"), "mp": ("megapixel", "megapixels"),
        "°C": ("degree Celsius", "degrees Celsius"), "°c": ("degree Celsius", "degrees Celsius"), "°F": ("degree Fahrenheit", "degrees Fahrenheit"), "°f": ("degree Fahrenheit", "degrees Fahrenheit"), "ºC": ("degree Celsius", "degrees Celsius"), "ºF": ("degree Fahrenheit", "degrees Fahrenheit"), "°": ("degree", "degrees"), "º": ("degree", "degrees"),
        "pcs": ("piece", "pieces"), "pc": ("piece", "pieces"), "ppm": ("part per million", "parts per million"), "kt": ("knot", "knots"), "kts": ("knot", "knots"), "ct": ("carat", "carats"),
    },
    units_attached=_words("in"),
    units_apart=_words("A K J N"),
    per="per",
    per_units={
        "mo": "month", "month": "month", "mth": "month", "yr": "year", "year": "year", "y": "year", "wk": "week", "week": "week",
        "day": "day", "d": "day", "hr": "hour", "hour": "hour", "h": "hour", "min": "minute", "minute": "minute", "s": "second",
        "sec": "second", "second": "second", "night": "night", "person": "person", "unit": "unit", "each": "each", "user": "user",
        "kg": "kilogram", "lb": "pound", "l": "liter", "gal": "gallon", "mi": "mile", "km": "kilometer", "m": "meter", "ea": "each", "pp": "person",
        "sqft": "square foot", "oz": "ounce", "item": "item", "ticket": "ticket", "seat": "seat", "call": "call", "visit": "visit", "pax": "person",
    },
    by="by",
    square="square",
    cubic="cubic",
    # Ranges, signs
    to="to",
    symbols={
        "&": "and", "+": "plus", "=": "equals", "@": "at", "%": "percent", "/": "slash", "$": "dollar", "€": "euro",
        "£": "pound", "¥": "yen", "#": "hash", "°": "degrees", "§": "section", "×": "times", "÷": "divided by",
        "±": "plus or minus", "≤": "less than or equal to", "≥": "greater than or equal to", "≈": "approximately",
        "≠": "not equal to", "√": "square root of", "π": "pi", "∞": "infinity", "¶": "paragraph", "₹": "rupee",
        "½": "one half", "~": "about", "µ": "micro", "<": "less than", ">": "greater than", "¢": "cents",
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
        "λ": "lambda", "ν": "nu", "ξ": "xi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi",
        "ω": "omega", "Γ": "gamma", "Δ": "delta", "Θ": "theta", "Λ": "lambda", "Π": "pi", "Σ": "sigma", "Φ": "phi", "Ψ": "psi", "Ω": "omega",
    },
    after_number={"%": ("percent", "percent"), "¢": ("cent", "cents"), "‰": ("per mille", "per mille")},
    maths={"=": "equals", "+": "plus", "×": "times", "*": "times", "÷": "divided by", "−": "minus", "-": "minus", "≈": "approximately", "≠": "not equal to", "≤": "less than or equal to", "≥": "greater than or equal to", "<": "less than", ">": "greater than", "±": "plus or minus"},
    # Words
    abbreviations={
        "approx.": "approximately", "appt.": "appointment", "appts.": "appointments", "apt.": "apartment", "dept.": "department", "est.": "established", "etc.": "et cetera",
        "e.g.": "for example", "i.e.": "that is", "vs.": "versus", "v.s.": "versus", "a.k.a.": "also known as", "inc.": "Incorporated", "corp.": "Corporation",
        "ltd.": "Limited", "co.": "Company", "bros.": "Brothers", "mfg.": "manufacturing", "govt.": "government", "univ.": "University", "assn.": "Association", "intl.": "International",
        "esp.": "especially", "incl.": "including", "excl.": "excluding", "max.": "maximum", "min.": "minimum", "avg.": "average", "temp.": "temperature", "tel.": "telephone", "cont.": "continued",
        "misc.": "miscellaneous", "orig.": "original", "qty.": "quantity", "recd.": "received", "ref.": "reference", "req.": "required", "resp.": "respectively", "hrs.": "hours", "mins.": "minutes", "secs.": "seconds", "yrs.": "years", "lbs.": "pounds", "msg.": "message", "acct.": "account", "addr.": "address", "amt.": "amount", "bldg.": "building", "ctr.": "center", "wkly.": "weekly", "et al.": "et al", "cf.": "compare", "viz.": "namely", "ca.": "circa", "ph.d.": "P H D", "m.d.": "M D", "b.a.": "B A", "m.a.": "M A", "b.sc.": "B S C", "m.sc.": "M S C", "d.d.s.": "D D S", "esq.": "Esquire",
        "jan.": "January", "feb.": "February", "mar.": "March", "apr.": "April", "jun.": "June", "jul.": "July", "aug.": "August", "sep.": "September", "sept.": "September", "oct.": "October", "nov.": "November", "dec.": "December",
        "mon.": "Monday", "tue.": "Tuesday", "tues.": "Tuesday", "wed.": "Wednesday", "thu.": "Thursday", "thur.": "Thursday", "thurs.": "Thursday", "fri.": "Friday", "sat.": "Saturday", "sun.": "Sunday",
    },
    plain_too=_words("etc apt. mar. sun. sat. wed. mon. min. co. dec. jan. max. ref. est. fri. temp. ca. tel. jun. cont. sec. nov."),
    titles={
        "mr": "Mister", "mrs": "Missus", "ms": "Miz", "mx": "Mix", "dr": "Doctor", "prof": "Professor", "rev": "Reverend", "hon": "Honorable", "gen": "General", "col": "Colonel", "maj": "Major",
        "capt": "Captain", "cpt": "Captain", "lt": "Lieutenant", "sgt": "Sergeant", "cpl": "Corporal", "pvt": "Private", "cmdr": "Commander", "adm": "Admiral", "gov": "Governor", "sen": "Senator", "rep": "Representative", "pres": "President", "messrs": "Messieurs", "fr": "Father", "st": "Saint", "mt": "Mount", "ft": "Fort", "det": "Detective", "supt": "Superintendent",
    },
    titles_bare=_words("mr mrs ms mx dr prof sgt capt lt st mt messrs cpl cmdr rev"),
    suffixes={"jr": "Junior", "sr": "Senior", "esq": "Esquire", "phd": "P H D"},
    closing=_words("etc. inc. ltd. co. corp. jr sr esq. et al. m.d. ph.d. est. bldg. bros."),
    openers=_words(
        "the a an i we you he she it they this that these those there here my your our his her its their please thank thanks "
        "then now when where what who why how if but and or so for to in on at by from with as is are was were do does did can "
        "could will would should may might must have has had be not no yes let call come bring turn take go get make see visit reply press "
        "meet after before until while because since although however also all any some each every one two three many most both "
        "just only once again today tomorrow tonight yesterday hi hello dear sorry welcome good great next first last new stop"
    ),
    before_number={"no.": "number", "nos.": "numbers", "nr.": "number", "p.": "page", "pp.": "pages", "pg.": "page", "pgs.": "pages", "ch.": "chapter", "sec.": "section", "fig.": "figure", "figs.": "figures", "vol.": "volume", "vols.": "volumes", "art.": "article", "para.": "paragraph", "ext.": "extension", "ext": "extension", "apt.": "apartment", "apt": "apartment", "ste.": "suite", "ste": "suite", "rm.": "room", "rm": "room", "fl.": "floor", "bldg": "building", "hwy": "highway", "hwy.": "highway", "rte": "route", "rte.": "route", "rt": "route", "rt.": "route", "no": "number", "ver.": "version", "approx": "approximately", "unit": "unit", "ln.": "line", "eq.": "equation", "ex.": "example", "tel": "telephone", "ph": "phone", "vs": "versus"},
    before_number_only=_words("no"),
    acronyms_said=_words(
        "NASA NATO UNICEF UNESCO OPEC FIFA UEFA NAFTA ASEAN AIDS COVID LASER RADAR SCUBA SIM RAM ROM PIN FAQ VAT WIFI GIF JPEG PNG ZIP ASAP "
        "FEMA OSHA HIPAA SWAT NASDAQ SAT COBRA ERISA GAAP SAP ICANN PAC MIDI BIOS ISIS DARPA IMAX IKEA LEGO VISA DHL NAPA SONAR MERS SARS TASER CAPTCHA MOMA YOLO SOHO NIMBY POTUS SCOTUS FLOTUS"
    ) - _words("ASAP FAQ VAT SAP DHL"),
    acronyms_spelled=_words(
        "US UK EU UN IT ID ETA ETD APR AWS USPS UPS IRS FBI CIA IBM ATM PM AM TV PC CEO CFO CTO COO HR PR VIP FAQ ASAP DIY DOB EOD "
        "ER ICU OR MRI CT IV EKG ECG GP RSVP PO AKA AI API URL USB USA UAE LA DC NY NYC LAX JFK SFO ORD EST EDT PST PDT CST CDT MST MDT UTC GMT "
        "OTP SMS MMS QR SUV EV AC DJ MC OK KO IQ EQ PE PS ADHD DNA RNA HIV OCD PTSD ROI KPI SLA ERP CRM SAAS VPN IP ISP SSN EIN ITIN LLC LLP IPO ETF IRA HSA FSA "
        "AAA APA ABA AMA NBA NFL MLB NHL NCAA UFC ESPN ABC NBC CBS CNN BBC HBO AMC PBS NPR EPA FAA FDA CDC NIH DMV TSA DHS ICE USDA VA SSA DOJ "
        "SAAS IOS HTTP HTTPS HTML CSS SQL PHP XML JSON ISO UI UX VOD HDMI OLED USDT BMI BP IBAN BIC SWIFT VAT DHL AOL MSN ESTA AED OAP A&E ATV IBS IUD UTI OTC EPS P&L MOU NDA RFP EOB OSX EU AU NZ IE UAE SIN MIA ETC AOB AGM APY EMI USS HMS SOS UFO"
    ) - _words("JSON SWIFT ICE SAAS ETC MIA SIN IE IV OR VA EST IUD")
    | _words("IV EST IE"),
    common_capitals=_words(
        "a i am an as at be by do go he if in is it me my no of oh on or so to up us we all and any are bad bag bar bed bet big bit box boy bus but buy bye "
        "can car cat cup cut dad day did die dog dry due eat end far fee few fix fly for fun get god got gun guy had has her hey him his hit hot how its job key kid "
        "law lay let lie lot low mad man map max may men met min mix mom new nor not now odd off oil old one our out own pay pet put ran red rid rob run sad sat save saw say "
        "sea see set she sir sit six sky son sun tax tea ten the tip too top toy try two use via war was way wet who why win won yes yet you zip "
        "also area army away baby back ball bank base bath been best bill blue body book both call came card care case cash city club code cold come cool cost dark data date dead deal dear "
        "deep done door down draw drop each east easy edge else even ever exit face fact fail fair fall farm fast fear feel feet fell file fill film find fine fire firm fish five flat flow "
        "food foot form four free from fuel full fund gain game gate gave gift girl give glad goal goes gold gone good grow hair half hall hand hard have head hear heat help here high hold home "
        "hope hour huge idea into item join jump just keep kept kind know lack lady land last late lead left less life lift like line link list live long look lose loss lost love made mail main "
        "make many meal mean meet menu mile mind miss mode more most move much must name near need news next nice nine none note okay once only onto open over pack page paid pain park part pass "
        "past path pick plan play plus poor post pull push rain rate read real rent rest rich ride ring rise risk road rock role room rule safe said sale same seat seem sell send sent ship shop show sick side "
        "sign site size skip slow snow soft sold some song soon sort star stay step stop such sure take talk tell term test text than that them then they thin this time told tour town tree trip "
        "true turn type unit upon used user vary very view vote wait walk wall want warm wash wear week well went were what when whom wide wife will wind wine wish with wood word wore work yard year your zero zone urgent asap"
    )
    - _words("asap"),
    chat={
        "pls": "please", "plz": "please", "thx": "thanks", "tmrw": "tomorrow", "tmr": "tomorrow", "appt": "appointment", "appts": "appointments", "msg": "message", "msgs": "messages", "acct": "account", "w/": "with", "w/o": "without",
        "b/c": "because", "qty": "quantity", "dept": "department", "bldg": "building", "approx": "approximately", "incl": "including", "info": "info", "mgr": "manager", "mgmt": "management", "addr": "address", "yrs": "years", "hrs": "hours", "mins": "minutes", "lbs": "pounds", "etc": "et cetera", "vs": "versus", "govt": "government", "intl": "international", "n/a": "not applicable", "a/c": "A C", "c/o": "care of", "i/o": "I O", "ltd": "Limited", "inc": "Incorporated", "corp": "Corporation", "tbsp": "tablespoon", "tsp": "teaspoon", "mph": "miles per hour",
    },
    letters={"A": "eigh"},
    # Telephones, codes, links
    extension="extension",
    extension_words=_words("ext ext. x extension"),
    code_words=_words(
        "code codes pin otp passcode password passkey pass token id ids ref reference order number no. no # account acct acct. confirmation booking reservation tracking invoice "
        "ticket case serial sku zip postcode postal card ending ends end verification locator pnr claim policy member membership customer client patient vin isbn imei flight extension routing iban"
    )
    - _words("end number # no no. ids customer client patient flight extension member"),
    dialled_after=_words("dial call text phone ring"),
    year_words=_words("in since until till by from of before after year during for circa copyright"),
    decade_words=_words("the early late mid my his her their our your"),
    month_words=_words("may march mar"),
    score_words=_words("won lost beat score final wins leads led lead by ahead tied drew"),
    number_sign="number",
    hashtag="hashtag",
    at="at",
    dot="dot",
    link_signs={
        ".": "dot", "/": "slash", "-": "dash", "_": "underscore", "@": "at", ":": "colon", "?": "question mark", "&": "ampersand", "=": "equals", "#": "hash", "%": "percent", "+": "plus", "~": "tilde", "!": "exclamation mark", "*": "star", "$": "dollar", ",": "comma", ";": "semicolon", "'": "apostrophe", "(": "", ")": "",
    },
    domains=_words(
        "com org net edu gov mil int info biz name io co ai app dev me tv us uk ca au nz ie de fr es it pt nl be ch at se no dk fi pl cz ru cn jp kr in br mx ar za eu asia online shop store site xyz tech "
        "cloud health care news blog live club top link page web email agency bank travel hotel museum jobs mobi pro tel ly gl gg sh to fm im is cc ws sm"
    ),
    domains_spelled=_words("it us me in is no at to be tv io ai uk eu im ca de es se au ie ch sm ar za fi pt pl br fm gg ly ws"),
)

AMERICAN = ENGLISH
BRITISH = ENGLISH._replace(region="GB", date_order="dmy")
