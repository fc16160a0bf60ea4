"""Fields in which what is typed is read exactly or refused: nothing that moves points, goods or money is guessed."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.widgets import TextInput

SHOWN_MAX = 40


class ExactField(Field):
    """One text, sent once.  Left out or empty it is ``default``; without one it is refused, unless it is ``optional``.

    A field says how its text is read and written, and what to write instead of what it cannot read.
    """

    widget = TextInput()
    data: Any

    def __init__(
        self, label: Any = "", *, optional: bool = False, default: Any = None, **options: Any
    ) -> None:
        super().__init__(label, default=default, **options)
        self.optional = optional or default is not None
        self.written: str | None = None

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was sent.  Raises ValueError with the sentence for the field."""
        typed = valuelist[0] if valuelist else ""
        self.written = str(typed)[:SHOWN_MAX] if valuelist else None
        self.data = None
        if len(valuelist) > 1 or not isinstance(typed, str):
            raise ValueError(self.complaint())
        if not typed.strip():
            self._read_nothing()
            return
        try:
            self.data = self.read(typed)
        except ValueError as error:
            raise ValueError(self.complaint()) from error

    def _read_nothing(self) -> None:
        if not self.optional:
            raise ValueError(self.question())
        self.data = self.default

    def _value(self) -> str:
        """What stands in the input: what was typed, even when it was refused."""
        if self.written is not None:
            return self.written
        return "" if self.data is None else self.write(self.data)

    def read(self, text: str) -> Any:
        """What a text means.  Raises ValueError."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The text that means a value."""
        raise NotImplementedError

    def complaint(self) -> str:
        """What to write when the text means nothing."""
        raise NotImplementedError

    def question(self) -> str:
        """What to say when nothing was written."""
        return _("还没填")
