"""Problem details (RFC 9457): the answer where a request is not answered, with Waitan's code."""

import json
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from aiohttp import web

from gateway.attestation.port import AuthorityUnreachableError
from gateway.ledger.port import BatchConflictError, LedgerUnreachableError, OutcomeUnknownError
from gateway.limits import TooManyError
from gateway.operation import bugs
from gateway.outcomes import INTERNAL, OUTCOME_UNKNOWN, OUTCOMES, RATE_LIMITED, Retry
from gateway.projection.faults import FeedBrokenError
from gateway.traders.permissions import ForbiddenError
from gateway.traders.tokens import TokenError, TokensUnknowableError
from settlement.catalogue import CATALOGUE
from settlement.errors import Code, Refusal
from settlement.iso20022.refusal import MessageRefusal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

AGAIN_S: Final = 2.0
"""How long to wait where a ledger could not be reached, or was too busy to decide."""
NO_STORE: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Server": "waitan"}


class Problem(web.Response):
    """A problem, and what of it a page tells too (gateway.traders.web.wrong)."""

    code: str = ""
    where: str = ""
    reference: str = ""


@web.middleware
async def answering(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every exception into its answer: the one place of this door."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        response = problem(error.status, "", error.reason)
        if isinstance(error, web.HTTPMethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
    except Exception as error:  # noqa: BLE001 - the one place where errors become answers
        response = _expected(error) or _bug(error, request.method)
    response.headers.update(NO_STORE)
    return response


def _expected(error: Exception) -> Problem | None:
    """Give the answer to what is no bug."""
    match error:
        case MessageRefusal():
            return _message_refusal(error)
        case Refusal():
            answer = refused(error.code, error.where)
            return _after(AGAIN_S, answer) if OUTCOMES[error.code].retry is Retry.SOON else answer
        case AuthorityUnreachableError():
            return _after(error.wait_s, refused(Code.ED06, ""))
        case LedgerUnreachableError() | FeedBrokenError():
            return _after(AGAIN_S, refused(Code.ED06, ""))
        case BatchConflictError() | TokensUnknowableError():
            return _after(AGAIN_S, refused(Code.ED05, ""))
        case OutcomeUnknownError():
            title = "It is not known whether this took effect. Send the same again: it takes effect once."
            return _after(AGAIN_S, problem(503, OUTCOME_UNKNOWN, title))
        case TokenError():
            response = problem(401, Code.AG08.value, "The token is missing, or is not one that counts here.")
            response.headers["WWW-Authenticate"] = 'Bearer realm="waitan", error="invalid_token"'
            return response
        case ForbiddenError():
            response = problem(403, Code.AG08.value, "The token does not let its holder ask this here.")
            response.headers["WWW-Authenticate"] = 'Bearer realm="waitan", error="insufficient_scope"'
            return response
        case TooManyError():
            return _after(error.wait_s, problem(429, RATE_LIMITED, "Too many requests."))
    return None


def _after(wait_s: float, response: Problem) -> Problem:
    """Say when to ask again."""
    response.headers["Retry-After"] = str(math.ceil(wait_s))
    return response


def _bug(error: Exception, method: str) -> Problem:
    reference = bugs.report(error, method=method)
    return problem(500, INTERNAL, "Something went wrong inside.", reference=reference)


def refused(code: Code, where: str, *, status: int = 0) -> Problem:
    """Tell a code, with its own HTTP status unless another is given."""
    return problem(status or OUTCOMES[code].http, code.value, CATALOGUE[code].meaning, where=where)


def _message_refusal(refusal: MessageRefusal) -> Problem:
    """Tell all that is wrong with an ISO 20022 message, element by element."""
    errors = [
        {"code": each.code.value, "rule": each.rule, "where": each.path, "detail": each.sentence}
        for each in refusal.violations
    ]
    title = CATALOGUE[refusal.code].meaning
    return problem(OUTCOMES[refusal.code].http, refusal.code.value, title, where=refusal.where, errors=errors)


def problem(
    status: int,
    code: str,
    title: str,
    *,
    where: str = "",
    reference: str = "",
    errors: Sequence[Mapping[str, str]] = (),
) -> Problem:
    """Make a problem; members without a value are left out."""
    members = {"where": where, "reference": reference, "errors": errors}
    body = {
        "type": f"urn:waitan:code:{code}" if code else "about:blank",
        "title": title,
        "status": status,
        **({"code": code} if code else {}),
        **{name: value for name, value in members.items() if value},
    }
    made = Problem(body=json.dumps(body).encode(), status=status, content_type="application/problem+json")
    made.code, made.where, made.reference = code, where, reference
    return made
