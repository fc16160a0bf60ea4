"""A program asks for something once, however often it sends it: the answer is kept in the commit of the effect."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from shop.books import api_requests
from shop.errors import KeyReused, ShopError, TransactionLost
from shop.transaction import one_commit


@dataclass(frozen=True)
class Answer:
    """What is sent back, byte for byte.  ``is_repeat``: it was made earlier, for the same request."""

    status: int
    body: str
    location: str | None = None
    is_repeat: bool = False


@dataclass(frozen=True)
class Asked:
    """Who asks what: ``request_hash`` is that of everything that matters in the request."""

    api_key_id: int
    key: str
    request_hash: str


def answer_once(asked: Asked, make: Callable[[], Answer], now: datetime) -> Answer:
    """Make an answer, and keep it under the key in the same commit.  A repeat gets the first answer.

    Of many at one moment, one takes effect: the others break on the constraint, are undone whole, and get the first answer.
    A refusal is not kept, for nothing has happened.  Raises KeyReused for another request under the key, and
    TransactionLost when somebody else wrote the same thing under another key at this moment: asked again, it is found.
    """
    try:
        with one_commit():
            answer = make()
            api_requests.keep(
                asked.api_key_id,
                asked.key,
                asked.request_hash,
                status=answer.status,
                location=answer.location,
                body=answer.body,
                now=now,
            )
    except (IntegrityError, ShopError) as error:
        first = kept_answer(asked)
        if first:
            return first
        if isinstance(error, IntegrityError):
            raise TransactionLost from error
        raise
    return answer


def answer_unkept(make: Callable[[], Answer]) -> Answer:
    """Make an answer that nobody asks to be kept.

    Raises TransactionLost when somebody else wrote the same thing at this moment: asked again, it is found.
    """
    try:
        return make()
    except IntegrityError as error:
        raise TransactionLost from error


def kept_answer(asked: Asked) -> Answer | None:
    """What was answered to this request before, if it was.  Raises KeyReused for another request under the key."""
    found = api_requests.kept(asked.api_key_id, asked.key)
    if found is None:
        return None
    request_hash, status, location, body = found
    if request_hash != asked.request_hash:
        raise KeyReused
    return Answer(status, body, location, is_repeat=True)
