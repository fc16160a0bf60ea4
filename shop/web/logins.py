"""Who is asking: the user loader of both sides, in one query, as a frozen value."""

from dataclasses import dataclass

from flask import g, request
from flask_login import UserMixin

from shop.clock import now
from shop.queries.members.logins import LoggedIn, login_by_token
from shop.web.application import in_back_office


@dataclass(frozen=True)
class CurrentMember(UserMixin):
    """The member who is asking."""

    id: int
    login_id: int
    token: str
    name: str
    avatar: str
    locale: str | None
    theme: str | None
    tier_code: str

    def get_id(self) -> str:
        return self.token


@dataclass(frozen=True)
class CurrentStaff(UserMixin):
    """The member of staff who is asking."""

    id: int
    login_id: int
    token: str
    name: str
    email: str
    role: str
    locale: str | None
    theme: str | None = None

    def get_id(self) -> str:
        return self.token


def load_user(token: str) -> CurrentMember | CurrentStaff | None:
    """The person whose login row the cookie names; None when it ended.  A staff login counts in the back office only."""
    if g.get("database_away"):
        return None
    found = login_by_token(token, now())
    if found is None or found.is_staff is not in_back_office():
        return None
    g.login_last_seen_at = found.last_seen_at
    return _as_user(found, token)


def _as_user(found: LoggedIn, token: str) -> CurrentMember | CurrentStaff:
    if found.is_staff:
        return CurrentStaff(
            id=found.owner_id,
            login_id=found.login_id,
            token=token,
            name=found.name,
            email=found.email,
            role=found.role,
            locale=found.locale,
        )
    return CurrentMember(
        id=found.owner_id,
        login_id=found.login_id,
        token=token,
        name=found.name,
        avatar=found.avatar,
        locale=found.locale,
        theme=found.theme,
        tier_code=found.tier_code,
    )


def device_name() -> str:
    """A short name of the browser for the list of devices."""
    return (request.user_agent.string or "")[:120]
