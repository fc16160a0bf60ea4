"""The mall's goods, for a mini program or an app."""

from flask_babel import lazy_gettext as _l

from shop.blueprints.api.frame import Caller, Reply, call
from shop.errors import NotFound
from shop.forms.api.members import ShelfParameters
from shop.queries.catalogue.product import product_page
from shop.queries.catalogue.shelf import asked_for, shelf_page
from shop.web.api.answers.catalogue import Product, ProductList, product_answer, products_answer
from shop.web.api.calls import Call


@call(
    Call(
        name="list_products",
        method="GET",
        path="/products",
        area="catalogue",
        scope="catalogue:read",
        summary=_l("看在架的商品"),
        query=ShelfParameters,
        answer=ProductList,
    )
)
def index(_caller: Caller, query: ShelfParameters) -> Reply:
    """A page of goods on sale."""
    asked = asked_for(q=query.q or "", category=query.category or "", after=query.after or "")
    return Reply(products_answer(shelf_page(asked, limit=query.limit)))


@call(
    Call(
        name="show_product",
        method="GET",
        path="/products/<slug>",
        area="catalogue",
        scope="catalogue:read",
        summary=_l("看一件商品"),
        answer=Product,
        problems=(NotFound,),
        places={"slug": "$SLUG"},
    )
)
def show(caller: Caller, slug: str) -> Reply:
    """One product with everything that can be had of it now."""
    page = product_page(slug, "", None, caller.now)
    if page is None:
        raise NotFound
    return Reply(product_answer(page))
