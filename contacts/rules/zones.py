"""Where a Brazilian phone or address may be: area codes and states, as sets of time zones and states.

The house's own table. The one shipped with phone-number libraries is wrong for the area codes 81, 91,
93, 94 and 97, and never answers two zones for an area code that spans two.

Sources: the Federal Government's list of municipalities with their area codes; IANA tzdata, zone.tab and
its notes on the river Xingu; Laws 11.662/2008 and 12.876/2013 (zones of the states); Decree 9.772/2019 (no
daylight saving time).
"""

from collections_crm.lib.names import fold

#: State -> the zone of its capital; AM and PE have municipalities in another one.
ZONE_OF_STATE: dict[str, str] = {
    "AC": "America/Rio_Branco",
    "AL": "America/Maceio",
    "AM": "America/Manaus",
    "AP": "America/Belem",
    "BA": "America/Bahia",
    "CE": "America/Fortaleza",
    "DF": "America/Sao_Paulo",
    "ES": "America/Sao_Paulo",
    "GO": "America/Sao_Paulo",
    "MA": "America/Fortaleza",
    "MG": "America/Sao_Paulo",
    "MS": "America/Campo_Grande",
    "MT": "America/Cuiaba",
    "PA": "America/Belem",
    "PB": "America/Fortaleza",
    "PE": "America/Recife",
    "PI": "America/Fortaleza",
    "PR": "America/Sao_Paulo",
    "RJ": "America/Sao_Paulo",
    "RN": "America/Fortaleza",
    "RO": "America/Porto_Velho",
    "RR": "America/Boa_Vista",
    "RS": "America/Sao_Paulo",
    "SC": "America/Sao_Paulo",
    "SE": "America/Maceio",
    "SP": "America/Sao_Paulo",
    "TO": "America/Araguaina",
}

#: Area code -> states in which its numbers were given out.
STATES_OF_AREA_CODE: dict[str, tuple[str, ...]] = {
    "11": ("SP",),
    "12": ("SP",),
    "13": ("SP",),
    "14": ("SP",),
    "15": ("SP",),
    "16": ("SP",),
    "17": ("SP",),
    "18": ("SP",),
    "19": ("SP",),
    "21": ("RJ",),
    "22": ("RJ",),
    "24": ("RJ",),
    "27": ("ES",),
    "28": ("ES",),
    "31": ("MG",),
    "32": ("MG",),
    "33": ("MG",),
    "34": ("MG",),
    "35": ("MG",),
    "37": ("MG",),
    "38": ("MG",),
    "41": ("PR",),
    "42": ("PR", "SC"),
    "43": ("PR",),
    "44": ("PR",),
    "45": ("PR",),
    "46": ("PR",),
    "47": ("SC", "PR"),
    "48": ("SC",),
    "49": ("SC", "PR"),
    "51": ("RS",),
    "53": ("RS",),
    "54": ("RS",),
    "55": ("RS",),
    "61": ("GO", "DF"),
    "62": ("GO",),
    "63": ("TO",),
    "64": ("GO",),
    "65": ("MT",),
    "66": ("MT",),
    "67": ("MS",),
    "68": ("AC",),
    "69": ("RO",),
    "71": ("BA",),
    "73": ("BA",),
    "74": ("BA",),
    "75": ("BA",),
    "77": ("BA",),
    "79": ("SE",),
    "81": ("PE",),
    "82": ("AL",),
    "83": ("PB",),
    "84": ("RN",),
    "85": ("CE",),
    "86": ("PI",),
    "87": ("PE",),
    "88": ("CE",),
    "89": ("PI",),
    "91": ("PA",),
    "92": ("AM",),
    "93": ("PA",),
    "94": ("PA",),
    "95": ("RR",),
    "96": ("AP",),
    "97": ("AM",),
    "98": ("MA",),
    "99": ("MA",),
}

#: Area codes whose zones are not simply those of their states' capitals.
_ZONES_OF_ODD_AREA_CODE: dict[str, tuple[str, ...]] = {
    "81": ("America/Recife", "America/Noronha"),
    "93": ("America/Santarem",),
    "97": ("America/Manaus", "America/Eirunepe"),
}

#: States with municipalities in two zones: where the municipality is not a known one, both may be true.
_ZONES_OF_SPLIT_STATE: dict[str, tuple[str, ...]] = {
    "AM": ("America/Manaus", "America/Eirunepe"),
    "PA": ("America/Belem", "America/Santarem"),
    "PE": ("America/Recife", "America/Noronha"),
}

#: State -> zone -> municipalities that lie in it, as plain lower-case names.
_CITIES_OF_SPLIT_STATE: dict[str, dict[str, str]] = {
    "AM": {
        "America/Eirunepe": """
            atalaia do norte, benjamin constant, boca do acre, eirunepe, envira, guajara, ipixuna, itamarati,
            jutai, labrea, pauini, sao paulo de olivenca, tabatinga""",
        "America/Manaus": """
            alvaraes, amatura, anama, anori, apui, autazes, barcelos, barreirinha, beruri, boa vista do ramos,
            borba, caapiranga, canutama, carauari, careiro, careiro da varzea, coari, codajas, fonte boa,
            humaita, iranduba, itacoatiara, itapiranga, japura, jurua, manacapuru, manaquiri, manaus,
            manicore, maraa, maues, nhamunda, nova olinda do norte, novo airao, novo aripuana, parintins,
            presidente figueiredo, rio preto da eva, santa isabel do rio negro, santo antonio do ica,
            sao gabriel da cachoeira, sao sebastiao do uatuma, silves, tapaua, tefe, tonantins, uarini,
            urucara, urucurituba""",
    },
    "PA": {
        "America/Belem": "ananindeua, belem, maraba, sao felix do xingu",
        "America/Santarem": "altamira, obidos, oriximina, prainha, santarem",
    },
}
_ZONE_OF_CITY: dict[tuple[str, str], str] = {
    (state, city.strip()): zone
    for state, zones in _CITIES_OF_SPLIT_STATE.items()
    for zone, cities in zones.items()
    for city in cities.split(",")
}


def area_code(number: str) -> str:
    """Return the two digits of a Brazilian E.164 number's area code, or "" for any other text."""
    return number[3:5] if number.startswith("+55") and len(number) in (13, 14) else ""


def zones_of_number(number: str) -> frozenset[str]:
    """Return every zone in which an E.164 number may be; empty when the area code is not Brazilian."""
    code = area_code(number)
    odd = _ZONES_OF_ODD_AREA_CODE.get(code)
    return frozenset(odd or (ZONE_OF_STATE[state] for state in STATES_OF_AREA_CODE.get(code, ())))


def states_of_number(number: str) -> frozenset[str]:
    """Return every state in which an E.164 number may have been given out."""
    return frozenset(STATES_OF_AREA_CODE.get(area_code(number), ()))


def zones_of_address(*, state: str, city: str) -> frozenset[str]:
    """Return the zones of an address; its municipality decides where known, else its state.

    In a state of two zones a municipality that is missing, or written as nobody knows it, may be in
    either: a slip of the pen must not open an hour. Empty for no known state.
    """
    if state not in ZONE_OF_STATE:
        return frozenset()
    name = fold(city)
    if state == "PE" and name:  # one island; its villages are often given as the city
        is_the_island = "noronha" in name or name == "vila dos remedios"
        return frozenset({"America/Noronha" if is_the_island else ZONE_OF_STATE[state]})
    if (state, name) in _ZONE_OF_CITY:
        return frozenset({_ZONE_OF_CITY[state, name]})
    return frozenset(_ZONES_OF_SPLIT_STATE.get(state, (ZONE_OF_STATE[state],)))


def all_zones() -> frozenset[str]:
    """Return every zone in which somebody in Brazil may be."""
    return frozenset(ZONE_OF_STATE.values()) | frozenset(
        zone for zones in _ZONES_OF_SPLIT_STATE.values() for zone in zones
    )
