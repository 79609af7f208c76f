# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The generated parts of files are up to date, and hand-written documentation agrees with the backends."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.xivo.confd.plugins.module_utils._model.resources import (
    LINE,
    RESOURCES,
    USER,
    USER_PARTS,
    Field,
    Resource,
)
from ansible_collections.xivo.confd.plugins.module_utils._tasks.query import LISTINGS
from support.generate import MODULES, Tree, availability, is_part, update_all, with_availability
from support.generated_yaml import render
from support.paths import ROOT

DOCUMENTED = [
    pytest.param(resource, field, id=f"{resource.name}.{field.name}")
    for resource in RESOURCES.values()
    for field in resource.fields
    if not is_part(resource)
]
FILE = Path("roles/provision/meta/names.yml")
NAMES = """\
names:
  # BEGIN names of line_sip
  - outdated
  # END names of line_sip
  - context
"""


def test_generated_parts_are_up_to_date() -> None:
    outdated = [str(path) for path in update_all()]
    assert not outdated, f"run make generate: {', '.join(outdated)}"


@pytest.mark.parametrize(("resource", "field"), DOCUMENTED)
def test_options_say_which_servers_lack_them(resource: Resource, field: Field) -> None:
    options = Tree().documentation(MODULES / f"confd_{resource.name}.py")["options"]
    description = options.get(field.name, {}).get("description", [])
    sentence = availability(resource, field)
    said = [each for each in description if each.startswith(("Not available on ", "Only available on "))]
    assert said == ([sentence] if sentence else [])


@pytest.mark.parametrize("resource", USER_PARTS.values(), ids=lambda each: each.name)
def test_modules_of_settings_say_which_servers_lack_them(resource: Resource) -> None:
    of_fields = {availability(resource, field) for field in resource.fields}
    sentences = of_fields - {""} if len(of_fields) == 1 else set()
    description = Tree().documentation(MODULES / f"confd_{resource.name}.py")["description"]
    assert [each for each in description if each.startswith(("Not available", "Only available"))] == [*sentences]


def test_availability_names_the_servers_in_few_words() -> None:
    assert availability(USER, Field("firstname")) == ""
    assert availability(USER, Field("email")) == "Not available on XiVO up to 16.12."
    assert availability(LINE, Field("webrtc")) == "Not available on XiVO up to 16.12."
    assert availability(USER, Field("subscription_type")).startswith("Only available on Wazo from 20.07")


def test_an_option_gets_its_sentence_in_the_place_of_an_old_one() -> None:
    option = "  webrtc:\n    description:\n      - Used\n        in a browser.\n{}    type: bool\n"
    sentence = f"      - {availability(LINE, Field('webrtc'))}\n"
    for old in ("", "      - Not available on anything.\n", sentence):
        assert with_availability(option.format(old), LINE) == option.format(sentence)


def test_a_list_gets_the_names_that_it_does_not_have(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.parent.mkdir(parents=True)
    file.write_text(NAMES, encoding="utf-8")
    text = update_all(tmp_path)[FILE]
    listing = next(each for each in LISTINGS if each.resource is LINE)
    names = yaml.safe_load(text)["names"]
    assert names[-1] == "context"
    assert sorted(names) == sorted(listing.keys)
    file.write_text(text, encoding="utf-8")
    assert update_all(tmp_path) == {}


def test_an_unknown_marker_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.parent.mkdir(parents=True)
    file.write_text("# BEGIN riddles of user\n# END riddles of user\n", encoding="utf-8")
    with pytest.raises(KeyError, match="riddles"):
        update_all(tmp_path)


def test_long_texts_are_folded_without_a_change() -> None:
    data = {"key": {"description": ["word " * 60 + "end.", 'with "quotes": ' * 12], "sample": "824158"}}
    text = render(data, "    ")
    assert yaml.safe_load(text) == data
    assert max(map(len, text.splitlines())) <= 120
    assert 'sample: "824158"' in text


def test_every_marker_is_closed() -> None:
    for path in [*(ROOT / "plugins").rglob("*.py"), *(ROOT / "roles").rglob("*.yml")]:
        text = path.read_text(encoding="utf-8")
        assert text.count("# BEGIN ") == text.count("# END "), path
