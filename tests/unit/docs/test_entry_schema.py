# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON schema of variables files: it underlines what is wrong in an editor, and nothing that is right."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

from demo.demo import FORWARD, LOGIN, PEOPLE
from fuzz.case import APIS, make_case, servers
from support.bad_input import LIST, cases
from support.generate import of_schema
from support.guide_reader import blocks_of
from support.paths import ROOT

FILE = ROOT / "docs" / "entries.schema.json"
SCHEMA = json.loads(FILE.read_text(encoding="utf-8"))
VALIDATOR = Draft7Validator(SCHEMA)
FLOOR = 0.87
"""The share of the bad input that the schema catches. The rest depends on the generation, or on two entries."""
VARIABLES = ("provision_users", "provision_profiles", "provision_contexts")


def as_json(value: Any) -> Any:
    """A value as editors read it: keys are texts."""
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    return [as_json(each) for each in value] if isinstance(value, list) else value


def problem(document: Any) -> str:
    """Where a document is wrong, and how; '' if it is right."""
    found = best_match(VALIDATOR.iter_errors(as_json(document)))
    return f"{'/'.join(map(str, found.absolute_path))}: {found.message}" if found else ""


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """The variables in the pages of the documentation, with the names of the pages."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "guides").glob("*.md")]
    for page in pages:
        for language, text in blocks_of(page.read_text(encoding="utf-8")):
            if language in ("yaml", "yml") and any(name in text for name in VARIABLES):
                loaded = yaml.safe_load(text)
                for each in loaded if isinstance(loaded, list) else [loaded]:
                    yield page.name, each.get("vars", {}) if "tasks" in each or "hosts" in each else each


def test_the_schema_is_up_to_date() -> None:
    assert {path: path.read_text(encoding="utf-8") for path in of_schema()} == of_schema(), "run make generate"
    Draft7Validator.check_schema(SCHEMA)


def test_the_bad_input_is_caught() -> None:
    tried = [case.options["users"] for case in cases() if case.module == LIST and set(case.options) == {"users"}]
    caught = sum(bool(problem({"provision_users": users})) for users in tried)
    print(f"The schema catches {caught} of {len(tried)} cases: {caught / len(tried):.1%}")
    assert caught / len(tried) >= FLOOR


def test_the_documentation_is_right() -> None:
    found = [(page, problem(variables)) for page, variables in documents()]
    assert len(found) > 20
    shown = ("validate.md", "provision_users/1/user: Additional properties are not allowed ('emial' was unexpected)")
    assert [(page, words) for page, words in found if words] == [shown]


def test_the_file_of_the_demo_is_right() -> None:
    """And a wrong key in it is named."""
    text = PEOPLE.replace("LOGIN", f"{LOGIN}}}\n{FORWARD}")
    assert problem(yaml.safe_load(text)) == ""
    wrong = problem(yaml.safe_load(text.replace("mobile_phone_number", "mobile_number")))
    assert wrong == "provision_users/1/user: Additional properties are not allowed ('mobile_number' was unexpected)"


def test_the_examples_of_the_list_module_are_right() -> None:
    module = ast.parse((ROOT / "plugins" / "modules" / f"{LIST}.py").read_text(encoding="utf-8"))
    texts = [
        ast.literal_eval(node.value)
        for node in module.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES"
    ]
    lists = [task.get(f"xivo.confd.{LIST}", {}).get("users") for task in yaml.safe_load(texts[0])]
    assert [problem({"provision_users": users}) for users in lists if users is not None] == [""] * len(
        [users for users in lists if users is not None]
    )


def test_random_lists_are_right() -> None:
    with servers(APIS) as made:
        lists = [make_case(server, seed).users for server in made.values() for seed in range(10)]
    assert [words for users in lists if (words := problem({"provision_users": users}))] == []


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"user": {"firstname": "Ann", "emial": "a@example.org"}}, "provision_users/0/user: "),
        ({"user": {"firstname": "Ann"}, "extension": {"exten": 300000000, "context": "default"}}, "extension/exten: "),
        ({"user": {"firstname": "Ann"}, "state": "gone"}, "provision_users/0/state: 'gone' "),
        ({"user": {"firstname": "Ann"}, "fallbacks": {"busy": {"grup": "sales"}}}, "fallbacks/busy: "),
        ({"user": {"firstname": "Ann"}, "func_keys": {"keys": {1: {"destination": {"usr": 1}}}}}, "destination: "),
    ],
)
def test_a_mistake_has_its_place(entry: dict[str, Any], words: str) -> None:
    assert words in problem({"provision_users": [entry]})


def test_templates_and_nulls_are_right_everywhere() -> None:
    text = "{{ anything }}"
    entry = {"user": text, "extension": {"exten": text, "context": text}, "incalls": text, "forwards": None}
    assert problem({"provision_users": [text, {**entry, "line": {"device_slot": text}}], "confd_api": None}) == ""
    assert problem({"provision_users": text, "provision_profiles": text, "some_other_variable": [1]}) == ""


def test_a_profile_holds_nothing_of_one_person() -> None:
    for profile in ({"match": {"id": 1}}, {"extension": {"exten": "1200"}}, {"user": {"firstname": "A"}}):
        assert problem({"provision_profiles": {"sales": profile}})
    shared = {
        "extension": {"range": "1200-1299", "context": "default"},
        "fallbacks": {"busy": {"user": {"firstname": "A"}}},
    }
    assert problem({"provision_profiles": {"sales": {**shared, "groups": ["sales"]}}}) == ""


def test_editors_show_the_words_of_the_documentation() -> None:
    entry = SCHEMA["definitions"]["entry"]["properties"]
    assert entry["extension"]["description"]
    texts = [each["description"] for each in _dictionaries(SCHEMA) if isinstance(each.get("description"), str)]
    assert len(texts) > 100
    assert [text for text in texts if any(f"{sign}(" in text for sign in "OVMCPE") and "RFC" not in text] == []


def _dictionaries(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _dictionaries(each)
