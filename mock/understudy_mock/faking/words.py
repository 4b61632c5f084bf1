"""The lists that made-up values are put together from. Hosts and numbers in them belong to nobody."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words(
    "Ada Alex Amara Aylin Ben Carla Chen Dario Elif Emma Farid Freya Grace Hana Hugo Ines Ivan Jonas Kofi "
    "Lara Leo Lin Maja Malik Marta Mateo Mina Nadia Noah Nora Omar Paula Priya Rafael Rosa Samir Sara "
    "Sofia Theo Tomas Vera Yara Yusuf Zoe"
)
LAST_NAMES = _words(
    "Adeyemi Andersson Aydin Bauer Bianchi Carter Chen Costa Diaz Dubois Fischer Garcia Haddad Hughes "
    "Ivanova Jansen Kaya Kim Kowalski Lindqvist Lopez Martin Mensah Meyer Morgan Nakamura Novak Okafor "
    "Olsen Patel Peeters Petrov Rossi Santos Sato Schmidt Silva Singh Tanaka Taylor Varga Weber Yilmaz "
    "Zhang"
)
PREFIXES, SUFFIXES = ("Mr.", "Mrs.", "Ms.", "Dr."), ("Jr.", "Sr.", "II", "III", "PhD")
GENDERS = ("Female", "Male", "Non-binary")
JOB_DESCRIPTORS = ("Lead", "Senior", "Junior", "Regional", "Chief", "Principal")
JOB_AREAS = ("Support", "Sales", "Product", "Research", "Operations", "Security", "Marketing", "Quality")
JOB_TYPES = ("Engineer", "Manager", "Analyst", "Designer", "Consultant", "Coordinator")
CITIES = (
    *("Amsterdam", "Ankara", "Bergen", "Bologna", "Boston", "Bristol", "Cape Town", "Denver", "Geneva", "Hamburg"),
    *("Istanbul", "Izmir", "Krakow", "Leeds", "Lisbon", "Lyon", "Madrid", "Nairobi", "Osaka", "Oslo", "Porto"),
    *("Prague", "Seattle", "Seville", "Toronto", "Turin", "Utrecht", "Valencia", "Vienna", "Zurich"),
)
STREETS = _words("Bridge Castle Church Elm Garden Harbour Hill Lake Maple Market Mill Oak River")
STREET_SUFFIXES = ("Street", "Road", "Avenue", "Lane", "Square")
COUNTRIES = {
    "AT": "Austria",
    "BR": "Brazil",
    "CA": "Canada",
    "CH": "Switzerland",
    "DE": "Germany",
    "ES": "Spain",
    "FR": "France",
    "GB": "United Kingdom",
    "IT": "Italy",
    "JP": "Japan",
    "KE": "Kenya",
    "NL": "Netherlands",
    "NO": "Norway",
    "PL": "Poland",
    "PT": "Portugal",
    "TR": "Türkiye",
    "US": "United States",
    "ZA": "South Africa",
}
STATES = {"CA": "California", "CO": "Colorado", "MA": "Massachusetts", "NY": "New York", "OR": "Oregon", "TX": "Texas"}
COUNTIES = ("Avon", "Cumbria", "Devon", "Essex", "Kent", "Norfolk", "Suffolk", "Surrey")
DIRECTIONS = ("North", "Northeast", "East", "Southeast", "South", "Southwest", "West", "Northwest")
TIME_ZONES = ("America/New_York", "Asia/Tokyo", "Europe/Berlin", "Europe/Istanbul", "Europe/London", "UTC")
ANIMALS = {
    "bird": ("Barn Owl", "Blackbird", "Kestrel", "Robin", "Stork", "Swift"),
    "cat": ("Abyssinian", "Bengal", "Birman", "Maine Coon", "Siamese"),
    "dog": ("Beagle", "Border Collie", "Dachshund", "Poodle", "Terrier"),
    "type": ("bear", "bird", "cat", "dog", "fish", "horse", "rabbit"),
}
COLOURS = _words("azure black blue gold green grey indigo lime olive orange red teal white")
DEPARTMENTS = ("Books", "Clothing", "Electronics", "Garden", "Grocery", "Health", "Home", "Music", "Outdoors", "Toys")
ADJECTIVES = ("Compact", "Elegant", "Handmade", "Light", "Modern", "Practical", "Reliable", "Small", "Sturdy", "Warm")
MATERIALS = ("Cotton", "Granite", "Linen", "Metal", "Oak", "Rubber", "Steel", "Wool")
PRODUCTS = ("Bag", "Bottle", "Chair", "Desk", "Hat", "Keyboard", "Lamp", "Mug", "Notebook", "Shirt", "Table", "Towel")
COMPANY_SUFFIXES = ("Group", "Inc", "LLC", "Ltd", "and Sons")
PHRASES = _words("deliver design grow improve share simplify"), _words("clear fair local open secure simple")
THINGS = ("markets", "networks", "platforms", "schedules", "services", "systems")
CURRENCIES = {
    "CHF": ("Swiss Franc", "CHF"),
    "EUR": ("Euro", "€"),
    "GBP": ("Pound Sterling", "£"),
    "JPY": ("Yen", "¥"),
    "TRY": ("Turkish Lira", "₺"),
    "USD": ("US Dollar", "$"),
}
ACCOUNTS = ("Checking Account", "Savings Account", "Credit Card Account", "Investment Account")
TRANSACTIONS = ("deposit", "invoice", "payment", "withdrawal")
LOREM = _words(
    "ad aliqua aliquip amet anim aute cillum commodo consequat culpa deserunt do dolor dolore duis ea "
    "elit enim esse est et eu ex fugiat id in ipsum irure labore laboris lorem magna minim mollit nisi "
    "non nostrud nulla occaecat officia pariatur proident qui quis sed sint sit sunt tempor ullamco ut "
    "velit veniam"
)
DOMAIN_SUFFIXES = ("example", "test")
"""Kept free for such purposes (RFC 2606, 2)."""
VERBS = ("DELETE", "GET", "PATCH", "POST", "PUT")
STATUSES = (200, 201, 204, 301, 304, 400, 401, 403, 404, 409, 422, 429, 500, 503)
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
    "curl/8.5.0",
    "PostmanRuntime/7.36.0",
)
EMOJI = ("🌱", "🌍", "🎈", "🎵", "🐟", "🚲", "😀", "🙂")
MIME_TYPES = {
    "csv": "text/csv",
    "html": "text/html",
    "jpg": "image/jpeg",
    "json": "application/json",
    "mp3": "audio/mpeg",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": "text/plain",
}
FUELS, VEHICLE_TYPES = _words("Diesel Electric Gasoline Hybrid"), _words("Coupe Estate Hatchback Minivan Saloon SUV")
MAKERS = {"Fiat": ("500", "Panda"), "Ford": ("Fiesta", "Focus"), "Honda": ("Civic", "Jazz"), "Volvo": ("EX30", "V60")}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = _words("January February March April May June July August September October November December")
COLUMNS, ENGINES = ("createdAt", "email", "id", "name", "status", "token"), ("ARCHIVE", "InnoDB", "MEMORY", "MyISAM")
COLUMN_TYPES = ("bigint", "boolean", "date", "decimal", "int", "text", "timestamp", "varchar")
