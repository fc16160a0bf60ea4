"""The address book.  Checkout sends people here and gets them back."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from htmx_flask import make_response

from shop.clock import now
from shop.errors import AddressBookFull, NotFound
from shop.forms.addresses import AddressForm
from shop.queries.members.addresses import Address, address_of, addresses_of
from shop.services.members.addresses import (
    Destination,
    add_address,
    change_address,
    delete_address,
    make_default,
)
from shop.web.error_pages import previous_page
from shop.web.rendering import page_or_fragment, wants_fragment

bp = Blueprint("member_addresses", __name__, url_prefix="/member/addresses")


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    _remember_way_back()
    addresses = addresses_of(current_user.id)
    return page_or_fragment("member_addresses/index.html", "member_addresses/_list.html", addresses=addresses)


@bp.get("/new")
@login_required
def new() -> ResponseReturnValue:
    """A blank form.  Saving it leads back to the checkout that one came from."""
    _remember_way_back()
    is_first = not addresses_of(current_user.id)
    return _form_page(AddressForm(formdata=None, is_default=is_first))


@bp.post("")
@login_required
def create() -> ResponseReturnValue:
    form = AddressForm()
    if not form.validate():
        return _form_page(form), 422
    try:
        address_id = add_address(
            current_user.id, _destination(form), is_default=form.is_default.data, now=now()
        )
    except AddressBookFull as error:
        form.form_errors = [str(error)]
        return _form_page(form), error.status
    return _go(_way_back(address_id))


@bp.get("/<int:address_id>")
@login_required
def show(address_id: int) -> ResponseReturnValue:
    address = _mine(address_id)
    form = AddressForm(formdata=None, obj=address)
    return _form_page(form, address)


@bp.post("/<int:address_id>")
@login_required
def update(address_id: int) -> ResponseReturnValue:
    address, form = _mine(address_id), AddressForm()
    if not form.validate():
        return _form_page(form, address), 422
    change_address(current_user.id, address_id, _destination(form), is_default=form.is_default.data)
    return _go(_way_back(address_id))


@bp.post("/<int:address_id>/default")
@login_required
def choose_default(address_id: int) -> ResponseReturnValue:
    make_default(current_user.id, address_id)
    return _list_again()


@bp.post("/<int:address_id>/deletion")
@login_required
def destroy(address_id: int) -> ResponseReturnValue:
    delete_address(current_user.id, address_id, now())
    return _list_again()


def _mine(address_id: int) -> Address:
    address = address_of(current_user.id, address_id)
    if address is None:
        raise NotFound
    return address


def _destination(form: AddressForm) -> Destination:
    return Destination(
        name=form.name.data, phone=form.phone.data, region=form.region.data, street=form.street.data
    )


def _form_page(form: AddressForm, address: Address | None = None) -> str:
    context: dict[str, Any] = {"form": form, "address": address, "back_url": _back_url()}
    return page_or_fragment("member_addresses/form.html", "member_addresses/_form.html", **context)


def _list_again() -> ResponseReturnValue:
    if not wants_fragment():
        return redirect(url_for(".index"), 303)
    return render_template("member_addresses/_list.html", addresses=addresses_of(current_user.id))


def _remember_way_back() -> None:
    """Keep the checkout that sent someone here, with its items; it is a page of ours, or it is not kept."""
    came_from = previous_page()
    if came_from.partition("?")[0] == url_for("checkout.show"):
        session["address_for"] = came_from


def _back_url() -> str:
    return str(session.get("address_for") or url_for(".index"))


def _way_back(address_id: int) -> str:
    """To the checkout that asked, once, with this address chosen; else to the list."""
    path, _mark, query = str(session.pop("address_for", "")).partition("?")
    if not path:
        return url_for(".index")
    chosen = {**dict(parse_qsl(query)), "address_id": str(address_id)}
    return f"{path}?{urlencode(chosen)}"


def _go(target: str) -> ResponseReturnValue:
    return make_response("", 200, redirect=target) if wants_fragment() else redirect(target, 303)
