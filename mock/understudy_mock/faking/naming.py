"""What a contract says of a field goes in; what kind of thing it is comes out, or None where nothing tells.

Told by its name, its description and its format, and by what it belongs to and stands beside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")

_NAMES = {
    "email": "email email_address mail e_mail",
    "first_name": "first_name given_name firstname forename fname",
    "last_name": "last_name family_name surname lastname lname",
    "full_name": "full_name display_name real_name contact_name customer_name owner_name author_name agent_name "
    "user_full_name person_name holder cardholder_name recipient_name sender_name",
    "handle": "username user_name login handle nickname screen_name",
    "password": "password passphrase",
    "phone": "phone phone_number mobile mobile_number telephone tel fax msisdn cell caller callee caller_id "
    "phone_no whatsapp e164 did dialed_number",
    "company": "company company_name organization organisation organization_name vendor vendor_name merchant "
    "employer supplier brand manufacturer business_name legal_name carrier provider",
    "job": "job_title occupation job position profession",
    "department": "department team division",
    "street": "street street_address address address_line address_line1 address_line_1 address1 line1 line_1",
    "street_more": "address_line2 address_line_2 address2 line2 line_2 suite apartment",
    "city": "city town locality municipality place",
    "state": "state province region county state_province administrative_area",
    "postcode": "zip zip_code zipcode postal_code postcode postal",
    "country": "country country_name",
    "country_code": "country_code iso_country country_iso territory nationality",
    "latitude": "latitude lat",
    "longitude": "longitude lng lon long",
    "zone": "timezone time_zone tz",
    "currency": "currency currency_code",
    "language": "locale language lang language_code",
    "url": "url uri link href website web_site homepage home_page web_url html_url site permalink",
    "callback": "callback_url webhook_url redirect_uri redirect_url return_url notify_url endpoint",
    "image": "image image_url avatar avatar_url photo photo_url thumbnail thumbnail_url picture picture_url icon "
    "icon_url logo logo_url cover cover_url",
    "domain": "domain domain_name hostname host fqdn",
    "ip": "ip ip_address ipv4 remote_addr client_ip",
    "mac": "mac mac_address",
    "user_agent": "user_agent",
    "color": "color colour hex_color",
    "slug": "slug permalink_slug url_key",
    "title": "title subject headline heading topic",
    "label": "label tag category category_name group group_name caption",
    "text": "description summary bio about comment message body text note notes content details remarks reason "
    "instructions feedback review excerpt abstract",
    "product": "product product_name item_name plan_name",
    "sku": "sku product_code article_number part_number",
    "token": "token secret api_key access_token refresh_token key hash checksum digest signature sha etag nonce "
    "client_secret session_token",
    "version": "version revision release",
    "uuid": "uuid guid",
    "reference": "reference reference_number invoice_number order_number tracking_number ticket_number "
    "confirmation_number number code reference_id account_number",
    "iban": "iban",
    "bic": "bic swift swift_code",
    "last4": "last4 last_four card_last4 last_4",
    "card_brand": "card_brand card_type",
    "gender": "gender sex",
    "file_name": "file_name filename file attachment",
    "media_type": "mime_type mimetype content_type media_type",
    "path": "path file_path",
    "begun": "created created_at create_time creation_date date_created created_date created_on inserted_at added_at "
    "registered_at joined_at purchased_at ordered_at placed_at signup_date registration_date timestamp date time",
    "changed": "updated updated_at update_time modified modified_at last_modified date_updated last_updated "
    "changed_at edited_at last_seen last_login last_seen_at last_login_at last_activity",
    "start": "start starts start_at starts_at start_date start_time begin begins_at from_date valid_from "
    "effective_date scheduled_at scheduled_for departure departure_time check_in",
    "end": "end ends end_at ends_at end_date end_time finish finished_at to_date until arrival arrival_time "
    "check_out completed_at",
    "expiry": "expires expires_at expiry expiry_date expiration expiration_date valid_until valid_to due due_at "
    "due_date deadline renews_at next_billing_date expires_on",
    "born": "birthday birth_date date_of_birth birthdate dob born born_at",
    "duration": "duration duration_seconds seconds ttl timeout elapsed length",
    "age": "age",
    "year": "year",
    "month": "month",
    "day": "day day_of_month",
    "hour": "hour",
    "minute": "minute",
    "port": "port port_number",
    "count": "count quantity qty total_count count_total stock inventory members seats views likes followers "
    "total_items total_results visits",
    "page": "page current_page page_number",
    "size": "size size_bytes bytes file_size",
    "percent": "percent percentage progress completion discount_percent",
    "rating": "rating stars score",
    "price": "price amount cost total subtotal fee balance amount_due unit_price total_price price_total tax "
    "discount salary revenue monthly_price setup_fee amount_paid grand_total",
    "rate": "rate ratio tax_rate exchange_rate interest_rate",
    "weight": "weight mass",
    "extent": "width height depth distance radius",
    "priority": "priority rank order sort_order position_index",
    "isbn": "isbn isbn13",
    "id": "id identifier",
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names.split()}

_FORMATS = {
    "email": "email",
    "idn-email": "email",
    "hostname": "domain",
    "ipv4": "ip",
    "uri": "url",
    "url": "url",
    "phone": "phone",
    "uuid": "uuid",
    "date-time": "begun",
    "date": "begun",
    "password": "password",
}
"""What a format says where the name says nothing."""

_DESCRIBED = (
    (re.compile(r"E\.?164|phone number|telephone", re.IGNORECASE), "phone"),
    (re.compile(r"e-?mail", re.IGNORECASE), "email"),
    (re.compile(r"ISO[ -]?4217|currency code", re.IGNORECASE), "currency"),
    (re.compile(r"ISO[ -]?3166|country code", re.IGNORECASE), "country_code"),
    (re.compile(r"BCP[ -]?47|language code|ISO[ -]?639", re.IGNORECASE), "language"),
    (re.compile(r"time ?zone|IANA zone", re.IGNORECASE), "zone"),
    (re.compile(r"\bIBAN\b"), "iban"),
    (re.compile(r"\bURL\b|\bURI\b|\blink to\b", re.IGNORECASE), "url"),
    (re.compile(r"\bUUID\b", re.IGNORECASE), "uuid"),
    (re.compile(r"full name of|name of the (person|user|customer|owner)", re.IGNORECASE), "full_name"),
)

_PEOPLE = _set(
    "user person people customer contact member employee author owner agent patient student teacher buyer seller "
    "recipient sender assignee creator profile driver guest passenger player subscriber lead admin client"
)
_FIRMS = _set("company organization organisation vendor merchant supplier brand employer carrier partner tenant")
_GOODS = _set("product item article plan package service variant sku dish")
_PLACES = _set("city town place location venue store")
_BESIDE_PEOPLE = frozenset(("email", "first_name", "last_name", "born", "gender", "handle"))
_BESIDE_GOODS = frozenset(("price", "sku"))
_SAID_OF_TEXT = frozenset(("text", "title", "label", "reference"))
"""Kinds so general that a description that tells more goes first."""


@dataclass(frozen=True)
class Field:
    """Where a value is to stand: the property's name, whose property it is, what else that has, and the schema."""

    name: str = ""
    owner: str = ""
    beside: frozenset[str] = frozenset()
    keywords: dict[str, Any] = field(default_factory=dict, repr=False)
    number: int | None = None
    """Which item of a list it is, or stands in; the first is 0."""


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """Take a name apart: `billingAddress_line1` → billing, address, line1."""
    return tuple(part.lower() for part in _BREAK.split(name) if part)


def kind_of(at: Field) -> str | None:
    """Tell what kind of thing a field holds: by its name, else by its description, else by its format."""
    named, described = _by_name(at), _by_description(at.keywords.get("description"))
    if named is None or (named in _SAID_OF_TEXT and described):
        named = described or named
    return named or _FORMATS.get(str(at.keywords.get("format")))


def _by_name(at: Field) -> str | None:
    parts = words(at.name)
    if parts in (("name",), ("names",)):
        return _whose_name(at)
    for start in range(len(parts)):
        kind = _KINDS.get("_".join(parts[start:])) or _KINDS.get(_singular("_".join(parts[start:])))
        if kind:
            return kind
        if parts[start:] == ("name",):
            return _whose_name(Field(owner=parts[start - 1]))
        if len(parts) - start == 1 and parts[start] in ("at", "on") and start:
            return "begun"
    return None


def _singular(text: str) -> str:
    return text[:-3] + "y" if text.endswith("ies") else text.removesuffix("s")


def _whose_name(at: Field) -> str:
    """Tell whose name a bare `name` is: by what has it, else by what stands beside it."""
    owner = {_singular(part) for part in words(at.owner)} | set(words(at.owner))
    beside = {_KINDS.get("_".join(words(name))) for name in at.beside}
    for owners, kind in ((_PEOPLE, "full_name"), (_FIRMS, "company"), (_GOODS, "product"), (_PLACES, "city")):
        if owner & owners:
            return kind
    if beside & _BESIDE_PEOPLE:
        return "full_name"
    return "product" if beside & _BESIDE_GOODS else "label"


def _by_description(text: Any) -> str | None:
    if not isinstance(text, str):
        return None
    return next((kind for pattern, kind in _DESCRIBED if pattern.search(text)), None)
