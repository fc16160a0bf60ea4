"""Texts of templates: the source language needs no catalogue, and takes the same short cuts as the others."""

import pytest
from flask import render_template_string
from flask_babel import force_locale, gettext
from markupsafe import Markup


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant", "en"])
@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ _('得 %(count)s%%', count=5) }}", "得 5%"),
        ("{{ _('得 5%%') }}", "得 5%"),
        ("{{ _('<b>%(name)s</b>', name='<i>') }}", "<b>&lt;i&gt;</b>"),
        ("{% trans name='<i>' %}<b>{{ name }}</b>{% endtrans %}", "<b>&lt;i&gt;</b>"),
    ],
)
def test_texts_are_formats_and_values_are_escaped(app, locale, template, text):
    with app.test_request_context(), force_locale(locale):
        assert render_template_string(template) == text


def test_a_text_follows_the_language_also_within_one_request(app):
    with app.test_request_context():
        with force_locale("zh_Hans"):
            assert (gettext("首页"), render_template_string("{{ _('首页') }}")) == ("首页", "首页")
        with force_locale("en"):
            assert (gettext("首页"), render_template_string("{{ _('首页') }}")) == ("Home", "Home")
        with force_locale("zh_Hant"):
            assert gettext("首页") == render_template_string("{{ _('首页') }}") == "首頁"


def test_python_texts_take_their_values(app):
    with app.test_request_context(), force_locale("zh_Hans"):
        assert gettext("还差 %(points)s 分", points=5) == "还差 5 分"
        assert not isinstance(gettext("首页"), Markup)
