"""What may stand in a line of text: everything that a person can see, pictures too."""

import pytest
from wtforms import Form, StringField

from shop.forms.texts import plain_text, tidy


class Line(Form):
    text = StringField(validators=[plain_text], filters=[tidy])


def is_accepted(text: str) -> bool:
    return Line(data={"text": text}).validate()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "林小满",
        "Zoë O’Neil-Łuk",
        "小满🌱",
        "👩‍🌾",
        "👨‍👩‍👧‍👦 一家",
        "❤️",
        "👍🏽",
        "🇨🇳",
        "放门口，谢谢～ ¥5 + 3 ≈ 8",
        "नमस्ते",
        "السلام",
    ],
)
def test_what_people_write_is_accepted(text):
    assert is_accepted(text)


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b", "\x1b[31m", "a\x7f", "\x9d", "\u202e小满", "\u2066a", "a\u200fb", "a\u200bb", "\ufeffa", "a\u200db",
        "\u200d", "\u00ad", "\ue000", "\ud800", "\U000fffff",
    ],
)  # fmt: skip
def test_what_nobody_can_see_is_refused(text):
    assert not is_accepted(text)


def test_spaces_are_tidied():
    assert tidy("  小 \t\r\n 满\u2028 ") == "小 满"
