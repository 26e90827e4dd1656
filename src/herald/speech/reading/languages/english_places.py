"""Names within English addresses, and the nouns before Roman numerals."""

from herald.speech.reading.table import spread, words

STREETS = spread({
    "st": "Street", "ave|av": "Avenue", "rd": "Road", "dr": "Drive", "ln": "Lane", "blvd": "Boulevard",
    "hwy": "Highway", "pkwy": "Parkway", "expy|expwy": "Expressway", "fwy": "Freeway", "ct": "Court", "pl": "Place",
    "sq": "Square", "cir": "Circle", "ter|terr": "Terrace", "trl": "Trail", "tpke": "Turnpike", "xing": "Crossing",
    "plz": "Plaza", "cres": "Crescent", "gdns": "Gardens", "cl": "Close", "bldg": "Building", "mt": "Mount",
    "hts": "Heights", "ctr": "Center", "aly": "Alley", "pk": "Park",
})  # fmt: skip
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
    "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine",
    "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri",
    "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
    "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee",
    "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia",
    "WI": "Wisconsin", "WY": "Wyoming", "DC": "D C",
}  # fmt: skip

NUMBERED = words(
    "ch vol pt sec fig art no app act annex annexe apollo appendix article book bowl category chapter class division "
    "episode exhibit factor figure generation grade group lesson level mark module olympics part phase region rocky "
    "round scene schedule season section series stage step table tier title type unit version vol volume war"
)
"""Nouns after which a Roman numeral is a cardinal: "World War II" is "two". After a name it is "the second"."""

CLASSES = words("category class factor grade group level phase stage tier type")
"""Those after which a single letter is a numeral in running text, too: "type I diabetes", but not "the part I like"."""

CREDENTIALS = words("MD PA MA MS ND DC")
"""States that are also degrees and professions after the name of a person: "Dr. Amy Nguyen, MD"."""

STATES_AS_WORDS = words("AL CO DE HI ID IN LA MA ME MS OH OK OR PA")
"""States whose letters are also a word or an abbreviation, so that they need the end of a clause or a ZIP code."""
