"""Abbreviations, titles, acronyms and everyday words of English. Keys are in lower case."""

from herald.speech.reading.table import words

ENGLISH_ABBREVIATIONS: dict[str, str] = {
    "approx.": "approximately", "appt.": "appointment", "appts.": "appointments", "apt.": "apartment",
    "dept.": "department", "est.": "estimated", "arr.": "arrival", "dep.": "departure",
    "pmt.": "payment", "mtg.": "meeting", "etc.": "et cetera", "e.g.": "for example", "i.e.": "that is",
    "vs.": "versus", "v.s.": "versus", "a.k.a.": "also known as", "inc.": "Incorporated", "corp.": "Corporation",
    "ltd.": "Limited", "co.": "Company", "bros.": "Brothers", "mfg.": "manufacturing", "govt.": "government",
    "univ.": "University", "assn.": "Association", "intl.": "International", "esp.": "especially",
    "incl.": "including", "excl.": "excluding", "max.": "maximum", "min.": "minimum", "avg.": "average",
    "temp.": "temperature", "tel.": "telephone", "cont.": "continued", "misc.": "miscellaneous", "orig.": "original",
    "qty.": "quantity", "recd.": "received", "ref.": "reference", "req.": "required", "resp.": "respectively",
    "hosp.": "Hospital",
    "hrs.": "hours", "mins.": "minutes", "secs.": "seconds", "yrs.": "years", "lbs.": "pounds", "msg.": "message",
    "acct.": "account", "addr.": "address", "amt.": "amount", "bldg.": "building", "ctr.": "center",
    "wkly.": "weekly", "et al.": "et al", "cf.": "compare", "viz.": "namely", "ca.": "circa", "ph.d.": "P H D",
    "m.d.": "M D", "b.a.": "B A", "m.a.": "M A", "b.sc.": "B S C", "m.sc.": "M S C", "d.d.s.": "D D S",
    "esq.": "Esquire", "jan.": "January", "feb.": "February", "mar.": "March", "apr.": "April", "jun.": "June",
    "jul.": "July", "aug.": "August", "sep.": "September", "sept.": "September", "oct.": "October",
    "nov.": "November", "dec.": "December", "mon.": "Monday", "tue.": "Tuesday", "tues.": "Tuesday",
    "wed.": "Wednesday", "thu.": "Thursday", "thur.": "Thursday", "thurs.": "Thursday", "fri.": "Friday",
    "sat.": "Saturday", "sun.": "Sunday",
    "wt.": "weight", "ht.": "height", "bal.": "balance", "avail.": "available", "attn.": "attention",
    "ofc.": "office", "aves.": "Avenues", "mtn.": "Mountain", "vit.": "vitamin", "lg.": "large", "sm.": "small",
    "elem.": "Elementary",
    "gr.": "grade",
    "alt.": "alternate", "coll.": "collection", "stn.": "station", "flt.": "flight", "maint.": "maintenance",
    "eff.": "effective", "unlim.": "unlimited", "adv.": "advance",
    "robt.": "Robert", "wm.": "William", "chas.": "Charles", "grp.": "group", "fin.": "financial",
    "sta.": "Station", "pkg.": "package", "pkgs.": "packages", "stmt.": "statement", "doz.": "dozen",
    "ins.": "insurance", "utils.": "utilities", "rev.": "revenue", "btwn.": "between",
    "susp.": "suspension", "sig.": "signature", "conf.": "confirmation", "chg.": "charge", "chgs.": "charges",
    "pymt.": "payment", "pymts.": "payments", "pmts.": "payments",
    "svc.": "service", "svcs.": "services", "rx.": "prescription", "mgr.": "manager", "mgmt.": "management",
    "natl.": "National", "sched.": "schedule", "reqd.": "required",
    "deg.": "degrees", "cust.": "customer", "hts.": "Heights",
    "asst.": "assistant", "yr.": "year",
    "mos.": "months", "wks.": "weeks", "wk.": "week", "n.b.": "N B", "o.b.o.": "or best offer",
}  # fmt: skip
"""With their dots."""

ENGLISH_TITLES: dict[str, str] = {
    "mr": "Mister", "mrs": "Missus", "ms": "Miz", "mx": "Mix", "dr": "Doctor", "prof": "Professor",
    "rev": "Reverend", "hon": "Honorable", "gen": "General", "col": "Colonel", "maj": "Major", "capt": "Captain",
    "cpt": "Captain", "lt": "Lieutenant", "sgt": "Sergeant", "cpl": "Corporal", "pvt": "Private",
    "cmdr": "Commander", "adm": "Admiral", "gov": "Governor", "sen": "Senator", "rep": "Representative",
    "pres": "President", "messrs": "Messieurs", "fr": "Father", "st": "Saint", "mt": "Mount", "ft": "Fort",
    "det": "Detective", "supt": "Superintendent",
}  # fmt: skip
"""Before a name, with or without dot."""

ENGLISH_BEFORE_NUMBER: dict[str, str] = {
    "no.": "number", "nos.": "numbers", "nr.": "number", "p.": "page", "pp.": "pages", "pg.": "page",
    "pgs.": "pages", "ch.": "chapter", "sec.": "section", "fig.": "figure", "figs.": "figures", "vol.": "volume",
    "vols.": "volumes", "art.": "article", "para.": "paragraph", "ext.": "extension", "ext": "extension",
    "apt.": "apartment", "apt": "apartment", "ste.": "suite", "ste": "suite", "rm.": "room", "rm": "room",
    "fl.": "floor", "bldg": "building", "hwy": "highway", "hwy.": "highway", "rte": "route", "rte.": "route",
    "rt": "route", "rt.": "route", "no": "number", "ver.": "version", "unit": "unit",
    "opt.": "option",
    "opt": "option", "prop.": "proposition", "grp": "group", "grp.": "group", "conf": "confirmation", "gr.": "grade",
    "dist.": "district", "exp.": "expires", "exp": "expires",
    "pkg": "package", "ques.": "question", "plat.": "platform", "plat": "platform", "yr": "year",
    "ln.": "line", "eq.": "equation", "ex.": "example", "tel": "telephone", "ph": "phone", "vs": "versus",
}  # fmt: skip
"""Abbreviations before a number: "p. 5"."""

ENGLISH_CHAT: dict[str, str] = {
    "txt": "text", "ppl": "people", "btw": "by the way",
    "pls": "please", "plz": "please", "thx": "thanks", "tmrw": "tomorrow", "tmr": "tomorrow", "appt": "appointment",
    "appts": "appointments", "msg": "message", "msgs": "messages", "acct": "account", "w/": "with", "w/o": "without",
    "b/c": "because", "qty": "quantity", "dept": "department", "bldg": "building", "approx": "approximately",
    "incl": "including", "info": "info", "mgr": "manager", "mgmt": "management", "addr": "address", "yrs": "years",
    "hrs": "hours", "mins": "minutes", "lbs": "pounds", "etc": "et cetera", "vs": "versus", "govt": "government",
    "intl": "international", "n/a": "not applicable", "a/c": "A C", "c/o": "care of", "i/o": "I O", "ltd": "Limited",
    "inc": "Incorporated", "corp": "Corporation",
    "pmt": "payment", "mtg": "meeting", "mtgs": "meetings", "pts": "points", "f/u": "follow up", "tbsp": "tablespoon",
    "tsp": "teaspoon", "mph": "miles per hour",
    "btwn": "between", "b/t": "between", "w/in": "within", "b/f": "before", "b/w": "between", "pkg": "package",
    "pkgs": "packages", "bal": "balance", "stmt": "statement", "stmts": "statements", "xfer": "transfer",
    "xfers": "transfers", "pw": "password", "attn": "attention", "avail": "available", "pymt": "payment",
    "pymts": "payments", "pmts": "payments", "accts": "accounts", "yoy": "year over year",
    "obo": "or best offer", "hx": "history", "dx": "diagnosis", "resched": "reschedule", "recd": "received",
    "svc": "service", "svcs": "services", "tix": "tickets", "cust": "customer", "wknd": "weekend",
    "wknds": "weekends", "wkdy": "weekday", "wkdys": "weekdays",
    "asst": "assistant", "wwi": "World War One", "wwii": "World War Two",
    "amt": "amount", "rcvd": "received", "addl": "additional", "y/o": "year old",
    "p/u": "pickup", "y/y": "year over year", "flt": "flight", "flts": "flights", "wx": "weather", "stn": "station",
    "wkts": "wickets",
    "mths": "months", "qoq": "quarter over quarter", "nts": "nights", "ofc": "office", "grp": "group",
    "mkt": "market",
}  # fmt: skip
"""Abbreviations of chats and notes that have one meaning only."""

ENGLISH_CONTRACTIONS = {
    "req'd": "required", "rec'd": "received", "int'l": "international", "nat'l": "national", "gov't": "government",
    "dep't": "department", "ass'n": "association", "cont'd": "continued", "add'l": "additional", "dr's": "doctor's",
    "acct's": "account's",
}  # fmt: skip
"""Abbreviations with an apostrophe."""

ENGLISH_ACRONYMS_SAID = words(
    "AIDS ASEAN BIOS CAPTCHA COBRA COVID DARPA ERISA FEMA FIFA FLOTUS GAAP GIF HIPAA ICANN IKEA IMAX ISIS JPEG "
    "LASER LEGO MERS MIDI MOMA NAFTA NAPA NASA NASDAQ NATO NIMBY OPEC OSHA PAC PIN PNG POTUS RADAR RAM ROM SARS "
    "SAT SCOTUS SCUBA SIM SOHO SONAR SWAT TASER UEFA UNESCO UNICEF VISA WIFI YOLO ZIP"
)
"""Said as words."""

ENGLISH_ACRONYMS_SPELLED = words(
    "A&E AAA ABA ABC AC ADHD AED AGM AI AKA AM AMA AMC AOB AOL APA API APR APRN APY ASAP ATM ATV AU AWS BBC BIC BMI "
    "BP BSN BYOB CBS CDC CDT CEO CFO CIA CNN COO CRM CSS CST CT CTO DC DHL DHS DIY DJ DMV DNA DOB DOJ ECG EDT EIN EKG "
    "EMI EOB EOD EPA EPS EQ ER ERP ESPN EST ESTA ETA ETD ETF EU EV FAA FAAP FACC FACS FAQ FBI FDA FSA GMT GP HBO HDMI "
    "HIV HMS HOA HR HSA HTML HTTP HTTPS IBAN IBM IBS ICU ID IE IOS IP IPO IQ IRA IRS ISO ISP IT ITIN IV JFK KO KPI LA "
    "LAX LLC LLP MC MDT MLB MMS MOU MRI MSN MST NBA NBC NCAA NDA NFL NHL NIH NPR NY NYC NZ OAP OCD OK OLED ORD OSX "
    "OTC OTP P&L PBS PC PDT PE PHP PM PO PR PS PST PTSD QR RFP RNA ROI RSVP SFO SLA SMS SOS SQL SSA SSN SUV TGIF TSA "
    "TV UAE UFC UFO UI UK UN UPS URL US USA USB USDA USDT USPS USS UTC UTI UX VAT VIP VOD VPN XML"
)
"""Said letter by letter, although they could be words."""

ENGLISH_COMMON_CAPITALS = words(
    "a all also am an and any are area army as at away baby back bad bag ball bank bar base bath be bed been "
    "best bet bid big bill bit blue body book both box boy bus but buy by bye call came can car card care case cash "
    "cat city club code cold come cool cost cup cut dad dark data date day dead deal dear deep did die do dog "
    "done door down draw drop dry due each east easy eat edge else end even ever exit face fact fail fair fall "
    "far farm fast fear fee feel feet fell few file fill film find fine fire firm fish five fix flat flow fly "
    "food foot for form four free from fuel full fun fund gain game gate gave get gift girl give glad go goal "
    "god goes gold gone good got grow gun guy had hair half hall hand hard has have he head hear heat help her "
    "here hey high him his hit hold home hope hot hour how huge i idea if in into is it item its job join jump "
    "just keep kept key kid kind know lack lady land last late law lay lead left less let lie life lift like "
    "line link list live long look lose loss lost lot love low mad made mail main make man many map max may me "
    "meal mean meet men menu met mile min mind miss mix mode mom more most move much must my name near need new "
    "news next nice nine no none nor not note now odd of off oh oil okay old on once one only onto open or our "
    "out over own pack page paid pain park part pass past path pay pet pick plan play plus poor post pull push "
    "put rain ran rate read real red rent rest rich rid ride ring rise risk road rob rock role room rule run "
    "sad safe said sale same sat save saw say sea seat see seem sell send sent set she ship shop show sick side "
    "sign sir sit site six size skip sky slow snow so soft sold some son song soon sort star stay step stop "
    "such sun sure take talk tax tea tell ten term test text than that the them then they thin this time tip to "
    "told too top tour town toy tree trip true try turn two type unit up upon urgent us use used user vary very "
    "via view vote wait walk wall want war warm was wash way we wear week well went were wet what when who whom "
    "why wide wife will win wind wine wish with won wood word wore work yard year yes yet you your zero zip "
    "zone"
)
"""Everyday words of up to four letters, which are not acronyms when written in capitals."""

ENGLISH_OPENERS = words(
    "a after again all allow also although an and any apply are arrive as ask at be because before both bring but "
    "by call can cancel check click closed come confirm contact could dear dial did do does doors each enter "
    "every expect first follow for from get go good great had has have he hello her here hi his how however i if "
    "in is it its just last leave let limit log make many may meet might most must my new next no not now offer "
    "on once one only open or our pay please pls plz press questions reply reschedule return ring schedule see "
    "she should show sign since so some sorry start stop take term terms text thank thanks that the their then "
    "there these they this those three tickets to today tomorrow tonight turn two txt until use visit was we wear "
    "welcome were what when where while who why will with would yes yesterday you your"
)
"""Words that begin a new sentence if they have a capital and follow the dot of an abbreviation."""


STREETS = {
    "st": "Street", "ave": "Avenue", "av": "Avenue", "rd": "Road", "dr": "Drive", "ln": "Lane",
    "blvd": "Boulevard", "hwy": "Highway", "pkwy": "Parkway", "expy": "Expressway", "expwy": "Expressway",
    "fwy": "Freeway", "ct": "Court", "pl": "Place", "sq": "Square", "cir": "Circle", "ter": "Terrace",
    "terr": "Terrace", "trl": "Trail", "tpke": "Turnpike", "xing": "Crossing", "plz": "Plaza", "cres": "Crescent",
    "gdns": "Gardens", "cl": "Close", "bldg": "Building", "mt": "Mount", "hts": "Heights", "ctr": "Center",
    "aly": "Alley", "pk": "Park",
}  # fmt: skip
"""Abbreviated kinds of streets, after the name of the street."""

AMBIGUOUS_STREETS = words("av cl ct dr mt pk pl st")
"""Those that are also something else: Saint, Doctor."""

STREET_WORDS = words(
    "alley avenue boulevard broadway circle close court crescent crossing drive expressway freeway gardens "
    "highway lane parkway place plaza road row square street terrace trail turnpike way"
)
"""Kinds of streets in full."""

DIRECTIONS = {
    "n": "North", "s": "South", "e": "East", "w": "West", "ne": "Northeast", "nw": "Northwest", "se": "Southeast",
    "sw": "Southwest",
}  # fmt: skip

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho",
    "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina",
    "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania",
    "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas",
    "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin",
    "WY": "Wyoming", "DC": "D C",
}  # fmt: skip

NUMBERED = words(
    "ch vol pt sec fig art no app "
    "act annex annexe apollo appendix article book bowl category chapter class division episode exhibit factor "
    "figure generation grade group lesson level mark module olympics part phase region rocky round scene "
    "schedule season section series stage step table tier title type unit version vol volume war"
)
"""Nouns after which a Roman numeral is a cardinal: "World War II" is "two". After a name it is "the second"."""

CLASSES = words("category class factor grade group level phase stage tier type")
"""Those after which a single letter is a numeral in running text, too: "type I diabetes", but not "the part I like"."""

CREDENTIALS = words("MD PA MA MS ND DC")
"""States that are also degrees and professions after the name of a person: "Dr. Amy Nguyen, MD"."""

STATES_AS_WORDS = words("AL CO DE HI ID IN LA MA ME MS OH OK OR PA")
"""States whose letters are also a word or an abbreviation, so that they need the end of a clause or a ZIP code."""
