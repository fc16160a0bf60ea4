"""The rulebook at the command line."""

import json
from dataclasses import replace

import pytest

from shop.queries.points.rulebook import rulebook_in_force, rulebook_versions
from shop.rules.rulebook import PublishingRule
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook


@pytest.fixture
def run(app, clock):
    clock.stand_at(MONDAY)

    def invoke(*arguments, typed=None):
        return app.test_cli_runner().invoke(args=list(arguments), input=typed)

    return invoke


def test_a_new_shop_is_set_up_once(run):
    assert "version 1" in run("setup").output
    assert "has a rulebook" in run("setup").output


def test_what_is_exported_can_be_checked_changed_and_published(run, tmp_path):
    run("setup")
    document = json.loads(run("rulebook", "export").output)
    document["earning"]["points"] = 3
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(document))

    assert run("rulebook", "check", str(file)).output == "sound\n"
    assert run("rulebook", "publish", str(file)).output == "version 2\n"

    assert rulebook_in_force(MONDAY).earning.points == 3


def test_a_faulty_document_names_its_faults_and_changes_nothing(run):
    run("setup")

    for document in ('{"earning": {}}', "[]", "{", '{"earning": 1.5}'):
        checked = run("rulebook", "check", "-", typed=document)
        published = run("rulebook", "publish", "-", typed=document)
        assert (checked.exit_code, published.exit_code) == (1, 1)
        assert checked.output

    assert len(rulebook_versions(MONDAY)) == 1


def test_a_preset_is_published_for_a_moment_in_the_shops_time(run):
    run("setup")
    assert run("rulebook", "presets").output.split()[0] == "default"

    assert run("rulebook", "publish", "--preset", "simple", "--at", "2026-04-01T00:00").exit_code == 0

    assert rulebook_versions(MONDAY)[0].effective_at.isoformat() == "2026-03-31T16:00:00+00:00"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--preset", "simple", "--at", "tomorrow"),
        ("--preset", "simple", "--at", "2020-01-01"),
        ("--preset", "unknown"),
        ("/nowhere.json",),
    ],
)
def test_what_cannot_be_published_says_so(run, arguments):
    run("setup")

    answer = run("rulebook", "publish", *arguments)

    assert answer.exit_code != 0
    assert "Error" in answer.output
    assert len(rulebook_versions(MONDAY)) == 1


def test_the_command_line_keeps_notice_too(run):
    run("setup")
    make_member()

    early = run("rulebook", "publish", "--preset", "simple", "--at", "2026-03-31T00:00")
    in_time = run("rulebook", "publish", "--preset", "simple", "--at", "2026-04-01T00:00")

    assert early.exit_code == 1
    assert "2026-04-01" in early.output
    assert in_time.output.strip() == "version 2"


def test_the_command_line_publishes_nothing_alone_while_a_second_person_is_asked_for(run):
    make_rulebook(replace(AT_ONCE, publishing=PublishingRule(second_person=True)))

    assert run("rulebook", "publish", "--preset", "simple").exit_code == 1
    assert len(rulebook_versions(MONDAY)) == 1


def test_without_a_rulebook_there_is_nothing_to_export(run):
    assert "flask setup" in run("rulebook", "export").output
