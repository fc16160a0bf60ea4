"""Proofs: every invariant of every book, over the whole database, and every derived value derived once more."""

from dataclasses import dataclass

from shop.books.check import ALL_CHECKS
from shop.books.checking import Finding, run
from shop.books.points import chain, settling
from shop.books.proofs import CHAIN
from shop.books.rebuild import ALL_DERIVATIONS


@dataclass(frozen=True)
class ChainState:
    """How far the chain over the entries reaches, and how many entries wait for their link."""

    links: int
    entries: int
    hash: str
    waiting: int


def check_everything() -> tuple[Finding, ...]:
    """Run every check and walk the chain.  Reads only; a finding without offenders is sound."""
    return run((*ALL_CHECKS, *CHAIN))


def derive_everything() -> tuple[Finding, ...]:
    """Derive every stored value from the journals.  Reads only; offenders are the rows in which something else is stored."""
    return run(ALL_DERIVATIONS)


def chain_state() -> ChainState:
    """The end of the chain as it is now."""
    end = settling.head()
    return ChainState(end.links, end.entries, end.hash, chain.waiting_entries(end))
