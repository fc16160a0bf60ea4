"""The examples of the docs page, pasted one after the other as a reader would: a small shell with curl in it."""

import itertools
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from string import Template

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

EXAMPLE = re.compile(r'<pre[^>]* data-example="([a-z_]+)">(.*?)</pre>', re.DOTALL)
_keys = itertools.count(1)


def examples_of(page: str) -> Iterator[tuple[str, str]]:
    """The name of a call and the command that stands under it, in the order of the page."""
    for found in EXAMPLE.finditer(page):
        yield found[1], unescape(found[2])


@dataclass
class Shell:
    """Variables, and a browserless client in place of the network."""

    client: FlaskClient
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, command: str) -> TestResponse:
        """Run one curl command.  A variable that is not set fails the test."""
        command, _, document = command.partition(" <<JSON\n")
        program, *words = [self._expanded(word) for word in shlex.split(command.replace("\\\n", " "))]
        assert program == "curl", command
        method, headers, data, address = "", {}, None, ""
        rest = iter(words)
        for word in rest:
            if word == "-X":
                method = next(rest)
            elif word == "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            elif word == "-d":
                given = next(rest)
                data = self._expanded(document.removesuffix("\nJSON")) if given == "@-" else given
            else:
                address = word
        path = address.removeprefix(self.variables["SHOP"])
        assert path.startswith("/api/v1/"), address
        return self.client.open(
            path, method=method or ("POST" if data else "GET"), headers=headers, data=data
        )

    def _expanded(self, word: str) -> str:
        return Template(word.replace("$(date +%s)-$RANDOM", f"key-{next(_keys)}")).substitute(self.variables)
