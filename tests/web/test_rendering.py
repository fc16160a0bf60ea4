"""Pages and fragments, and the markup that every screen shares."""

import re
from pathlib import Path

import pytest
from flask import flash, render_template, session

from shop.web import charts
from shop.web.rendering import page_or_fragment, wants_fragment
from tests.web.stage import make_stage

PAGES = {
    "page.html": '{% extends "layouts/storefront.html" %}{% set active_tab = "signin" %}{% set todo_tabs = ["draws"] %}'
    '{% from "shared/forms.html" import tokens %}'
    '{% block main %}{% include "part.html" %}<form>{{ tokens() }}</form>{% endblock %}',
    "part.html": '<p id="part">{{ word }}</p>',
    "parts.html": "{% from 'shared/macros.html' import price, bar, ground, countdown, found %}"
    "{{ price(680, 1990) }}|{{ price(0, 500) }}|{{ price(0, 0) }}|{{ bar(140) }}|{{ ground('/p.webp', 58) }}|"
    "{{ ground('/p.webp') }}|{{ countdown(62) }}|{{ found('/g.webp', '葡萄') }}",
}
ERRORS = sorted((Path(charts.__file__).parents[1] / "templates" / "errors").glob("*.html"))


@pytest.fixture
def stage():
    app = make_stage(PAGES)

    @app.get("/")
    def show():
        return page_or_fragment("page.html", "part.html", word="<b>")

    @app.get("/flash")
    def flashed():
        flash("收藏好了")
        flash("没有成功", "rose")
        return render_template("page.html")

    return app


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_only_a_swap_wants_a_fragment(stage, headers, expected):
    with stage.test_request_context(headers=headers):
        assert wants_fragment() is expected


def test_one_address_gives_page_and_fragment(stage):
    client = stage.test_client()

    page = client.get("/")
    fragment = client.get("/", headers={"HX-Request": "true"})

    assert page.text.lstrip().startswith("<!doctype html>")
    assert fragment.text == '<p id="part">&lt;b&gt;</p>'
    assert fragment.text in page.text
    assert all("HX-Request" in answer.headers["Vary"] for answer in (page, fragment))


def test_page_names_its_tab_and_what_is_to_do(stage):
    text = stage.test_client().get("/").text

    assert re.search(r'id="tab-signin" aria-current="page"', text)
    assert re.search(r'id="tab-draws" class="todo"', text)
    assert text.count("aria-current") == 1


def test_page_has_nothing_that_the_content_policy_refuses(stage):
    text = stage.test_client().get("/").text

    assert not re.search(r"<style|\sstyle=|\son\w+=|hx-on|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_forms_carry_a_fresh_key_each_time(stage):
    client = stage.test_client()
    pattern = re.compile(r'name="idempotency_key" value="([\w-]{20,})"')

    keys = [pattern.search(client.get("/").text).group(1) for _ in range(2)]

    assert keys[0] != keys[1]


def test_flashes_are_toasts(stage):
    text = stage.test_client().get("/flash").text

    assert re.search(r'<p class="toast"><svg.*?</svg>收藏好了', text)
    assert re.search(r'<p class="toast rose" role="alert"><svg.*?</svg>没有成功', text)


@pytest.mark.parametrize(("chosen", "attribute"), [("dark", ' data-theme="dark"'), ("", ""), ("pink", "")])
def test_chosen_theme_stands_on_the_page(stage, chosen, attribute):
    with stage.test_request_context("/"):
        session["theme"] = chosen
        assert f'<html lang="zh-CN"{attribute}>' in render_template("page.html")


@pytest.mark.parametrize(("tag", "lang"), [("zh-TW", "zh-Hant"), ("en-GB", "en"), ("fr", "zh-CN")])
def test_page_says_its_language(stage, tag, lang):
    text = stage.test_client().get("/", headers={"Accept-Language": tag}).text

    assert f'<html lang="{lang}">' in text


def test_shared_parts(stage):
    with stage.test_request_context():
        both, cash, nothing, bar, tinted, photo, countdown, found = render_template("parts.html").split("|")

    assert '<b class="num">680</b> 积分' in both
    assert '+ <b class="num">¥19.90</b>' in both
    assert "积分" not in cash
    assert '<b class="num">0</b> 积分' in nothing
    assert "v-100" in bar
    assert "ground hue-55" in tinted
    assert "ground photo" in photo
    assert "<i>01</i>:<i>02</i>" in countdown
    assert found.count("<i aria-hidden") == 12


@pytest.mark.parametrize("path", ERRORS, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    ("address", "home"), [("/orders/1?a=b", 'href="/"'), ("/merchant/orders", 'href="/merchant"')]
)
def test_error_pages_stand_alone(stage, path, address, home):
    with stage.test_request_context(address, method="POST"):
        text = render_template(f"errors/{path.name}", incident="7F3A", error=None)

    assert "<h1>" in text
    assert home in text or path.stem == "offline"
    assert "csrf" not in text
    assert ("7F3A" in text) is (path.stem == "500")


@pytest.mark.parametrize(
    ("value", "ceiling"), [(0, 4), (4, 4), (5, 8), (9_800, 10_000), (10_001, 20_000), (212_000, 400_000)]
)
def test_axis_ends_on_a_round_number(value, ceiling):
    assert charts.nice_ceiling(value) == ceiling


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (950, "950"), (2500, "2.5k"), (212_000, "212k"), (1_200_000, "1.2M")]
)
def test_numbers_at_the_edge_are_short(value, text):
    assert charts.short(value) == text


def test_lines_stay_inside_the_drawing():
    chart = charts.line_chart(["1", "2", "3"], [("a", [0, 50, 100]), ("b", [100, 0, 25])])

    corners = [tuple(map(float, corner.split(","))) for line in chart.lines for corner in line.area.split()]

    assert all(chart.left <= x <= chart.width and 0 <= y <= chart.base for x, y in corners)
    assert [label.text for label in chart.labels] == ["1", "2", "3"]


def test_charts_of_nothing_are_drawn_too():
    assert charts.line_chart([], [("a", [])]).labels == ()
    assert [bar.height for bar in charts.bar_chart(["1", "2"], [0, 0]).bars] == [0.0, 0.0]
    assert [part.length for part in charts.ring([0, 0])] == [0.0, 0.0]


def test_ring_is_whole():
    parts = charts.ring([1, 1, 2])

    assert [(part.number, part.length, part.start) for part in parts] == [
        (1, 25.0, 0.0),
        (2, 25.0, 25.0),
        (3, 50.0, 50.0),
    ]
