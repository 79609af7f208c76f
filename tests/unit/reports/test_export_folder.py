# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of an export: nothing that somebody may need is overwritten, hidden or mixed up."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.xivo.confd.plugins.plugin_utils import _export_folder
from ansible_collections.xivo.confd.plugins.plugin_utils._export_folder import ExportFolder, ExportRefusedError

TEXT = "---\nprovision_users: []\n"
OTHER = "---\nprovision_users:\n  - user: {firstname: Ann}\n"
SECRET = "---\nprovision_users:\n  - user:\n      firstname: Ann\n      password: !vault |\n        31\n"
EXTENSIONS = (".yml", ".yaml", ".json")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "host_vars" / "pbx"


def export(
    path: Path, text: str = TEXT, server: str = "pbx", overwrite: bool = False, check: bool = False
) -> ExportFolder:
    """Write users.yml. Return the folder."""
    folder = ExportFolder(path, server, EXTENSIONS, overwrite)
    folder.write({"users.yml": text}, check)
    return folder


def refused(words: str, path: Path, text: str = TEXT, **options: object) -> None:
    """Assert that nothing is written, and why."""
    before = {each: each.read_bytes() for each in path.parent.rglob("*") if each.is_file()}
    with pytest.raises(ExportRefusedError, match=words):
        export(path, text, **options)  # type: ignore[arg-type]
    assert before == {each: each.read_bytes() for each in path.parent.rglob("*") if each.is_file()}


def test_an_export_replaces_an_earlier_one(path: Path) -> None:
    assert not export(path, check=True).path.exists()
    export(path)
    first = (path / "users.yml").read_text(encoding="utf-8")
    assert first.startswith(TEXT)
    assert (path / "users.yml").stat().st_mode & 0o077 == 0
    assert ExportFolder(path, "pbx", EXTENSIONS).write({"users.yml": TEXT}, check_mode=False) is False
    assert export(path, OTHER).backups == []
    assert (path / "users.yml").read_text(encoding="utf-8").startswith(OTHER)


@pytest.mark.parametrize("edit", ["---\nprovision_users: [{user: {firstname: By hand}}]\n", "# a note\n"])
def test_an_edited_file_is_kept(path: Path, edit: str) -> None:
    export(path)
    file = path / "users.yml"
    edited = edit if edit.startswith("---") else file.read_text(encoding="utf-8") + edit
    file.write_text(edited, encoding="utf-8")

    refused("users.yml was edited, or was not written by an export. Export to another folder, or", path, OTHER)
    assert export(path, OTHER, overwrite=True, check=True).backups == [f"{file}.~1~"]
    assert export(path, OTHER, overwrite=True).backups == [f"{file}.~1~"]
    assert Path(f"{file}.~1~").read_text(encoding="utf-8") == edited
    file.write_text(edited, encoding="utf-8")
    assert export(path, OTHER, overwrite=True).backups == [f"{file}.~2~"]


def test_secrets_are_kept(path: Path) -> None:
    export(path, SECRET)
    refused("holds secrets, and this export has none", path, OTHER)
    assert len(export(path, OTHER, overwrite=True).backups) == 1


def test_another_layout_may_move_the_secrets(path: Path) -> None:
    export(path, SECRET)
    folder = ExportFolder(path, "pbx", EXTENSIONS)
    assert folder.write({"users.yml": OTHER, "users_a.yml": SECRET}, check_mode=False)
    assert folder.backups == []


def part(name: str, text: str = "[]") -> str:
    return f"---\nprovision_users_{name}: {text}\n"


def test_files_of_an_earlier_layout_are_removed(path: Path) -> None:
    texts = {"users.yml": TEXT, **{f"users_{name}.yml": part(name) for name in ("default", "sales")}}
    ExportFolder(path, "pbx", EXTENSIONS).write(texts, check_mode=False)
    mine = {"users_mine.yml": part("mine"), "users_copy.yml": (path / "users_sales.yml").read_text(encoding="utf-8")}
    for name, text in mine.items():
        (path / name).write_text(text, encoding="utf-8")
    with (path / "users_sales.yml").open("a", encoding="utf-8") as file:
        file.write("# a note\n")
    before = sorted(path.iterdir())

    planned, done = export(path, check=True), ExportFolder(path, "pbx", EXTENSIONS)
    assert sorted(path.iterdir()) == before
    assert done.write({"users.yml": TEXT}, check_mode=False)
    assert planned.removed == done.removed == [str(path / "users_default.yml")]
    assert list(planned.kept) == list(done.kept) == [str(path / f"users_{name}.yml") for name in ("mine", "sales")]
    assert sorted(path.iterdir()) == [each for each in before if each.name != "users_default.yml"]
    assert not ExportFolder(path, "pbx", EXTENSIONS).write({"users.yml": TEXT}, check_mode=False)


def test_secrets_and_other_servers_are_not_removed(path: Path) -> None:
    secret = part("a", "[{user: {password: !vault x}}]")
    ExportFolder(path, "pbx", EXTENSIONS).write({"users.yml": TEXT, "users_a.yml": secret}, check_mode=False)
    (path / "users_b.yml").write_text(_export_folder.sealed(part("b"), "other"), encoding="utf-8")

    folder = export(path)
    assert (folder.removed, folder.kept) == ([], {str(path / "users_a.yml"): _export_folder.NO_SECRETS})
    other = ExportFolder(path, "pbx", EXTENSIONS)
    assert other.write({"users.yml": SECRET}, check_mode=False)
    assert other.removed == [str(path / "users_a.yml")]


@pytest.mark.parametrize("extension", ["", *EXTENSIONS])
def test_no_file_is_hidden_by_the_folder(path: Path, extension: str) -> None:
    path.parent.mkdir()
    hidden = path.with_name(f"pbx{extension}")
    hidden.write_text("confd_url: https://pbx:9486\n", encoding="utf-8")

    refused(f"Ansible does not read {hidden} if there is a folder .* Move the file into the folder: {path}/main", path)
    hidden.unlink()
    path.with_name("pbx.txt").touch()
    export(path)


def test_a_hand_written_list_beside_it(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "staff.yml").write_text("---\nprovision_users: []\n", encoding="utf-8")
    refused(r"staff.yml defines provision_users, and .*/users.yml would define it as well", path)
    (path / "staff.yml").write_text("---\nprovision_users_of_ours: []\n", encoding="utf-8")
    export(path)


@pytest.mark.parametrize("text", ["provision_users: []\n", '{"provision_users": []}', '{\n  "provision_users": []\n}'])
def test_a_folder_inside_is_read_as_well(path: Path, text: str) -> None:
    """Ansible reads all folders of host_vars/NAME, and then not host_vars/NAME.yml."""
    hidden = path.with_name("pbx.yml")
    path.parent.mkdir()
    hidden.write_text("confd_url: https://pbx:9486\n", encoding="utf-8")
    refused(f"Ansible does not read {hidden} if there is a folder", path / "export")
    hidden.unlink()
    other = path / "by_hand" / "users.json"
    other.parent.mkdir(parents=True)
    other.write_text(text, encoding="utf-8")
    refused(f"{other} defines provision_users", path)
    refused(f"{other} defines provision_users", path / "export")


def test_what_is_no_file_is_not_replaced(path: Path) -> None:
    path.mkdir(parents=True)
    file = path / "users.yml"
    file.symlink_to(path / "nowhere")
    refused("users.yml is not a file, or a link to one that does not exist. Remove it", path)
    file.unlink()
    file.mkdir()
    refused("users.yml is not a file", path, overwrite=True)


def test_one_folder_is_of_one_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "exports"
    export(path, server="a")
    refused(
        r"users.yml holds the users of a, so it cannot hold those of b. Give each server its own folder",
        path,
        OTHER,
        server="b",
    )
    refused("holds the users of a", path, OTHER, server="b", overwrite=True)

    # And if both begin at the same time.
    monkeypatch.setattr(_export_folder.Path, "exists", lambda _path: False)
    refused("another server, exported at the same time", path, server="a", text=OTHER)


@pytest.mark.parametrize("name", ["../../escaped", "..", "a/b", "/etc", "a\\b", "a\0b", ".", "~", "~root"])
def test_the_name_of_a_server_is_no_path(tmp_path: Path, name: str) -> None:
    folder = ExportFolder(tmp_path / "host_vars" / "x", name, (".yml",))
    with pytest.raises(ExportRefusedError, match="which can lead to another folder"):
        folder.write({"users.yml": "provision_users: []\n"}, check_mode=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["$CONFD_PASSWORD", "${DOTS}", "pbx$HOME"])
def test_the_name_of_a_server_is_no_variable(tmp_path: Path, name: str) -> None:
    folder = ExportFolder(tmp_path / "x", name, (".yml",))
    with pytest.raises(ExportRefusedError, match=r"contains '\$', which can lead to another folder"):
        folder.write({"users.yml": "provision_users: []\n"}, check_mode=False)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_an_export_has_no_nul(tmp_path: Path) -> None:
    with pytest.raises(ExportRefusedError, match=r"The folder .* contains '.x00'"):
        ExportFolder(tmp_path / "a\0b", "pbx", (".yml",)).write({"users.yml": ""}, check_mode=False)


@pytest.mark.parametrize("name", ["pbx", "pbx.example.org", "Büro 1", "fe80::1", "10.0.0.1"])
def test_plain_names_of_servers_are_taken(tmp_path: Path, name: str) -> None:
    assert ExportFolder(tmp_path / name, name, (".yml",)).write({"users.yml": "provision_users: []\n"}, False)
