"""Time zones by the city they are named after, as a Brazilian writes it."""

CITY_NAMES = {
    "Araguaina": "Araguaína",
    "Belem": "Belém",
    "Cuiaba": "Cuiabá",
    "Eirunepe": "Eirunepé",
    "Maceio": "Maceió",
    "Noronha": "Fernando de Noronha",
    "Santarem": "Santarém",
    "Sao Paulo": "São Paulo",
}


def city_of(zone: str) -> str:
    """Return the city of a zone's name: `America/Cuiaba` is `Cuiabá`."""
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    return CITY_NAMES.get(city, city)
