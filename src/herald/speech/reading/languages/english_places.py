"""Names within English addresses, and the nouns before Roman numerals."""

STREETS = {
    "st": "Street", "ave": "Avenue", "av": "Avenue", "rd": "Road", "dr": "Drive", "ln": "Lane", "blvd": "Boulevard", "hwy": "Highway",
    "pkwy": "Parkway", "expy": "Expressway", "expwy": "Expressway", "fwy": "Freeway", "ct": "Court", "pl": "Place", "sq": "Square",
    "cir": "Circle", "ter": "Terrace", "terr": "Terrace", "trl": "Trail", "tpke": "Turnpike", "xing": "Crossing", "plz": "Plaza", "cres": "Crescent",
    "gdns": "Gardens", "cl": "Close", "bldg": "Building", "mt": "Mount", "hts": "Heights", "ctr": "Center", "aly": "Alley", "pk": "Park",
}  # fmt: skip
"""Abbreviated kinds of streets, after the name of the street."""

AMBIGUOUS_STREETS = frozenset({"st", "dr", "mt", "ct", "pl", "cl", "av", "pk"})
"""Those that are also something else: Saint, Doctor."""

STREET_WORDS = frozenset({
    "street", "avenue", "road", "drive", "lane", "boulevard", "highway", "parkway", "expressway", "freeway", "court", "place", "square",
    "circle", "terrace", "trail", "turnpike", "way", "crossing", "plaza", "crescent", "gardens", "close", "row", "alley", "broadway",
})  # fmt: skip
"""Kinds of streets in full."""

DIRECTIONS = {
    "n": "North", "s": "South", "e": "East", "w": "West", "ne": "Northeast", "nw": "Northwest", "se": "Southeast", "sw": "Southwest",
}  # fmt: skip

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado", "CT": "Connecticut",
    "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa",
    "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan",
    "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas",
    "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming", "DC": "D C",
}  # fmt: skip

NUMBERED = frozenset(
    [
        "chapter",
        "part",
        "volume",
        "vol",
        "book",
        "act",
        "scene",
        "section",
        "title",
        "appendix",
        "article",
        "exhibit",
        "schedule",
        "annex",
        "figure",
        "table",
        "lesson",
        "module",
        "unit",
        "war",
        "bowl",
        "division",
        "region",
        "generation",
        "mark",
        "version",
        "category",
        "tier",
        "step",
        "episode",
        "season",
        "series",
        "round",
        "grade",
        "class",
        "level",
        "phase",
        "stage",
        "type",
        "group",
        "factor",
        "apollo",
        "rocky",
        "annexe",
        "olympics",
        "schedule",
    ]
)
"""Nouns after which a Roman numeral is a cardinal: "World War II" is "two". After a name it is "the second"."""

CLASSES = frozenset(["type", "phase", "stage", "class", "grade", "level", "category", "tier", "factor", "group"])
"""Those after which a single letter is a numeral in running text, too: "type I diabetes", but not "the part I like"."""
