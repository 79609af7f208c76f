# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks xivo.confd.audit, xivo.confd.audit_merge and xivo.confd.export."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.xivo.confd.plugins.module_utils._reports.audit import report_of
from simulator import Simulator
from support.people import fill
from support.playbooks import Result

FILES = ["audit.html", "audit.json", "audit.md", "audit.xml"]
HOSTILE = "{{ lookup('pipe', 'id') }}"
HEADER = "#jinja2: variable_start_string:'[[', variable_end_string:']]'\n[[ lookup('pipe', 'touch %s') ]]"
"""A template without braces: Ansible takes the delimiters of the first line. %s: the file that it would create."""
PIN = "73914826"


def person(first: str, last: str, exten: str, **more: Any) -> dict[str, Any]:
    user = {"firstname": first, "lastname": last, **more.pop("user", {})}
    return {"user": user, "extension": {"exten": exten, "context": "default"}, **more}


PEOPLE = [
    person("Ada", "Lovelace", "1201", line={"secret": "oldsecret1"}),
    person("Bob", HOSTILE, "1202", user={"password": "s3cretpw"}, voicemail={"password": PIN}),
]
CHANGED = [person("Ada", "Lovelace", "1201", user={"language": "fr_FR"}, line={"secret": "newsecret1"})]
FLEET: dict[str, dict[str, Any]] = {
    "up": {"provision_users": [*CHANGED, {"user": {"firstname": "Eve"}, "extension": 1203}]},
    # A list without Ada's login.
    "more": {"provision_users": PEOPLE[:1], "audit_scope": {"range": "1201-1201", "context": "default"}},
    "down": {"provision_users": CHANGED, "confd_url": "https://127.0.0.1:1"},
    "unclear": {"provision_users": "{{ nobody_knows }}"},
}


def report_in(folder: Path, name: str = "audit.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return found


def test_a_fleet_is_audited_whatever_is_down(sim: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    fill(sim, [{**PEOPLE[0], "login": {"username": "ada", "password": "s3cretlogin"}}, PEOPLE[1]])
    run = play(
        "xivo.confd.audit",
        inventory={"confd": {"hosts": FLEET, "vars": {"ansible_connection": "ssh", "ansible_become": True}}},
        env={"ANSIBLE_STRATEGY": "free"},
        extra_vars={
            "audit_directory": str(tmp_path),
            "audit_fail_on_drift": True,
            "audit_strict": True,
            "audit_artifact": "report",
        },
        args=["-vv"],
    )

    assert run.rc != 0
    # What would be changed on a server, and not the files of the audit.
    assert {task.name.partition(" : ")[2] or task.name for task in run.tasks if task.changed} == {
        "Compare the server with its entries"
    }
    assert "language nothing -> fr_FR" in run.output
    assert sim.writes == []
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES
    report = report_in(tmp_path)
    assert_each_server_is_reported(report)
    everything = run.output + "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    secrets = ("oldsecret1", "newsecret1", "s3cretpw", "s3cretlogin", PIN, sim.password)
    assert [secret for secret in secrets if secret in everything] == []
    assert {task.host for task in run.failed if task.name.startswith("Fail if")} == FLEET.keys()

    merged = merge(play, run, tmp_path / "all")
    assert merged.rc != 0
    assert "2 of 4 servers could not be audited" in merged.output
    assert report_in(tmp_path / "all")["servers"] == report["servers"]


def assert_each_server_is_reported(report: dict[str, Any]) -> None:
    servers = {server["name"]: server for server in report["servers"]}
    assert len(servers) == len(report["servers"])
    statuses = {name: server["status"] for name, server in servers.items()}
    assert statuses == {"up": "drift", "more": "drift", "down": "failed", "unclear": "failed"}
    assert [servers["more"]["summary"][count] for count in ("conforming", "beyond", "unmanaged")] == [1, 1, 0]
    assert [each["error"] for each in servers["up"]["entries"]] == [
        None,
        "extension is a number, but must be a dictionary.",
    ]
    assert "No connection to https://127.0.0.1:1" in servers["down"]["error"]
    assert "nobody_knows" in servers["unclear"]["error"]
    assert [each["name"] for each in servers["up"]["unmanaged"]] == [f"Bob {HOSTILE}"]


def merge(play: Callable[..., Result], run: Result, folder: Path) -> Result:
    """Merge, as AWX does, what a slice handed on; with its file, whose path begins in the folder of the start."""
    (stats,) = [task for task in run.tasks if task.name.startswith("Pass the result")]
    handed_on = stats.result["ansible_stats"]["data"]
    assert handed_on["confd_audit"].keys() == {"drift", "summary"}
    assert "lookup" not in json.dumps(handed_on)
    return play(
        "xivo.confd.audit_merge",
        # As a limit of the whole workflow.
        args=["--limit", "up"],
        inventory={"confd": {"hosts": {"up": None}}},
        extra_vars={
            "confd_audit_report_7": handed_on["confd_audit_report_0"],
            "audit_merge_files": "audit.json",
            "audit_directory": f"$FOLDER/{folder.name}",
            "audit_title": "All slices",
        },
        env={"FOLDER": str(folder.parent)},
        cwd=folder.parent,
    )


def test_an_audit_without_drift_is_green_also_with_check(
    sim: Simulator, play: Callable[..., Result], tmp_path: Path
) -> None:
    fill(sim, PEOPLE[:1])
    sim.database.extensions.insert(exten="1209", context="default")
    variables = {
        "audit_directory": str(tmp_path),
        # A truth value, as in a file of variables.
        "audit_orphans": False,
        "audit_fail_on_drift": True,
        "audit_strict": True,
        "provision_users": PEOPLE[:1],
    }

    play("xivo.confd.audit", check=True, extra_vars=variables).succeeded()

    report = report_in(tmp_path)
    assert report["summary"]["conforming_percent"] == 100
    assert [report["servers"][0][kind] for kind in ("orphans", "unclear")] == [[], []]
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES


def report_task(folder: Path, **more: Any) -> dict[str, Any]:
    options = {"merge_files": [str(folder.parent / "earlier.json")], "directory": str(folder), **more}
    return {"name": "Report", "xivo.confd.confd_audit_report": options}


def write_earlier_report(folder: Path) -> None:
    """Write a report of somebody with a hostile name, and with a text that UTF-8 cannot hold."""
    entry = {"index": 0, "label": HOSTILE, "name": HOSTILE, "status": "failed", "error": "\ud800"}
    server = {"name": "pbx", "url": None, "result": {"results": [entry]}}
    report = report_of([server], "Audit", "2026-11-23T08:00:00Z", strict=False)
    (folder / "earlier.json").write_text(json.dumps(report), encoding="utf-8")


def test_reports_are_written_once(play: Callable[..., Result], tmp_path: Path) -> None:
    folder, other = tmp_path / "reports", tmp_path / "other"
    write_earlier_report(tmp_path)

    assert play([report_task(folder)], check=True).succeeded().changed == 1
    assert not folder.exists()
    tasks = [report_task(folder), report_task(folder, return_report=True)]
    formats = ["html", "json"]  # A module writes each file here, whatever is in it.
    by_modules = [report_task(other, formats=formats, **more) for more in ({}, {"mode": "0640"}, {})]
    as_somebody = [as_another_user(tmp_path, task) for task in by_modules]
    run = play([*tasks, *as_somebody], diff=True).succeeded()

    assert [task.changed for task in run.tasks] == [True, False, True, True, False]
    first, second = run.tasks[:2]
    assert "report" not in first.result
    assert "modes" not in first.result
    assert second["report"]["servers"][0]["entries"][0]["label"] == HOSTILE
    assert sorted(first["files"].values()) == [str(folder / name) for name in FILES]
    for made, names, mode in ((folder, FILES, 0o600), (other, ["audit.html", "audit.json"], 0o640)):
        assert made.stat().st_mode & 0o777 == 0o700
        assert sorted(path.name for path in made.iterdir()) == names
        assert {path.stat().st_mode & 0o777 for path in made.iterdir()} == {mode}
    for path in folder.iterdir():
        assert "lookup(" in path.read_text(encoding="utf-8").replace("\\", "")


def as_another_user(folder: Path, task: dict[str, Any]) -> dict[str, Any]:
    """Return a task whose files are written by modules, as those of another host, with a sudo that changes nothing."""
    sudo = folder / "sudo"
    sudo.write_text('#!/bin/sh\nwhile [ "$1" != /bin/sh ]; do shift; done\nexec "$@"\n', encoding="utf-8")
    sudo.chmod(0o755)
    return {**task, "become": True, "vars": {"ansible_become_exe": str(sudo)}}


def test_a_report_that_cannot_be_written_or_merged(play: Callable[..., Result], tmp_path: Path) -> None:
    write_earlier_report(tmp_path)
    (tmp_path / "a_file").write_text("[]", encoding="utf-8")

    written = play([report_task(tmp_path / "a_file")]).task("Report")
    merged = play([report_task(tmp_path / "reports", merge_files=[str(tmp_path / "a_file")])]).task("Report")

    assert written.failed
    assert written.msg.startswith(f"{tmp_path}/a_file/audit.json cannot be written: ")
    assert merged.failed
    assert merged.msg.startswith(f"{tmp_path}/a_file is not an audit report.")
    assert not (tmp_path / "reports").exists()


def is_oldest(sim: Simulator) -> bool:
    return sim.generation.name == "xivo15"


def requests_for_keys(sim: Simulator) -> int:
    return len([each for each in sim.requests if each.path.endswith("/funckeys")])


def test_an_export_with_secrets_fits_back_in(sim: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    executed = tmp_path / "executed"
    fill(sim, [*PEOPLE, person("Cyd", "Zed", "1203", user={"description": HEADER % executed})])
    sim.database.devices.get("dev1").description = "in the lobby"
    sim.database.put_device_on_line(3, "dev1")
    folder, password = tmp_path / "host_vars", tmp_path / "password"
    password.write_text("open sesame", encoding="utf-8")
    variables = {"export_directory": str(folder), "export_layout": "letter", "export_vault_password": "open sesame"}
    variables["export_progress_file"] = str(tmp_path / "progress.log")

    run = play("xivo.confd.export", extra_vars=variables, diff=True, args=["-vv"]).succeeded()
    asked = requests_for_keys(sim)
    again = play("xivo.confd.export", extra_vars={**variables, "export_func_keys": "false"}).succeeded()

    assert again.changed == 0
    assert (asked, requests_for_keys(sim)) == (3, 3)
    assert "3 of 3 users read" in (tmp_path / "progress.log").read_text(encoding="utf-8")
    (stats,) = [task.result["ansible_stats"] for task in run.tasks if task.name.startswith("Pass the result")]
    # AWX keeps only what belongs to the whole run, and passes it on as variables, in which a name would be a template.
    assert stats["per_host"] is False
    assert "lookup" not in json.dumps(stats)
    ((_server, counts),) = stats["data"]["confd_export"].items()
    assert counts == {"users": 3, "left_out": 0, "incomplete": 1, "backups": 0}
    missing = f"Cyd Zed (id 3): {'phone: device dev1' if is_oldest(sim) else 'description of the phone: in the lobby'}"
    assert f"missing in the entry of {missing}" in run.output
    assert f"\n# - {missing}\n" in (folder / "users.yml").read_text(encoding="utf-8")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    files = sorted(folder.iterdir())
    assert [path.name for path in files] == ["users.yml", "users_l.yml", "users_other.yml", "users_z.yml"]
    everything = run.output + "".join(path.read_text(encoding="utf-8") for path in files)
    assert [secret for secret in ("oldsecret1", "s3cretpw", PIN, sim.password) if secret in everything] == []
    loaded = [option for path in files for option in ("-e", f"@{path}")]
    check = play("xivo.confd.provision", check=True, args=["--vault-password-file", str(password), *loaded]).succeeded()
    assert check.changed == 0
    assert sim.writes == []
    assert not executed.exists()


def test_an_export_says_why_it_cannot(sim: Simulator, play: Callable[..., Result], tmp_path: Path) -> None:
    hosts = {
        "pbx": {"confd_password": "wrong"},
        # The names are neither variables of the environment, nor other folders.
        "$CONFD_PASSWORD": None,
        ".": None,
    }
    folder = f"{tmp_path}/x/$CONFD_PASSWORD/{{{{ inventory_hostname }}}}"

    run = play(
        "xivo.confd.export",
        inventory={"confd": {"hosts": hosts}},
        extra_vars={"export_directory": folder, "export_vault_password": "x"},
    )

    assert run.rc != 0
    assert f"rejects confd_username '{sim.username}' and confd_password" in run.output.replace("\\'", "'")
    assert {task.host for task in run.failed} == hosts.keys()
    assert run.output.count("which can lead to another folder") >= 2
    assert list(tmp_path.iterdir()) == []


def test_mistakes_of_a_table_are_named(play: Callable[..., Result]) -> None:
    text = "firstname,lastname,number,direct number,id\nAda,L,12 01,,HR-1\n"
    task = {
        "name": "Read it",
        "ansible.builtin.debug": {"msg": "{{ text | xivo.confd.csv_entries(name='staff.csv') }}"},
        "vars": {"text": text},
    }

    run = play([task])

    assert run.rc != 0
    assert "staff.csv, line 2, column 'number': '12 01' is not a number." in run.output.replace("\\'", "'")
