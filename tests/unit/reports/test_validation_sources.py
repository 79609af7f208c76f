# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables files that are checked as they are: what cannot be read is said, and the rest is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.parsing.dataloader import DataLoader

from ansible_collections.xivo.confd.plugins.plugin_utils._validation_sources import of_files

VAULT = "$ANSIBLE_VAULT;1.1;AES256\n3333\n"
USERS = "provision_users:\n  - user: {firstname: Ann}\n    extension: {exten: '1200', context: default}\n"


def check(folder: Path, **files: str) -> list[dict[str, Any]]:
    """What is found in files, by their names without ending."""
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return [each.checked() for each in of_files([str(folder / f"{name}.yml") for name in files], DataLoader())]


def messages(found: dict[str, Any]) -> list[str]:
    return [each["message"] for each in found["problems"]]


def test_a_secret_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    login = "    login: {username: ann, password: '{{ vault_ann }}'}\n    usr: 1\n"
    login += f"    line:\n      secret: !vault |\n        {VAULT.strip().replace(chr(10), chr(10) + 8 * ' ')}\n"
    (found,) = check(tmp_path, users=USERS + login)
    assert messages(found) == ["usr is not a valid key. Did you mean user?"]
    assert not any("template" in each for each in found["unchecked"])


def test_entries_with_templates_keep_the_positions(tmp_path: Path) -> None:
    bob = USERS.partition("\n")[2].replace("Ann", "Bob")
    (found,) = check(tmp_path, users=f"{USERS}  - user: {{firstname: '{{{{ name }}}}'}}\n{bob}")
    assert [each["entry"] for each in found["problems"]] == [3]
    assert "1200@default is also in entry 1, Ann" in messages(found)[0]
    assert "Entries with templates or encrypted values: 2. Check them with the inventory." in found["unchecked"]


def test_what_files_share_is_found_in_any_of_them(tmp_path: Path) -> None:
    shared = "provision_contexts: {default: {type: internal, ranges: ['1000-1099']}}\nprovision_profiles: {sales: {}}\n"
    profile = "    profile: sails\n"
    users, alone = check(tmp_path, users=USERS + profile, shared=shared)
    assert [text.split(".")[0] for text in messages(users)] == ["there is no profile 'sails'"]
    assert messages(alone) == []
    (found,) = check(tmp_path, users=USERS + profile)
    assert messages(found) == []
    assert found["unchecked"][0] == "What entries get from profiles: none of the files has provision_profiles."
    users, _alone = check(tmp_path, users=USERS, shared=shared)
    assert "1200@default is outside of the ranges of default: 1000-1099." in messages(users)[0]


def test_files_that_are_no_variables(tmp_path: Path) -> None:
    encrypted, listed, broken, other = check(tmp_path, encrypted=VAULT, listed="- a\n", broken="a: [\n", other="a: 1\n")
    assert (messages(encrypted), encrypted["unchecked"]) == ([], ["The file is encrypted."])
    assert messages(listed) == ["is not a variables file: it does not contain a dictionary."]
    assert messages(broken)[0].startswith("cannot be read: ")
    assert (messages(other), other["unchecked"]) == ([], ["The file has no provision_users."])


def test_a_list_that_is_a_template_is_not_checked(tmp_path: Path) -> None:
    (found,) = check(tmp_path, users="provision_users: '{{ staff | xivo.confd.csv_entries }}'\nprovision_contexts: 7\n")
    assert messages(found) == ["provision_contexts is a number, but must be a dictionary of contexts by name."]
    assert found["unchecked"] == ["provision_users is a template or encrypted. Check it with the inventory."]
