"""A control named like a part of the form's own interface hides it: ``form.remove`` is then a button, and htmx fails."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "shop" / "templates"
HIDING = re.compile(
    r'name="(remove|submit|reset|action|method|target|append|closest|children|elements|matches|contains|length)"'
)


def test_no_control_hides_what_scripts_ask_of_a_form():
    hidden = [
        f"{path.relative_to(TEMPLATES)}: {match[0]}"
        for path in TEMPLATES.rglob("*.html")
        for match in HIDING.finditer(path.read_text())
    ]

    assert not hidden
