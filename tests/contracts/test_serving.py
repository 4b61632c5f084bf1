"""What the vendors document is what the mock says: every example, every sample of their pages, every error."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from understudy.contract.loading import load
from understudy_mock.app import MockApp, mock_app

if TYPE_CHECKING:
    from understudy.contract.model import Contract

CONTRACTS = {name: load(name) for name in ("talkover", "talkturo")}
AGENT = "550e8400-e29b-41d4-a716-446655440000"
RELEASE = {
    "reason": "We migrated outbound calling to a new toll-free number and no longer need this DID.",
}
DID = {"country_code": "US", "number": "+15551234567"}
PURCHASE = {"phoneNumber": "+14155550101", "teamId": "team_01j..."}
FILTERS = {"countryCode": "US", "areaCode": "415", "numberType": "local", "limit": 10}
TOKEN = "Bearer talq_your_environment_token_here"  # noqa: S105 - the one of the vendor's pages


@dataclass(frozen=True)
class Call:
    """A good request for an operation."""

    contract: str
    method: str
    path: str
    body: Any = None


CALLS = {
    "listPhoneNumbers": Call("talkover", "GET", "/api/v1/phone-numbers"),
    "listReleaseRequests": Call("talkover", "GET", "/api/v1/phone-numbers/release-requests"),
    "cancelReleaseRequest": Call("talkover", "DELETE", "/api/v1/phone-numbers/release-requests/request-uuid-1"),
    "requestPhoneRelease": Call("talkover", "POST", "/api/v1/phone-numbers/phone-uuid-1/request-release", RELEASE),
    "listDids": Call("talkover", "GET", "/api/v1/sip-trunks/trunk-uuid-1/dids"),
    "createDid": Call("talkover", "POST", "/api/v1/sip-trunks/trunk-uuid-1/dids", DID),
    "updateAgentCalling": Call("talkover", "PUT", f"/api/v1/agents/{AGENT}/calling", {"direction": "inbound"}),
    "listVoiceTemplates": Call("talkover", "GET", "/api/v1/voice-templates"),
    "generateVoiceDemo": Call("talkover", "GET", "/api/v1/voice-templates/voice-template-uuid-1/demo"),
    "searchPhoneNumbers": Call("talkturo", "POST", "/api/phone-numbers/search", {"filters": FILTERS}),
    "purchasePhoneNumber": Call("talkturo", "POST", "/api/phone-numbers/purchase", PURCHASE),
    "listPurchasedPhoneNumbers": Call("talkturo", "GET", "/api/phone-numbers/purchase?teamId=team_01j..."),
}


@dataclass
class Client:
    """Talks to a mock of both contracts in this process."""

    app: MockApp = field(default_factory=lambda: mock_app(list(CONTRACTS.values())))

    def ask(
        self, method: str, path: str, body: Any = None, token: str | None = TOKEN, **headers: str
    ) -> httpx.Response:
        sent = {**({"authorization": token} if token else {}), **headers}

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app.asgi)
            async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
                return await client.request(method, path, json=body, headers=sent)

        return asyncio.run(ask())

    def call(self, operation: str, **headers: str) -> httpx.Response:
        made = CALLS[operation]
        return self.ask(made.method, made.path, made.body, **headers)


@pytest.fixture
def client() -> Client:
    return Client()


def literal(text: str | bytes) -> str:
    """Read JSON so that equal means: the same keys in the same order, numbers written alike."""
    return repr(json.loads(text, parse_float=Decimal))


def documented(contract: Contract) -> list[tuple[str, str, str, Any]]:
    """List operation, status, name and value of every example of a response."""
    return [
        (
            operation.id,
            status,
            name,
            contract.follow((*placed.tokens, "content", media, "examples", name)).value["value"],
        )
        for operation in contract.operations
        for status, placed in operation.responses.items()
        for media, declared in placed.value["content"].items()
        for name in declared["examples"]
    ]


EXAMPLES = [entry for contract in CONTRACTS.values() for entry in documented(contract)]


def test_the_table_of_calls_is_complete() -> None:
    assert CALLS.keys() == {operation.id for contract in CONTRACTS.values() for operation in contract.operations}


@pytest.mark.parametrize(
    ("operation", "status", "name", "value"), EXAMPLES, ids=[f"{entry[0]}-{entry[1]}-{entry[2]}" for entry in EXAMPLES]
)
def test_every_example_can_be_had(client: Client, operation: str, status: str, name: str, value: Any) -> None:
    answer = client.call(operation, prefer=f"code={status}, example={name}")
    assert answer.status_code == int(status)
    assert literal(answer.content) == repr(value)
    assert answer.headers["preference-applied"] == f"code={status}, example={name}"


SAMPLES = sorted((Path(__file__).parent / "samples").iterdir())
NAMES = {"requestPhoneRelease.422": ", example=numberInUse"}
"""The samples that are not the first example of their status."""


@pytest.mark.parametrize("sample", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_every_sample_of_the_pages_is_served(client: Client, sample: Path) -> None:
    operation, _, status = sample.stem.partition(".")
    answer = client.call(operation, prefer=f"code={status}{NAMES.get(sample.stem, '')}")
    assert answer.status_code == int(status)
    assert literal(answer.content) == literal(sample.read_text("utf-8"))


def sample(name: str) -> str:
    return literal((Path(__file__).parent / "samples" / f"{name}.json").read_text("utf-8"))


def test_lists_answer_their_samples_unasked(client: Client) -> None:
    assert literal(client.call("listPhoneNumbers").content) == sample("listPhoneNumbers.200")
    assert literal(client.call("searchPhoneNumbers").content) == sample("searchPhoneNumbers.200")


def test_documented_requests_get_the_documented_answers_but_for_what_the_pages_disagree_about(client: Client) -> None:
    release = client.call("requestPhoneRelease").text.replace("+1234567890", "+15551234567")
    assert literal(release) == sample("requestPhoneRelease.201")
    created = client.call("createDid").json()
    wanted = json.loads((Path(__file__).parent / "samples" / "createDid.201.json").read_text("utf-8"))
    assert created["data"].pop("id") not in ("phone-uuid-1", "phone-uuid-2")
    del wanted["data"]["id"]
    assert created == wanted
    bought = client.call("purchasePhoneNumber").text.replace('"telnyx_pn_01j..."', '"telnyx_..."')
    assert literal(bought.replace('"currentCount":1', '"currentCount":3')) == sample("purchasePhoneNumber.200")


def test_no_token_is_the_documented_401(client: Client) -> None:
    answer = client.ask("GET", CALLS["listPhoneNumbers"].path, token=None)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="mock"')
    assert literal(answer.content) == sample("listPhoneNumbers.401")


@pytest.mark.parametrize("operation", CALLS)
def test_every_operation_asks_for_a_token(client: Client, operation: str) -> None:
    made = CALLS[operation]
    answer = client.ask(made.method, made.path, made.body, token=None)
    assert answer.status_code == 401
    first = next(value for name, status, _, value in EXAMPLES if (name, status) == (operation, "401"))
    assert literal(answer.content) == repr(first)


def test_a_wrong_type_is_the_documented_422(client: Client) -> None:
    answer = client.ask("GET", "/api/v1/phone-numbers?type=landline")
    assert answer.status_code == 422
    assert literal(answer.content) == sample("listPhoneNumbers.422")


def test_a_second_release_request_is_the_documented_409(client: Client) -> None:
    client.call("requestPhoneRelease")
    answer = client.call("requestPhoneRelease")
    assert answer.status_code == 409
    assert literal(answer.content) == sample("requestPhoneRelease.409")


def test_the_release_of_a_number_in_use_is_the_documented_422(client: Client) -> None:
    body = {"direction": "inbound", "phone_number_ids": ["phone-uuid-1"]}
    assert client.ask("PUT", f"/api/v1/agents/{AGENT}/calling", body).status_code == 200
    answer = client.call("requestPhoneRelease")
    assert answer.status_code == 422
    assert literal(answer.content) == sample("requestPhoneRelease.422")


def test_the_same_did_twice_is_the_documented_409(client: Client) -> None:
    assert client.call("createDid").status_code == 201
    answer = client.call("createDid")
    assert answer.status_code == 409
    assert literal(answer.content) == sample("createDid.409")


def test_a_purchase_beyond_the_plan_is_the_documented_403(client: Client) -> None:
    numbers = iter([f"+1415555{number:04}" for number in range(11)])
    statuses = [
        client.ask("POST", "/api/phone-numbers/purchase", {**PURCHASE, "phoneNumber": number}).status_code
        for number in numbers
    ]
    assert statuses == [200] * 10 + [403]


def test_a_reset_brings_everything_back(client: Client) -> None:
    for operation in ("requestPhoneRelease", "createDid", "purchasePhoneNumber"):
        assert client.call(operation).is_success
    client.app.reset()
    for operation in ("requestPhoneRelease", "createDid", "purchasePhoneNumber"):
        assert client.call(operation).is_success
    client.app.reset()
    assert literal(client.call("listPhoneNumbers").content) == sample("listPhoneNumbers.200")


def test_every_answer_fits_the_contract_when_made_up(client: Client) -> None:
    for operation, status in sorted({(entry[0], entry[1]) for entry in EXAMPLES}):
        contract = CONTRACTS[CALLS[operation].contract]
        answer = client.call(operation, prefer=f"code={status}, dynamic=true")
        assert (answer.status_code, answer.headers["understudy-explain"]) == (int(status), "generated from the schema")
        found = next(one for one in contract.operations if one.id == operation).responses[status].tokens
        validator = contract.schemas.validator((*found, "content", "application/json", "schema"))
        assert list(validator.violations(answer.json())) == []
