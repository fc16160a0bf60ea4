"""The reference is complete: what the shop has stands in the documents, and what they name exists."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from shop.jobs.schedule import SCHEDULE
from shop.models.campaigns import coupon
from shop.models.catalogue import product, stock
from shop.models.engagement import draw
from shop.models.members import member, tier
from shop.models.merchant import approval, outbox, staff
from shop.models.orders import order, payment
from shop.models.points import entry, hold
from shop.reactions.table import REACTIONS
from shop.rules.merchant.import_states import IMPORT_STATES
from shop.rules.orders.order_states import ORDER_EVENTS, TRANSITIONS
from shop.rules.orders.payment_states import NOTICES

DOCS = Path("docs")
NOT_OURS = {"limiter", "routes", "run", "shell"}  # commands of Flask and its extensions
WORDS = (
    IMPORT_STATES,
    order.ORDER_STATES, order.WAYS, order.ACTORS, payment.PAYMENT_STATES, payment.REFUND_STATES, entry.ENTRY_KINDS,
    coupon.TEMPLATE_STATES, coupon.KINDS, coupon.SCOPES, coupon.COUPON_STATES, coupon.ORIGINS,
    entry.PROGRAM_ACCOUNTS, entry.SOURCE_CLASSES, hold.HOLD_STATES, product.PRODUCT_STATES, product.PRODUCT_KINDS,
    product.VARIANT_STATES, stock.MOVEMENT_KINDS, stock.RESERVATION_STATES, draw.DRAW_STATES, draw.PRIZE_KINDS,
    draw.PAID_WITH, draw.CLAIM_STATES, member.MEMBER_STATES, tier.TIER_REASONS, tier.TIER_PACKS, staff.STAFF_STATES,
    outbox.OUTBOX_STATES, ORDER_EVENTS, NOTICES,
    approval.APPROVAL_KINDS, approval.APPROVAL_STATES,
)  # fmt: skip
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def page(name: str) -> str:
    return (DOCS / "reference" / f"{name}.md").read_text()


def rows_of(text: str) -> list[list[str]]:
    """The cells of every row of every table."""
    return [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in text.splitlines()
        if line.startswith("| ")
    ]


def test_every_command_is_explained(shared_app: Flask):
    groups = shared_app.cli.commands
    commands = {
        f"{name} {inner}" if inner else name
        for name, group in groups.items()
        for inner in ([None] if name in ("db", "limiter") else getattr(group, "commands", {None: None}))
    }
    text = page("commands")

    missing = {command for command in commands if not re.search(rf"`{re.escape(command)}[ `]", text)}

    assert not missing


def test_the_commands_that_are_explained_exist(shared_app: Flask):
    explained = re.findall(
        r"^\| `([a-z]+)(?: ([a-z-]+))?", page("commands").partition("| command |")[2], re.MULTILINE
    )

    wrong = [
        (group, inner)
        for group, inner in explained
        if group not in {*shared_app.cli.commands, *NOT_OURS}
        or (inner and inner not in getattr(shared_app.cli.commands[group], "commands", {inner: None}))
    ]

    assert explained
    assert not wrong


def test_every_make_target_is_explained():
    targets = set(re.findall(r"@echo 'make ([a-z-]+) ", Path("Makefile").read_text()))

    assert targets == set(re.findall(r"^\| `make ([a-z-]+)`", page("commands"), re.MULTILINE))


def test_every_address_is_explained_for_whom_it_is(shared_app: Flask):
    told = {
        (row[0], row[1].strip("`")): row[2] for row in rows_of(page("pages")) if row[0] in ("GET", "POST")
    }
    real = {}
    for rule in shared_app.url_map.iter_rules():
        roles = getattr(shared_app.view_functions[rule.endpoint], "allowed_roles", None)
        for method in (rule.methods or set()) & {"GET", "POST"}:
            real[method, rule.rule] = roles
    wrong = [
        (address, roles, told[address])
        for address, roles in real.items()
        if roles
        and address in told
        and told[address] != ("every role" if len(roles) == 4 else ", ".join(roles))
    ]

    assert set(told) == set(real)
    assert not wrong


def test_every_state_and_event_is_explained():
    text = page("states")

    missing = {word for words in WORDS for word in words if f"`{word}`" not in text}

    assert not missing


def test_the_life_of_an_order_is_told_as_it_is():
    rows = {tuple(cell.strip("`") for cell in row[:3]) for row in rows_of(page("states"))}

    assert {(state, event, after) for (state, event), after in TRANSITIONS.items()} <= rows


def test_every_job_is_explained_with_how_often_it_runs():
    units = {"second": 1, "seconds": 1, "minute": 60, "minutes": 60, "hour": 3600, "hours": 3600}
    told = {
        row[0].strip("`"): int(row[1].split()[0]) * units[row[1].split()[1]]
        for row in rows_of(page("jobs").partition("## Events")[0])
        if row[0].startswith("`")
    }

    assert told == {job.name: job.every.total_seconds() for job in SCHEDULE}


def test_every_event_is_explained():
    told = {
        row[0].strip("`") for row in rows_of(page("jobs").partition("## Events")[2]) if row[0].startswith("`")
    }

    assert told == set(REACTIONS) | events_put()


def events_put() -> set[str]:
    """The kinds of events that the code puts into the outbox."""
    calls = (
        node
        for path in Path("shop").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "outbox.put"
    )
    return {node.args[0].value for node in calls if isinstance(node.args[0], ast.Constant)}


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_every_setting_is_explained(readme):
    text = Path(readme).read_text()

    if readme == "README.zh.md" and "README.md#settings" in text:
        return  # it leads to the table instead of repeating it
    assert {name for name in settings_read() if f"`{name}`" not in text} == set()


def settings_read() -> set[str]:
    """The names that ``config.py`` looks up in the environment."""
    tree = ast.parse(Path("shop/config.py").read_text())
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            names |= {
                each.value
                for each in node.args
                if isinstance(each, ast.Constant)
                and isinstance(each.value, str)
                and re.fullmatch(r"[A-Z][A-Z_]{3,}", each.value)
            }
    return names


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{path}: {target}"
        for path in [*DOCS.rglob("*.md"), Path("README.md"), Path("README.zh.md"), Path("CONTRIBUTING.md")]
        for target in LINK.findall(path.read_text())
        if "://" not in target and not (path.parent / target).exists()
    ]

    assert not broken


def test_the_tutorial_presses_buttons_that_exist():
    """Every 「…」 of the tutorial is a text of the pages."""
    said = set(re.findall(r"「([^」]+)」", (DOCS / "tutorial.md").read_text()))
    sources = [*Path("shop").rglob("*.py"), *Path("shop/templates").rglob("*.html")]
    texts = "\n".join(path.read_text() for path in sources)

    assert said
    assert {words for words in said if f'"{words}"' not in texts} == set()
