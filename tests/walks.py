"""A person at a browser without script: reads pages, follows links, fills in the forms that stand on them.

A form is sent as a browser would send it, with every field that the page has filled in.  A field that the form does
not have cannot be filled in, and a button that is not there cannot be pressed: the test fails instead.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, Self

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

LINES_UNSEEN = frozenset({"script", "style", "template", "title"})
REDIRECTS_MAX = 5


@dataclass
class Button:
    """What sends a form: its words, and what it adds to the form."""

    words: str
    values: dict[str, list[str]]
    action: str | None
    method: str | None
    is_disabled: bool


@dataclass
class PageForm:
    """A form of a page with what stands in its fields."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)


class Person:
    """One browser.  ``text`` is what stands on the page now, in one line."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.path = ""
        self.answer: TestResponse
        self.text = ""
        self.forms: list[PageForm] = []
        self.links: list[tuple[str, str]] = []

    def open(self, path: str) -> Self:
        """Go to a page, and wherever it leads."""
        return self._arrive(self.client.get(path), path)

    def follow(self, words: str) -> Self:
        """Click the first link with these words."""
        found = [href for href, text in self.links if words in text]
        assert found, f"no link {words!r} on {self.path}: {self.links}"
        return self.open(found[0])

    def press(self, words: str, **typed: object) -> Self:
        """Fill in the form that has this button, and press it.  A field set to None is left out or unticked."""
        return self._send(*self._form_with(words), typed)

    def press_value(self, name: str, value: str) -> Self:
        """Press the button that says this to the server, such as ``add_row`` of ``windows``."""
        found = [
            (form, each) for form in self.forms for each in form.buttons if each.values.get(name) == [value]
        ]
        assert found, f"no button {name}={value} on {self.path}"
        return self._send(*found[0], {})

    def _send(self, form: PageForm, button: Button, typed: Mapping[str, object]) -> Self:
        assert not button.is_disabled, f"{button.words!r} on {self.path} cannot be pressed"
        values: dict[str, Any] = {**form.values, **button.values}
        for name, value in typed.items():
            assert name in form.names, (
                f"the form of {button.words!r} has no field {name!r}: {sorted(form.names)}"
            )
            values[name] = list(_written(value))
        action = button.action or form.action or self.path
        if (button.method or form.method) == "get":
            return self._arrive(self.client.get(action, query_string=values), action)
        return self._arrive(self.client.post(action, data=values), action)

    def has_button(self, words: str) -> bool:
        return any(
            words in each.words and not each.is_disabled for form in self.forms for each in form.buttons
        )

    def reads(self, *sentences: str) -> Self:
        """The page says all of this, in this order."""
        rest = self.text
        for sentence in sentences:
            _before, found, rest = rest.partition(sentence)
            assert found, f"{self.path} does not say {sentence!r} (after what came before):\n{self.text}"
        return self

    def _form_with(self, words: str) -> tuple[PageForm, Button]:
        """The button that says just these words, else the last one that has them among others."""
        found = [(form, each) for form in self.forms for each in form.buttons if words in each.words]
        assert found, (
            f"no button {words!r} on {self.path}: {[b.words for f in self.forms for b in f.buttons]}\n{self.text}"
        )
        return next((each for each in found if each[1].words == words), found[-1])

    def _arrive(self, answer: TestResponse, path: str) -> Self:
        for _step in range(REDIRECTS_MAX):
            if answer.status_code != 303:
                break
            path = str(answer.location)
            answer = self.client.get(path)
        assert answer.status_code < 500, f"{answer.status} from {path}"
        self.answer, self.path = answer, path
        page = read_page(answer.text)
        self.text, self.forms, self.links = page.text, page.forms, page.links
        return self


def _written(value: object) -> Iterator[object]:
    """A value as a browser sends it: nothing, one text, several, or a file ``(content, name)``."""
    if isinstance(value, tuple) and isinstance(value[0], BytesIO):
        yield value
    elif isinstance(value, list):
        yield from (str(each) for each in value)
    elif value is not None:
        yield str(value)


class _Page(HTMLParser):
    """Words, links and forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.by_id: dict[str, PageForm] = {}
        self.forms: list[PageForm] = []
        self._strays: list[tuple[str, PageForm]] = []
        self._form: PageForm | None = None
        self._unseen: list[str] = []
        self._link: tuple[str, int] | None = None
        self._button: tuple[PageForm, Button, int] | None = None
        self._select: tuple[PageForm, str, bool] | None = None
        self._area: tuple[PageForm, str, list[str]] | None = None
        self._disabled = 0

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words)).strip()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag in LINES_UNSEEN:
            self._unseen.append(tag)
        if tag == "form":
            self._form = PageForm(values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self._form)
            self.by_id[values.get("id", "")] = self._form
        elif tag == "a" and "href" in values:
            self._link = (values["href"], len(self.words))
            self.words.append(values.get("aria-label", ""))
        elif tag == "fieldset" and (self._disabled or "disabled" in values):
            self._disabled += 1
        elif tag in ("input", "button", "select", "textarea", "option"):
            self._control(tag, values)

    def _control(self, tag: str, values: dict[str, str]) -> None:
        if tag == "option":
            self._option(values)
            return
        form = self._form
        if "form" in values:
            form = PageForm("", "")
            self._strays.append((values["form"], form))
        if form is None:
            return
        if tag == "button":
            self._begin_button(form, values)
        elif "name" not in values or "disabled" in values or self._disabled:
            return
        elif tag == "select":
            form.names.add(values["name"])
            self._select = (form, values["name"], "multiple" in values)
        elif tag == "textarea":
            form.names.add(values["name"])
            self._area = (form, values["name"], [])
        else:
            self._input(form, values)

    def _input(self, form: PageForm, values: dict[str, str]) -> None:
        name, kind = values["name"], values.get("type", "text")
        form.names.add(name)
        form.choices.setdefault(name, []).append(values.get("value", ""))
        if kind in ("checkbox", "radio") and "checked" not in values:
            return
        form.values.setdefault(name, []).append(values.get("value", "on" if kind == "checkbox" else ""))

    def _begin_button(self, form: PageForm, values: dict[str, str]) -> None:
        if values.get("type", "submit") != "submit":
            return
        own = {values["name"]: [values.get("value", "")]} if "name" in values else {}
        button = Button("", own, values.get("formaction"), values.get("formmethod"), "disabled" in values)
        form.buttons.append(button)
        self._button = (form, button, len(self.words))
        self.words.append(values.get("aria-label", ""))

    def _option(self, values: dict[str, str]) -> None:
        if self._select is None:
            return
        form, name, is_multiple = self._select
        form.choices.setdefault(name, []).append(values.get("value", ""))
        if "selected" in values:
            form.values[name] = (
                [*form.values.get(name, []), values["value"]] if is_multiple else [values["value"]]
            )
        elif not is_multiple:
            form.values.setdefault(name, [values.get("value", "")])

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and self._unseen[-1] == tag:
            self._unseen.pop()
        elif tag == "form":
            self._form = None
        elif tag == "fieldset" and self._disabled:
            self._disabled -= 1
        elif tag == "a" and self._link:
            href, start = self._link
            self.links.append((href, " ".join(self.words[start:])))
            self._link = None
        elif tag == "button" and self._button:
            _form, button, start = self._button
            button.words = re.sub(r"\s+", " ", " ".join(self.words[start:])).strip()
            self._button = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area:
            form, name, words = self._area
            form.values[name] = ["".join(words).removeprefix("\n")]
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[2].append(data)
        elif not self._unseen and data.strip():
            self.words.append(data.strip())

    def close(self) -> None:
        super().close()
        for form_id, stray in self._strays:
            owner = self.by_id.get(form_id)
            if owner is not None:
                owner.buttons += stray.buttons
                owner.names |= stray.names
                for name, values in stray.values.items():
                    owner.values.setdefault(name, []).extend(values)


def read_page(html: str) -> _Page:
    """Words, links and forms of a page, buttons outside of their form included."""
    page = _Page()
    page.feed(html)
    page.close()
    return page
