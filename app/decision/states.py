"""The states as people write them, so that "Maine" finds ME."""

_NAMES = """AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|
DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|
LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|
NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|
OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|PR Puerto Rico|RI Rhode Island|SC South Carolina|SD South Dakota|
TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming"""

NAMES = {entry.strip()[:2]: entry.strip()[3:] for entry in _NAMES.replace("\n", "").split("|")}
_CODES = {name.lower(): code for code, name in NAMES.items()}


def code_of(word: str) -> str:
    """The code of a state by its name; anything else in capitals, as it may be a code itself."""
    return _CODES.get(word.lower(), word.upper())


def name_of(code: str) -> str:
    """Maine for ME; what is no code stays as it is."""
    return NAMES.get(code, code)
