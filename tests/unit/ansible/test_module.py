# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole modules in this process, from their options to the JSON that they print."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.xivo.confd.plugins.module_utils._ansible import module as module_runner
from ansible_collections.xivo.confd.plugins.modules.confd_export_info import MODULE as EXPORT
from simulator import Fault, Simulator
from support.helpers import Options, make_user, number, person
from support.raw_server import RawServer, reply
from support.run_module import run_module

CANARY = "k8sd2pq7-canary"


@pytest.fixture
def module(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sim: Simulator
) -> Callable[..., Options]:
    """Run a module against the simulator as Ansible would; what it prints."""
    for name in ("URL", "USERNAME", "PASSWORD", "TOKEN", "API", "CA_PATH"):
        monkeypatch.delenv(f"CONFD_{name}", raising=False)

    def run(name: str, check: bool = False, local: bool = False, diff: bool = True, **options: Any) -> Options:
        connection = (
            {} if local else {"confd_url": sim.url, "confd_username": sim.username, "confd_password": sim.password}
        )
        run_module(name, {**connection, **options, "_ansible_check_mode": check, "_ansible_diff": diff})
        printed: Options = json.loads(capsys.readouterr().out)
        return printed

    return run


def test_a_change_has_a_diff_and_the_second_run_has_none(module: Callable[..., Options]) -> None:
    predicted = module("confd_user", check=True, firstname="Ada", password=CANARY)
    done = module("confd_user", firstname="Ada", password=CANARY)
    again = module("confd_user", firstname="Ada", password=CANARY)
    assert (predicted["changed"], done["changed"], again["changed"]) == (True, True, False)
    assert done["diff"][0]["after"]["firstname"] == "Ada"
    assert CANARY not in json.dumps([predicted, done, again])


@pytest.mark.parametrize("check", [True, False])
def test_a_list_has_a_diff_where_one_is_asked_for(module: Callable[..., Options], check: bool) -> None:
    asked = module("confd_provisioned_users", check=check, users=[person("Ann", 1000)])
    assert len(asked["diff"]) == len(asked["results"][0]["changes"]) == 5
    told = module("confd_provisioned_users", check=check, diff=False, users=[person("Bob", 1001)])
    assert "diff" not in told
    assert len(told["results"][0]["differences"]) == 1


WRONG = [None, [None], {"a": 1}, 7]
EMPTY = b'{"items": [], "total": 0}'
ROW = {"id": 1, "uuid": "x", "firstname": "A", "lastname": "B", "lines": [], "incalls": [], "voicemail": None}


@pytest.mark.parametrize("name", ["firstname", "lastname", "caller_id", "lines", "incalls", "voicemail", "id"])
def test_a_row_of_wrong_types_is_not_called_a_defect(name: str) -> None:
    sent = {}
    with RawServer(lambda asked: reply(200, sent.get(asked.path.partition("?")[0], EMPTY))) as server:
        for value in WRONG:
            sent["/1.1/users"] = json.dumps({"items": [{**ROW, name: value}], "total": 1}).encode()
            result = EXPORT.result({"confd_url": server.url, "confd_api": "xivo16", "retries": 0})
            assert "unexpected error" not in result.get("msg", ""), value


HOSTILE = "Bob\x85\x9b1A\u2028"
ESCAPED = r"Bob\x85\x9b1A\u2028"


@pytest.mark.parametrize("check", [True, False])
def test_a_failed_list_does_not_drive_the_terminal(module: Callable[..., Options], sim: Simulator, check: bool) -> None:
    # Ansible prints the result of a task that failed, and escapes nothing of these.
    user = make_user(sim, HOSTILE)
    entry = {"match": {"id": user}, "user": {"firstname": "N", "description": "d"}}
    missing = {"match": {"id": 99}, "user": {"firstname": "Nobody"}}
    printed = module("confd_provisioned_users", check=check, users=[entry, missing], continue_on_error=True)
    assert printed["failed"]
    del printed["invocation"]
    assert set(json.dumps(printed, ensure_ascii=False)).isdisjoint("\x85\x9b\u2028")
    assert printed["results"][0]["differences"][0]["found"] == ESCAPED


def test_the_plan_for_the_role_is_exact(module: Callable[..., Options], sim: Simulator) -> None:
    user = make_user(sim, HOSTILE)
    entry = {"match": {"id": user}, "user": {"firstname": "N", "description": "d"}}
    missing = {"match": {"id": 99}, "user": {"firstname": "Nobody"}}
    printed = module("confd_provisioned_users", users=[entry, missing], continue_on_error=True, plan_only=True)
    assert printed["failed"]
    assert HOSTILE in json.dumps(printed["plan"], ensure_ascii=False)
    assert HOSTILE not in json.dumps(printed["results"], ensure_ascii=False)


def test_an_error_has_the_request_and_the_words_of_the_server(module: Callable[..., Options]) -> None:
    failed = module("confd_extension", exten="5000", context="default")
    assert failed["failed"]
    assert (failed["method"], failed["path"], failed["status"]) == ("POST", "/extensions", 400)
    assert "outside of range" in failed["messages"][0]


def test_a_list_that_fails_in_part_has_the_results_of_all(module: Callable[..., Options], sim: Simulator) -> None:
    sim.faults.add(Fault("500_before", "POST", "/users"))
    people = [person("Ann", 1000), person("Bob", 1001)]
    failed = module("confd_provisioned_users", users=people, continue_on_error=True)
    assert failed["failed"]
    assert [each["status"] for each in failed["results"]] == ["failed", "created"]


NO_DICTIONARY = [1200, True, 1.5, "x", ["x"], None]


@pytest.mark.parametrize("value", NO_DICTIONARY[:-1], ids=str)
@pytest.mark.parametrize("key", ["user", "extension", "line", "incall", "match", "voicemail", "device"])
def test_what_is_no_dictionary_is_named(module: Callable[..., Options], sim: Simulator, key: str, value: Any) -> None:
    """Before Ansible says that an argument of type int is not iterable."""
    failed = module("confd_provisioned_users", users=[person("Bob", 1001), {**person("Ann", 1000), key: value}])
    assert "1 problem found, nothing was written:\n- entry 2" in failed["msg"]
    assert f"{key} is a" in failed["msg"]
    assert "must be a dictionary." in failed["msg"]
    assert failed["invocation"]["module_args"]["users"][1][key] == value
    assert sim.requests == []


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("confd_user", {"firstname": "Ann", "match": 15}),
        ("confd_line_sip", {"match": {"user": True}}),
        ("confd_user_line", {"user": 1, "line": {"id": 1}}),
        ("confd_provisioned_users", {"users": [person("Ann", 1000)], "purge_scope": 1200}),
        ("confd_device_info", {"filters": 5}),
    ],
)
def test_nor_is_it_in_other_options(module: Callable[..., Options], name: str, options: Options) -> None:
    assert "must be a dictionary." in module(name, **options)["msg"]


@pytest.mark.parametrize(
    "broken", [*NO_DICTIONARY, {**person("Ann", 1000), "voicemail": True, "extention": 1}], ids=str
)
def test_a_broken_entry_is_one_conflict_of_an_audit(module: Callable[..., Options], broken: Any) -> None:
    """The others are compared, and the user whom it means is not unmanaged."""
    good = person("Bob", 1001)
    module("confd_provisioned_users", users=[person("Ann", 1000), good])

    audited = module("confd_provisioned_users", check=True, continue_on_error=True, users=[broken, good])

    assert [each["status"] for each in audited["results"]] == ["failed", "unchanged"]
    error = audited["results"][0]["error"]
    if isinstance(broken, dict):
        assert (
            error
            == "voicemail is a boolean, but must be a dictionary. extention is not a valid key. Did you mean extension?"
        )
        assert audited["results"][0]["label"] == "Ann (1000@default)"
        assert audited["unmanaged"] == []
    else:
        assert error.startswith("The entry is ")
    assert audited["summary"]["failed"] == 1


def test_a_plan_with_problems_lists_them(module: Callable[..., Options]) -> None:
    failed = module("confd_provisioned_users", users=[person("Ann", 1000), person("Bob", 1000)])
    assert len(failed["problems"]) == 1


def test_a_pin_does_not_hide_the_same_number_elsewhere(module: Callable[..., Options]) -> None:
    entry = {"user": {"firstname": "Ann", "password": "1000"}, "extension": number(1000)}
    done = module("confd_provisioned_users", users=[entry])
    assert done["results"][0]["exten"] == "1000"
    assert done["invocation"]["module_args"]["users"][0]["user"]["password"] == "********"


def test_the_options_of_an_entry_are_returned_as_given(module: Callable[..., Options]) -> None:
    """Ansible makes a null of each sub-option that was left out. Most of a long result would be that."""
    entry = {"user": {"firstname": "Ann", "email": None}, "incalls": [], "extension": number(1000)}
    done = module("confd_provisioned_users", users=[entry])
    entry["user"] = {"firstname": "Ann"}
    (told,) = done["invocation"]["module_args"]["users"]
    assert told == {**entry, "state": "present"}
    assert done["invocation"]["module_args"]["progress_file"] is None


def test_secrets_are_shown_where_they_are_asked_for(module: Callable[..., Options]) -> None:
    line = {"username": "ann", "context": "default", "secret": CANARY}
    hidden = module("confd_line_sip", **line)
    shown = module("confd_line_sip", **line, return_secrets=True)
    assert hidden["line_sip"]["secret"] == "********"
    assert shown["line_sip"]["secret"] == CANARY
    assert CANARY not in json.dumps(shown["invocation"])


def test_a_password_without_its_account_is_an_error(module: Callable[..., Options]) -> None:
    assert "without confd_username" in module("confd_user", firstname="Ada", confd_username=None)["msg"]


@pytest.mark.parametrize("password", [None, ""])
def test_an_account_without_its_password_is_an_error(
    module: Callable[..., Options], sim: Simulator, password: str | None
) -> None:
    failed = module("confd_user", firstname="Ada", confd_username="admin", confd_password=password)
    assert failed["msg"].startswith("confd_username 'admin' is given without confd_password. Set confd_password, or ")
    assert "default(omit)" in failed["msg"]
    assert sim.requests == []


@pytest.mark.parametrize("option", ["confd_url", "confd_auth_url"])
@pytest.mark.parametrize("username", ["admin", None])
def test_credentials_in_an_address_are_said_first_and_not_shown(
    module: Callable[..., Options], option: str, username: str | None
) -> None:
    """Also where the environment has a password."""
    address = {option: f"https://root:{CANARY}@pbx.example.org", "confd_username": username, "confd_password": "x"}
    failed = module("confd_user", firstname="Ada", **address)
    assert failed["msg"] == f"{option} contains credentials. Set confd_username and confd_password instead."
    assert CANARY not in json.dumps(failed)


@pytest.mark.parametrize("continue_on_error", [False, True])
def test_the_value_of_an_unknown_key_is_not_shown(module: Callable[..., Options], continue_on_error: bool) -> None:
    """It may be a misspelt secret."""
    entry = {**person("Ann", 1000), "voicemail": {"pin": CANARY}, "pwd": CANARY, "line": {"api_key": [CANARY]}}
    options = {"users": [entry], "confd_pasword": CANARY, "continue_on_error": continue_on_error}
    failed = module("confd_provisioned_users", **options)
    assert "voicemail.pin is not a valid key" in failed["msg"]
    shown = failed["invocation"]["module_args"]
    assert shown["confd_pasword"] == shown["users"][0]["pwd"] == "********"
    assert shown["users"][0]["user"] == {"firstname": "Ann"}
    assert CANARY not in json.dumps(failed)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"timeout": 0}, "timeout is 0, but must be more than 0 seconds."),
        ({"answer_timeout": 0}, "answer_timeout is 0, but must be more than 0 seconds."),
        ({"max_answer_size": 0}, "max_answer_size is 0, but must be more than 0 MB."),
        (
            {"max_requests_per_second": 0},
            "max_requests_per_second is 0, but must be more than 0. Leave it out for no limit.",
        ),
        ({"timeout": -1.5}, "timeout is -1.5, but must be more than 0 seconds."),
        ({"retries": -1}, "retries is -1, but must not be negative."),
    ],
)
def test_senseless_times_and_counts_are_refused_at_once(
    module: Callable[..., Options], sim: Simulator, options: Options, words: str
) -> None:
    failed = module("confd_user", firstname="Ada", **options)
    assert (failed["failed"], failed["msg"]) == (True, words)
    assert sim.requests == []


def test_warnings_of_the_core_are_ansibles_warnings(module: Callable[..., Options]) -> None:
    line = {"username": "ann", "context": "default"}
    module("confd_line_sip", **line)
    for name in ("Ann", "Bob"):
        module("confd_user", firstname=name)
        done = module("confd_user_line", user={"firstname": name}, line={"username": "ann"})
    assert "becomes a secondary user" in str(done["warnings"])


def test_certificates_that_nobody_looks_at_are_warned_of(module: Callable[..., Options], tls_sim: Simulator) -> None:
    done = module("confd_user_info", confd_url=tls_sim.url, validate_certs=False)
    assert "validate_certs is false" in str(done["warnings"])


def test_without_requests_the_module_says_what_to_install(
    module: Callable[..., Options], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module_runner, "REQUESTS_IMPORT_ERROR", "ImportError: no")
    assert "requests" in module("confd_user", firstname="Ada")["msg"]


@pytest.mark.parametrize("name", ["confd_guard", "confd_validate", "confd_export_files"])
def test_an_action_plugin_has_no_module_to_run(module: Callable[..., Options], name: str) -> None:
    given = {"server": "pbx", "directory": "x"} if name == "confd_export_files" else {}
    assert "is an action plugin" in module(name, local=name != "confd_export_files", **given)["msg"]


def test_progress_goes_into_its_file(module: Callable[..., Options], tmp_path: Path) -> None:
    file = tmp_path / "progress"
    assert module("confd_provisioned_users", users=[person("Ann", 1000)], progress_file=str(file))["changed"]
    assert "of 1 entry with changes" in file.read_text(encoding="utf-8")


def test_the_environment_can_name_a_journal(
    module: Callable[..., Options], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFD_JOURNAL", str(tmp_path / "journal"))
    assert module("confd_user", check=True, firstname="Ann")["changed"]
    assert not module("confd_user_info").get("failed")
    assert not (tmp_path / "journal").exists()
    done = module("confd_user", firstname="Ann", password=CANARY)
    (file,) = (tmp_path / "journal").iterdir()
    (line,) = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    assert (line["text"], line["api"], line["after"]["password"]) == ("create user Ann", "xivo15", "changes")
    assert "warnings" not in done
    shown = module("confd_journal_info", local=True, path=str(tmp_path / "journal"), person="Ann")
    assert shown["lines"][-1].endswith("create user Ann")


def test_a_journal_that_cannot_be_written_is_a_warning(module: Callable[..., Options], tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("", encoding="utf-8")
    done = module("confd_provisioned_users", users=[person("Ann", 1000)], journal=str(tmp_path / "journal"))
    assert (done["changed"], done["summary"]["created"]) == (True, 1)
    (warning,) = done["warnings"]
    assert "The journal of this run is not complete: " in str(warning)
    assert "Not a directory" in str(warning)


def test_a_module_without_server_prints_results_and_errors(module: Callable[..., Options], tmp_path: Path) -> None:
    server = {"name": "pbx", "url": "https://pbx.example.org", "result": {"msg": "No connection."}}
    done = module("confd_audit_report", local=True, servers=[server], directory=str(tmp_path), formats=["json"])
    assert done["summary"]["servers_failed"] == 1
    assert done["files"] == {"json": str(tmp_path / "audit.json")}
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    other = {"merge_files": [str(tmp_path / "other.json")], "directory": str(tmp_path)}
    assert module("confd_audit_report", local=True, **other)["failed"]


@pytest.mark.on("xivo16", "wazo")
def test_a_null_fallback_is_removed(module: Callable[..., Options], sim: Simulator) -> None:
    """Ansible makes a null of what is left out, too, but the null of a fallback removes it."""
    make_user(sim, "Ann")
    ann, both = {"firstname": "Ann"}, {"busy": {"hangup": "busy"}, "fail": {"hangup": "normal"}}
    module("confd_user_fallbacks", user=ann, **both)
    result = module("confd_user_fallbacks", user=ann, busy=None)
    assert (result["user_fallbacks"]["busy"], result["user_fallbacks"]["fail"]) == (None, {"hangup": "normal"})
    entry = {"user": ann, "fallbacks": {"fail": None, "busy": {"hangup": "busy"}}}
    assert module("confd_provisioned_users", users=[entry])["results"][0]["changes"] == [
        "update fallbacks of user Ann (id 1): busy, fail"
    ]
    assert module("confd_user_fallbacks", user=ann)["changed"] is False
