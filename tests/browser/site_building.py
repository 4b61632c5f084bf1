"""A site for the browser tests: both shipped contracts, and one that is as awkward as a contract may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from understudy.contract.loading import load
from understudy.finding import Finding, Severity
from understudy.publish.build import build
from understudy.publish.changes import Changes
from understudy.publish.site import Plan, Subject
from understudy.publish.standin import StandIn

if TYPE_CHECKING:
    from pathlib import Path

AWKWARD = """
openapi: 3.1.0
info:
  title: An API with a name that is rather long, so that no header has room for all of it
  version: 2026.11.21-beta+build.4711
  summary: Everything that may go wrong on a page
  description: |
    # A heading of the first level

    Text with <b>HTML</b>, <script>alert(1)</script>, an ![image](https://example.com/x.png) and a
    [link](javascript:alert(1)).

    > [!WARNING]
    > A callout, as on GitHub, with `code` in it.

    ### A heading two levels below

    | A column | Another column with a long heading | A third | A fourth | A fifth |
    | --- | --- | --- | --- | --- |
    | `a_very_long_identifier_without_any_space_in_it` | text | text | text | text |

    ```python
    print("a line of code that is much longer than any column of text on any page would ever be, so it has to scroll")
    ```
servers:
  - url: https://{region}.an-address-that-is-much-longer-than-any-card-is-wide.example.com/{version}/organisations
    description: The service in a region of your choice, with a name that no chooser has room for
    variables:
      region: {default: europe-west, enum: [europe-west, europe-north, america-south-and-some-more-words]}
      version: {default: v1}
tags:
  - name: things
    description: Things.
paths:
  /organisations/{organisation_identifier}/departments/{department_identifier}/members/{member_identifier}/things:
    get:
      operationId: listThings
      tags: [things]
      summary: List every thing of a member of a department of an organisation, with all that belongs to it
      deprecated: true
      parameters:
        - {name: organisation_identifier, in: path, required: true, schema: {type: string}}
        - {name: department_identifier, in: path, required: true, schema: {type: string}}
        - {name: member_identifier, in: path, required: true, schema: {type: string}}
        - name: kind
          in: query
          description: Which kind.
          schema:
            type: string
            enum: [one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen]
      responses:
        "200":
          description: The things.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Thing"}
              example: {"a_very_long_name_of_a_member": "a very long value that does not fit into the column beside it"}
        default:
          description: Anything else.
  /things:
    post:
      operationId: createThing
      tags: [things]
      summary: Create a thing
      x-understudy-assumed: Nobody says so.
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Thing"}
      responses:
        "201": {description: Created., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
        "409": {description: There is one., content: {application/json: {example: {"code": "THERE_IS_ONE"}}}}
webhooks:
  thing.created:
    post:
      operationId: thingCreated
      summary: A thing was created
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Thing"}
      responses:
        "200": {description: Taken.}
components:
  schemas:
    Thing:
      type: object
      description: A thing, which may hold things.
      required: [name]
      properties:
        name: {type: string, description: "Its name. See **more** at `name`."}
        inner:
          type: object
          properties:
            deeper:
              type: object
              properties:
                deepest:
                  type: array
                  items: {type: object, properties: {leaf: {type: string}, other: {type: [integer, "null"]}}}
        things: {type: array, items: {$ref: "#/components/schemas/Thing"}}
        either: {oneOf: [{type: string}, {type: object, properties: {left: {type: integer}}}]}
        kind: {type: string, deprecated: true, x-understudy-assumed: Nobody says so.}
"""

CHANGES = (
    Finding("property-required", "`name` has become required", Severity.ERROR, operation="createThing"),
    Finding("operation-added", "`GET /things` is new", Severity.INFO, operation="listThings"),
)


def write_site(folder: Path) -> None:
    """Write the whole site into a folder."""
    awkward = folder / "awkward.yaml"
    awkward.parent.mkdir(parents=True, exist_ok=True)
    awkward.write_text(AWKWARD)
    subjects = (
        Subject(load("talkover"), stand_in("/api/v1")),
        Subject(load("talkturo"), stand_in("/api")),
        Subject(load(str(awkward)), stand_in(""), changes=Changes("version 1", CHANGES)),
    )
    awkward.unlink()
    write_files(Plan(subjects, title="Telephony interfaces"), folder)


def write_files(plan: Plan, folder: Path) -> None:
    """Write the site of a plan into a folder."""
    for file in build(plan):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)


def stand_in(prefix: str) -> StandIn:
    return StandIn("http://127.0.0.1:4010", prefix, "understudy serve", {"Authorization": "Bearer talq_test"}, {})
