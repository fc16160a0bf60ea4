"""The member's box of messages."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from htmx_flask import make_response

from shop.clock import now, shop_day, shop_today
from shop.queries.members.messages import BoxMessage, BoxPage, messages_of, unread_count
from shop.queries.points.rulebook_changes import VersionChange, changes_of
from shop.services.members.messages import open_message, read_all_messages
from shop.web.message_texts import Words, words_of
from shop.web.pagination import number_in_address
from shop.web.rendering import wants_fragment
from shop.web.rulebook_words import notice_in_words

bp = Blueprint("member_notifications", __name__, url_prefix="/member/notifications")


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    before = number_in_address("before")
    template = "member_notifications/_more.html" if wants_fragment() else "member_notifications/index.html"
    return render_template(template, **_box(messages_of(current_user.id, before)), before=before)


@bp.post("/<int:message_id>")
@login_required
def open_one(message_id: int) -> ResponseReturnValue:
    """Mark a message as read and go where it leads."""
    target = open_message(current_user.id, message_id, now()) or url_for(".index")
    return make_response("", 200, redirect=target) if wants_fragment() else redirect(target, 303)


@bp.post("/reading")
@login_required
def read_all() -> ResponseReturnValue:
    """Mark everything as read."""
    read_all_messages(current_user.id, now())
    if not wants_fragment():
        return redirect(url_for(".index"), 303)
    return render_template("member_notifications/_box.html", **_box(messages_of(current_user.id)))


def _box(page: BoxPage) -> dict[str, Any]:
    today = shop_today()
    changes = changes_of(each.params["version"] for each in page.messages if each.kind == "rulebook_changed")
    rows = [{"message": message, "words": _words(message, changes)} for message in page.messages]
    days = [
        {"label": label, "rows": list(group)}
        for label, group in groupby(rows, key=lambda row: _label(row["message"], today))
    ]
    return {
        "days": days,
        "today": today,
        "next_before": page.next_before,
        "unread": unread_count(current_user.id),
    }


def _words(message: BoxMessage, changes: Mapping[int, VersionChange]) -> Words:
    """A notice of new rules says the difference in the reader's language, worked out when it is read."""
    change = changes.get(message.params.get("version", 0)) if message.kind == "rulebook_changed" else None
    if change is None:
        return words_of(message.kind, message.params)
    difference = notice_in_words(change.before, change.after, message.params)
    return words_of(message.kind, {**message.params, "difference": difference})


def _label(message: object, today: date) -> str:
    assert isinstance(message, BoxMessage)
    return _("今天") if shop_day(message.created_at) == today else _("更早")
