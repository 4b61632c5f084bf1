"""Every rule that drift can find broken, with the sentence a report says of it. The rule is the name of the check.

What a server has to do to keep the checks of Schemathesis is in these sentences; which statuses a refusal may have is
in `expectations`.
"""

from __future__ import annotations

CHECKS = {
    "drift.not-a-server-error": "No request, however strange, is answered with a 5xx.",
    "drift.status-code-conformance": "Every answer's status is documented for its operation.",
    "drift.content-type-conformance": "An answer has the Content-Type that its response documents.",
    "drift.response-headers-conformance": "An answer has every required header, and headers fit their schemas.",
    "drift.response-schema-conformance": "An answer's body can be read as its Content-Type and fits its schema.",
    "drift.negative-data-rejection": "A request that breaks the contract is refused.",
    "drift.positive-data-acceptance": "A request that fits the contract is accepted, or refused as documented.",
    "drift.use-after-free": "What was deleted is not found afterwards.",
    "drift.ensure-resource-availability": "What was created is found afterwards.",
    "drift.missing-required-header": "A request without a required header is refused; without credentials, with 401.",
    "drift.ignored-auth": "Without credentials, or with wrong ones, an operation that demands them answers 401 or 403.",
    "drift.object-level-authorization": "What one user created, another user can't read.",
    "drift.unsupported-method": "A method that a path does not have is answered with 405 and an Allow header.",
    "drift.allow-header-conformance": "The Allow header that OPTIONS answers lists exactly the path's methods.",
    "drift.max-response-time": "An answer comes within --max-response-time.",
}
"""One rule for each check of Schemathesis."""

RULES = {
    **CHECKS,
    "drift.untested": "Every operation is exercised.",
    "drift.never-accepted": "Every operation accepts a request at least once, so that its success answer is looked at.",
    "drift.untestable": "Requests can be made from the contract.",
    "drift.no-answer": "Every request is answered in time.",
    "drift.broken-answer": "Every answer is whole and is HTTP.",
    "drift.server-lost": "The server is still there at the end of the run.",
    "drift.engine-error": "The comparison itself does not fail.",
    "drift.run-check": "A check of the user's own, which judges the run as a whole, passes.",
}
"""All rules; those named `drift.analysis-…`, Schemathesis' notes about a contract, come on top."""
