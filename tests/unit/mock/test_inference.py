"""The styles of foreign APIs at work: what is created is read, listed, filtered, paged, changed and deleted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from understudy.contract.loading import load
from understudy_mock.app import mock_app
from understudy_mock.compiling import compile_contract
from understudy_mock.settings import Settings
from understudy_mock.state.actions import effects_of
from understudy_mock.state.keys import fresh_key
from understudy_mock.state.meaning import Field, Fields, meaning_of
from understudy_mock.state.memory import Memory
from understudy_mock.state.querying import read_cursor, write_cursor

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Mocked, Read, Serve

CONTRACTS = Path(__file__).parents[2] / "inference" / "contracts"
TEXT, NUMBER, TRUTH = frozenset(("string",)), frozenset(("integer",)), frozenset(("boolean",))


@pytest.fixture
def foreign(mocked: Serve) -> Callable[[str], Mocked]:
    made = mocked("paths: {}")

    def serve(name: str) -> Mocked:
        return type(made)(mock_app([load(str(CONTRACTS / f"{name}.yaml"))], Settings()))

    return serve


Foreign = Any


def test_composite_keys_and_flags(foreign: Foreign) -> None:
    mock = foreign("forge")
    assert mock.ask("POST /orgs/octo/repos", {"name": "new"}).status == 201
    assert mock.ask("GET /repos/octo/new").json["owner"] == {"login": "octo"}
    assert mock.ask("GET /repos/other/new").status == 404
    number = mock.ask("POST /repos/octo/new/issues", {"title": "Odd"}).json["number"]
    assert mock.ask("GET /repos/octo/new/issues").json[-1]["title"] == "Odd"
    place = f"/repos/octo/new/issues/{number}"
    assert mock.ask(f"PUT {place}/lock").status == 204
    assert mock.ask(f"GET {place}").json["locked"] is True
    assert mock.ask(f"DELETE {place}/lock").status == 204
    assert mock.ask(f"GET {place}").json["locked"] is False
    assert mock.ask("GET /repos/octo/hello/issues/" + str(number)).status == 404
    gist = mock.ask("POST /gists", {"description": "x"}).json["id"]
    assert [mock.ask(f"{method} /gists/{gist}/star").status for method in ("PUT", "GET", "DELETE", "GET")] == [
        *(204, 204, 204, 404)
    ]


def test_pages_by_number_and_the_link_header(foreign: Foreign) -> None:
    mock = foreign("forge")
    first = mock.ask("GET /orgs/octo/repos?per_page=1&sort=created&direction=desc", host="mock")
    assert [one["name"] for one in first.json] == ["world"]
    assert first.headers["link"] == (
        '<http://mock/orgs/octo/repos?per_page=1&sort=created&direction=desc&page=2>; rel="next"'
    )
    second = mock.ask("GET /orgs/octo/repos?per_page=1&page=2", host="mock")
    assert [one["name"] for one in second.json] == ["world"]
    assert second.headers["link"] == '<http://mock/orgs/octo/repos?per_page=1&page=1>; rel="prev"'
    assert "link" not in mock.ask("GET /orgs/octo/repos").headers


def test_one_thing_is_changed_and_stays_so(foreign: Foreign) -> None:
    mock = foreign("halls")
    assert mock.ask("PATCH /settings", {"theme": "light"}).json == {"language": "en", "theme": "light"}
    assert mock.ask("GET /settings").json == {"language": "en", "theme": "light"}
    assert mock.ask("PUT /halls/h1/lighting", {"level": 7}).json["level"] == 7
    assert mock.ask("GET /halls/h1/lighting").json["level"] == 7
    assert mock.ask("GET /halls/h2/lighting").json["level"] != 7
    assert mock.ask("GET /halls/none/lighting").status == 404


def test_hal_tells_the_page_and_the_links(foreign: Foreign) -> None:
    told = foreign("halls").ask("GET /halls?size=1&sort=name,desc").json
    assert [one["name"] for one in told["_embedded"]["halls"]] == ["Petit"]
    assert told["page"] == {"size": 1, "totalElements": 2, "totalPages": 2, "number": 0}
    assert told["_links"]["next"]["href"].endswith("/halls?size=1&sort=name,desc&page=1")
    last = foreign("halls").ask("GET /halls?size=1&page=1&minSeats=10").json
    assert "next" not in last["_links"]
    assert [one["id"] for one in foreign("halls").ask("GET /halls?minSeats=100").json["_embedded"]["halls"]] == ["h1"]


def test_items_elsewhere_than_their_list(foreign: Foreign) -> None:
    mock = foreign("halls")
    made = mock.ask("POST /halls/h1/bookings", {"date": "2024-02-01", "guest": "Ann"}).json
    assert made["hallId"] == "h1"
    assert mock.ask(f"GET /bookings/{made['id']}").json == made
    found = mock.ask("GET /halls/h1/bookings?from=2024-01-31&to=2024-02-01").json["_embedded"]["bookings"]
    assert found == [made]
    assert mock.ask("GET /halls/h1/bookings?from=2024-02-02").json["_embedded"]["bookings"] == []
    assert mock.ask("GET /halls/h2/bookings").json["_embedded"]["bookings"] == []


def test_cursors_that_are_identifiers(foreign: Foreign) -> None:
    mock = foreign("pay")
    ids = ["cus_1", "cus_2", *(mock.ask("POST /v1/customers", {"email": f"{n}@x.org"}).json["id"] for n in range(2))]
    assert len(set(ids)) == 4
    page = mock.ask("GET /v1/customers?limit=2").json
    assert ([one["id"] for one in page["data"]], page["has_more"]) == (ids[:2], True)
    page = mock.ask(f"GET /v1/customers?limit=2&starting_after={ids[1]}").json
    assert ([one["id"] for one in page["data"]], page["has_more"]) == (ids[2:], False)
    page = mock.ask(f"GET /v1/customers?limit=2&ending_before={ids[3]}").json
    assert [one["id"] for one in page["data"]] == ids[1:3]
    assert [one["id"] for one in mock.ask("GET /v1/customers?created[lt]=1705000000").json["data"]][:1] == ["cus_1"]


def test_an_action_sets_what_its_name_says(foreign: Foreign) -> None:
    mock = foreign("pay")
    told = mock.ask("POST /v1/payment_intents/pi_1/cancel").json
    assert (told["status"], told["canceled_at"]) == ("canceled", 1705320000)
    assert mock.ask("GET /v1/payment_intents/pi_1").json == told


def test_an_update_by_post_and_a_wrapped_body(foreign: Foreign) -> None:
    assert foreign("pay").ask("POST /v1/customers/cus_1", {"name": "Ann"}).json["name"] == "Ann"
    mock = foreign("storefront")
    made = mock.ask("POST /admin/api/2024-01/products.json", {"product": {"title": "Scarf"}}).json["product"]
    assert (made["id"], made["title"]) == (103, "Scarf")
    changed = mock.ask("PUT /admin/api/2024-01/products/103.json", {"product": {"title": "Cap"}}).json["product"]
    assert (changed["id"], changed["title"]) == (103, "Cap")
    assert mock.ask("GET /admin/api/2024-01/products/count.json").json == {"count": 3}
    assert mock.ask("GET /admin/api/2024-01/products/count.json?vendor=Acme").json == {"count": 1}
    names = [one["title"] for one in mock.ask("GET /admin/api/2024-01/products.json?since_id=101").json["products"]]
    assert names == ["Coat", "Cap"]
    names = [one["title"] for one in mock.ask("GET /admin/api/2024-01/products.json?ids=101,103").json["products"]]
    assert names == ["Hat", "Cap"]


def test_json_api(foreign: Foreign) -> None:
    mock = foreign("articles")
    kind = {"content_type": "application/vnd.api+json"}
    sent = {"data": {"type": "articles", "attributes": {"title": "Gamma"}}}
    made = mock.ask("POST /articles", sent, **kind).json["data"]
    assert made == {"type": "articles", "id": "3", "attributes": {"title": "Gamma", "status": "draft"}}
    assert mock.ask("POST /articles/3/publish").json["data"]["attributes"] == {
        "title": "Gamma",
        "status": "published",
        "publishedAt": "2024-01-15T12:00:00Z",
    }
    page = mock.ask("GET /articles?filter[status]=published&sort=-title&page[size]=1&page[number]=1").json
    assert [one["id"] for one in page["data"]] == ["3"]
    assert page["meta"] == {"total": 2}
    assert page["links"]["next"].endswith("page[size]=1&page[number]=2")


def test_names_that_are_paths_and_page_tokens(foreign: Foreign) -> None:
    mock = foreign("library")
    made = mock.ask("POST /v1/shelves/fiction/books", {"title": "Persuasion"}).json
    assert made["name"].startswith("shelves/fiction/books/")
    assert mock.ask(f"GET /v1/{made['name']}").json == made
    assert mock.ask(f"GET /v1/{made['name'].replace('fiction', 'travel')}").status == 404
    assert mock.ask(f"POST /v1/{made['name']}:publish").json["state"] == "PUBLISHED"
    page = mock.ask("GET /v1/shelves/fiction/books?pageSize=1").json
    assert (page["totalSize"], len(page["books"])) == (2, 1)
    rest = mock.ask(f"GET /v1/shelves/fiction/books?pageSize=1&pageToken={page['nextPageToken']}").json
    assert [one["name"] for one in rest["books"]] == [made["name"]]
    assert "nextPageToken" not in rest
    assert [one["theme"] for one in mock.ask("GET /v1/shelves?orderBy=theme desc").json["shelves"]] == [
        *("Travel", "Fiction")
    ]


def test_items_that_nothing_lists_are_there_until_they_are_deleted(foreign: Foreign) -> None:
    mock = foreign("library")
    assert mock.ask("PATCH /v1/publishers/penguin", {"displayName": "Penguin"}).json["displayName"] == "Penguin"
    assert mock.ask("GET /v1/publishers/penguin").json == {"name": "publishers/penguin", "displayName": "Penguin"}
    assert mock.ask("GET /v1/publishers/other").status == 200


def test_names_in_metadata_and_the_end_of_a_collection(foreign: Foreign) -> None:
    mock = foreign("cluster")
    pod = {"metadata": {"name": "db"}, "spec": {"image": "pg"}}
    assert mock.ask("POST /api/v1/namespaces/default/pods", pod).status == 201
    assert mock.ask("GET /api/v1/namespaces/default/pods/db").json["spec"] == {"image": "pg"}
    assert mock.ask("GET /api/v1/namespaces/kube-system/pods/db").status == 404
    page = mock.ask("GET /api/v1/namespaces/default/pods?limit=1").json
    assert page["metadata"]["remainingItemCount"] == 1
    rest = mock.ask(f"GET /api/v1/namespaces/default/pods?limit=1&continue={page['metadata']['continue']}").json
    assert [one["metadata"]["name"] for one in rest["items"]] == ["db"]
    assert mock.ask("DELETE /api/v1/namespaces/default/pods").status == 200
    assert mock.ask("GET /api/v1/namespaces/default/pods").json["items"] == []


def test_remote_procedures(foreign: Foreign) -> None:
    mock = foreign("chat")
    made = mock.ask("POST /conversations.create", {"name": "new"}).json["channel"]
    assert mock.ask("POST /conversations.archive", {"channel": made["id"]}).json == {"ok": True}
    assert mock.ask(f"GET /conversations.info?channel={made['id']}").json["channel"]["is_archived"] is True
    listed = mock.ask("GET /conversations.list?exclude_archived=true").json["channels"]
    assert [one["id"] for one in listed] == ["C1", "C2"]
    user = mock.ask("POST /createUser", {"name": "Eve"}).json["id"]
    assert mock.ask("POST /updateUser", {"userId": user, "name": "Eva"}).json["name"] == "Eva"
    assert mock.ask(f"GET /getUser?userId={user}").json["name"] == "Eva"
    assert mock.ask("POST /deleteUser", {"userId": user}).status == 200
    assert mock.ask(f"GET /getUser?userId={user}").status == 404
    assert mock.ask("DELETE /teams/delete/T1").status == 204
    assert mock.ask("GET /teams/get/T1").status == 404


def test_bundles_that_wrap_items(foreign: Foreign) -> None:
    mock = foreign("clinic")
    told = mock.ask("GET /Patient?_sort=-birthDate&_count=1").json
    assert (told["total"], [entry["resource"]["id"] for entry in told["entry"]]) == (2, ["p2"])
    assert mock.ask("POST /Patient/p1/$deactivate").json["active"] is False
    assert mock.ask("PUT /Patient/p9", {"resourceType": "Patient"}, content_type="application/fhir+json").status == 201
    assert mock.ask("GET /Patient?birthDate_ge=1985-01-01").json["total"] == 1


PETS = """
paths:
  /pets:
    get:
      responses:
        "200": {description: x, content: {application/json: {schema: {type: array, items: {type: string}}}}}
    post:
      requestBody: {content: {application/json: {schema: {type: array, items: &pet
        {type: object, properties: {id: {type: string}, name: {type: string}}}}}}}
      responses:
        "201": {description: x, content: {application/json: {schema: {type: array, items: *pet}}}}
  /pets/me:
    get: {responses: {"200": {description: x, content: {application/json: {schema: *pet}}}}}
  /pets/{petId}:
    get:
      parameters: [{name: petId, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: x, content: {application/json: {schema: *pet}}}
        "404": {description: x}
"""


def test_many_at_once_and_a_list_of_identifiers(mocked: Serve) -> None:
    mock = mocked(PETS)
    made = mock.ask("POST /pets", [{"name": "Rex"}, {"name": "Tom"}]).json
    assert [one["name"] for one in made] == ["Rex", "Tom"]
    assert mock.ask("GET /pets").json == [one["id"] for one in made]
    assert mock.ask(f"GET /pets/{made[1]['id']}").json == made[1]
    assert mock.ask("GET /pets/me").json == made[0]


THINGS = """
paths:
  /things:
    get:
      operationId: list
      responses:
        "200":
          description: x
          content:
            application/json:
              schema: {type: object, properties: {first: {type: array, items: &thing SCHEMA}, second: {type: array,
                items: *thing}}}
              example: {first: [{id: 1, tag: a}], second: [{id: 2, tag: b}]}
  /things/{thing}:
    get:
      operationId: read
      parameters: [{name: thing, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: x, content: {application/json: {schema: *thing}}}
        "404": {description: x}
""".replace("SCHEMA", "{type: object, properties: {id: {type: integer}, tag: {type: string}}}")


@pytest.mark.parametrize(
    ("text", "behaviour"),
    [
        (THINGS, "resources: {things: {path: /things, items: /second, id: tag}}"),
        (
            THINGS.replace("  /things:\n", "  /things:\n    x-understudy-resource: {items: /second, id: tag}\n"),
            None,
        ),
        (
            THINGS.replace("    get:\n      operationId: list\n", "    get:\n      operationId: list\n"
                           "      x-understudy-resource: {items: /second}\n").replace(
                "&thing {type: object", "&thing {x-understudy-resource: {id: tag}, type: object"
            ),
            None,
        ),
    ],
)  # fmt: skip
def test_what_is_told_corrects(mocked: Serve, text: str, behaviour: str | None) -> None:
    mock = mocked(text, behaviour=behaviour)
    assert mock.ask("GET /things/b").json == {"id": 2, "tag": "b"}
    assert mock.ask("GET /things/a").status == 404


def test_what_is_to_be_ignored_is_answered_by_its_example(contract: Read) -> None:
    ignored = THINGS.replace("  /things/{thing}:\n", "  /things/{thing}:\n    x-understudy-resource: {ignore: true}\n")
    assert "read" not in compile_contract(contract(ignored)).resources.bindings
    told = "resources: {things: {path: /things, operations: {read: none}}}"
    assert "read" not in compile_contract(contract(THINGS, behaviour=told)).resources.bindings


FIELDS = Fields(
    [
        Field(("id",), NUMBER),
        Field(("name",), TEXT),
        Field(("price",), NUMBER),
        Field(("size",), TEXT),
        Field(("createdAt",), TEXT, "date-time"),
        Field(("authorId",), NUMBER),
        Field(("is_active",), TRUTH),
        Field(("owner", "login"), TEXT),
    ],
    "id",
)


@pytest.mark.parametrize(
    ("name", "types", "form", "meaning"),
    [
        ("name", TEXT, "", "= name"),
        ("size", TEXT, "", "= size"),
        ("price[gte]", NUMBER, "", ">= price"),
        ("min_price", NUMBER, "", ">= price"),
        ("priceMax", NUMBER, "", "<= price"),
        ("price__lt", NUMBER, "", "< price"),
        ("name_like", TEXT, "", "~ name"),
        ("name_prefix", TEXT, "", "^ name"),
        ("filter[name]", TEXT, "", "= name"),
        ("created_after", TEXT, "date", "> createdAt"),
        ("created_before", TEXT, "date", "< createdAt"),
        ("since", TEXT, "date-time", ">= createdAt"),
        ("until", TEXT, "date", "<= createdAt"),
        ("author", NUMBER, "", "= authorId"),
        ("ids", TEXT, "", "= id"),
        ("since_id", NUMBER, "", "> id"),
        ("exclude_active", TRUTH, "", "not is_active"),
        ("owner.login", TEXT, "", "= owner/login"),
        ("q", TEXT, "", "search"),
        ("sort_by", TEXT, "", "sort"),
        ("order", TEXT, "", "order"),
        ("$top", NUMBER, "", "size"),
        ("page[size]", NUMBER, "", "size"),
        ("page[number]", NUMBER, "", "page"),
        ("offset", NUMBER, "", "offset"),
        ("cursor", TEXT, "", "after"),
        ("after", TEXT, "", "after"),
        ("after", TEXT, "date", ">= createdAt"),
        ("ending_before", TEXT, "", "before"),
        ("colour", TEXT, "", "None"),
        ("limit", TEXT, "", "None"),
    ],
)
def test_what_a_parameter_means(name: str, types: frozenset[str], form: str, meaning: str) -> None:
    assert str(meaning_of(name, types, form, FIELDS)) == meaning


@pytest.mark.parametrize(
    ("verb", "effects"),
    [
        ("publish", ["status = published", "published_at = now"]),
        ("archive", ["archived = true"]),
        ("unarchive", ["archived = false"]),
        ("mark-as-read", ["is_read = true"]),
        ("explode", []),
        ("draft", []),
    ],
)
def test_what_a_verb_does(verb: str, effects: list[str]) -> None:
    fields = [
        Field(("status",), TEXT),
        Field(("archived",), TRUTH),
        Field(("is_read",), TRUTH),
        Field(("published_at",), TEXT, "date-time"),
    ]
    assert list(map(str, effects_of(verb, fields, {("status",): ["draft", "published"]}))) == effects


@pytest.mark.parametrize("text", ["", "x", "é", "....", "5", "-1", "a" * 400])
def test_a_cursor_of_somebody_else_is_a_place_too(text: str) -> None:
    offset, _ = read_cursor(text)
    assert offset == (5 if text == "5" else 0)
    assert read_cursor(write_cursor(7, "é:1")) == (7, "é:1")


@pytest.mark.parametrize("seeds", [[{"id": 1}], [{"id": "a1"}], []])
def test_a_fresh_identifier_does_not_look_at_all_items(contract: Read, seeds: list[dict[str, Any]]) -> None:
    compiled = compile_contract(contract(THINGS, behaviour="resources: {things: {path: /things, seed: []}}"))
    resource = compiled.resources.by_name["things"]
    memory = Memory({"things": seeds})
    asked = 0

    class Counting(Memory):
        def knows(self, identifier: str, property_name: str) -> bool:
            nonlocal asked
            asked += 1
            return super().knows(identifier, property_name)

        def identifiers(self, resource: str, property_name: str) -> list[Any]:
            nonlocal asked
            asked += len(self.items(resource))
            return super().identifiers(resource, property_name)

    memory = Counting({"things": seeds})
    given = set()
    for _ in range(500):
        made = fresh_key(compiled, memory, resource, None)
        given.add(made)
        memory.add("things", {"id": made})
    assert len(given) == 500
    assert asked < 3000


def test_the_asked_for_page_is_stable_while_items_come_and_go(foreign: Foreign) -> None:
    mock = foreign("chat")
    page = mock.ask("GET /conversations.list?limit=1").json
    cursor = page["response_metadata"]["next_cursor"]
    mock.ask("POST /conversations.create", {"name": "late"})
    after = mock.ask(f"GET /conversations.list?limit=1&cursor={cursor}").json
    assert [one["id"] for one in after["channels"]] == ["C2"]


def test_what_was_never_there_and_is_deleted_keeps_numbers_numbers(mocked: Serve) -> None:
    thing = "{type: object, properties: {id: {type: integer}}}"
    body = f"content: {{application/json: {{schema: {thing}}}}}"
    mock = mocked(f"""
paths:
  /a: {{post: {{requestBody: {{{body}}}, responses: {{"201": {{description: x, {body}}}}}}}}}
  /a/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]
    get: {{responses: {{"200": {{description: x, {body}}}}}}}
    delete: {{responses: {{"204": {{description: x}}}}}}
""")
    assert mock.ask("DELETE /a/1").status == 204
    assert mock.ask("POST /a", {}).json == {"id": 2}
    assert mock.ask("GET /a/2").json == {"id": 2}
    assert mock.ask("GET /a/1").status == 404
