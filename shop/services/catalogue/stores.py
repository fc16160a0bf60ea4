"""Stores where members pick up."""

from dataclasses import asdict, dataclass
from datetime import datetime

from shop.books import audit
from shop.errors import NotFound
from shop.models import Store
from shop.transaction import transaction


@dataclass(frozen=True, kw_only=True)
class StoreDraft:
    """A store as it shall be.  A closed one is offered to nobody; orders that wait there stay."""

    name: str
    address: str
    hours: str = ""
    phone: str = ""
    position: int = 0
    is_open: bool = True


def save_store(store_id: int | None, draft: StoreDraft, staff_id: int | None, now: datetime) -> int:
    """Make a store (``store_id`` None) or change one.  Returns its id.  Raises NotFound."""
    with transaction() as session:
        store = session.get(Store, store_id) if store_id else Store()
        if store is None:
            raise NotFound
        values = asdict(draft)
        before = {name: getattr(store, name) for name in values} if store_id else None
        for name, value in values.items():
            setattr(store, name, value)
        session.add(store)
        session.flush()
        action = "store.save" if store_id else "store.create"
        subject = f"store:{store.id}"
        audit.record(staff_id=staff_id, action=action, subject=subject, now=now, before=before, after=values)
        return store.id
