# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes small mistakes in the planner, the comparison and the client, and counts how many the unit tests notice.

mutmut does it, a file at a time, with the tests that are about that file, in a copy whose layout has the modules' real
names (ansible_collections.xivo.confd...). What only other tests notice counts as unnoticed. A run that was stopped is
taken up again. NOTES.md judges the mistakes that nobody notices.

Usage: python -m mutation [--jobs N] [--fresh] [FILE ...], with files such as _plan/users.py [all of FILES]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "mutation"
CORE = Path("ansible_collections/xivo/confd/plugins/module_utils")
LISTS = tuple(f"bulk/test_{name}" for name in ("list", "list_moves", "list_removal", "list_failures", "recovery"))
VOICEMAILS = ("tasks/test_voicemail", "plan/test_voicemail_owners")
PARTS = ("tasks/test_line_device", "backends/test_wazo_lines")
SESSIONS = (
    *(f"http/test_{name}" for name in ("client_words", "client", "client_answers", "wazo_auth", "fuzz_client")),
    "backends/test_detect",
)
PLANNER = (
    *("plan/test_planner", "plan/test_planner_messages", *LISTS, "backends/test_traps", "tasks/test_modules"),
    *("plan/test_prediction", "bulk/test_purge", *VOICEMAILS, *PARTS),
)
FILES = {
    "_model/resources.py": (
        *("model/test_resources", "tasks/test_info", "tasks/test_info_questions", "backends/test_traps"),
        *("tasks/test_device", *VOICEMAILS),
    ),
    "_state/lookup.py": (
        "plan/test_lookup",
        "plan/test_references",
        "bulk/test_homonyms",
        "bulk/test_homonyms_removed",
        *LISTS,
        "tasks/test_modules",
    ),
    "_bulk/matching.py": (
        *("bulk/test_homonyms", "bulk/test_homonyms_removed", "plan/test_lookup"),
        *("bulk/test_list", "bulk/test_list_removal", "bulk/test_purge"),
    ),
    **{f"_plan/{name}.py": PLANNER for name in ("users", "lines", "extensions", "associations", "planner")},
    "_http/client.py": (*SESSIONS, "http/test_tls"),
    "_http/transport.py": ("http/test_transport", *SESSIONS, "http/test_tls"),
    "_http/failures.py": ("http/test_failures", *SESSIONS, "http/test_tls"),
}
"""What is mutated, and the tests (below tests/unit) that are about it."""
TEST_DATA = ("docs", "meta", "playbooks", "roles", "tests", "CONTRIBUTING.md")

SETTINGS = """\
[mutmut]
source_paths=ansible_collections
only_mutate={file}
also_copy=
{data}
    pytest.ini
    conftest.py
pytest_add_cli_args_test_selection=
{tests}
process_isolation=forkserver
forkserver_warmup=collect
use_git_change_detection=false
timeout_multiplier=5
timeout_constant=20
"""
PYTEST = """\
[pytest]
pythonpath = tests .
addopts = --import-mode=importlib -p no:cacheprovider
"""
QUICK_FIRST = """\
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: "sim" in item.fixturenames)
"""
"""The first test that notices a mistake is enough: those that need no server come first."""

SURVIVED, UNTESTED, TIMEOUT = "survived", "untested", "timeout"
STATUS = {0: SURVIVED, 5: UNTESTED, 33: UNTESTED, **dict.fromkeys((-24, -9, 24, 36, 152, 255), TIMEOUT)}
"""What mutmut's exit codes mean; every other one is a test that failed."""
NOTICED = ("killed", TIMEOUT)


def main() -> None:
    """Run, and say the score; ends with 1 if mutmut failed."""
    parser = argparse.ArgumentParser(prog="python -m mutation", description=__doc__.split("\n", 1)[0])
    parser.add_argument("files", nargs="*", metavar="FILE", help=" ".join(FILES))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--fresh", action="store_true", help="forget the results of earlier runs")
    options = parser.parse_args()
    names = options.files or list(FILES)
    if options.fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)
    worst = max(_mutate(name, options.jobs) for name in names)
    _report(names)
    sys.exit(worst)


def _mutate(name: str, jobs: int) -> int:
    """Let mutmut work on a file. Returns its exit status."""
    print(f"\n{name}", flush=True)
    folder = _folder(name)
    _prepare(folder, name)
    environment = {**os.environ, "PYTHONPATH": "", "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis")}
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(jobs)]
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


def _folder(name: str) -> Path:
    return FOLDER / name.removesuffix(".py").strip("_")


def _prepare(folder: Path, name: str) -> None:
    """A copy of the collection under its real name, with settings of its own for mutmut and pytest."""
    for each in TEST_DATA:
        _copy(ROOT / each, folder / each)
    _copy(ROOT / "plugins", folder / CORE.parent)
    # mutmut copies nothing twice; the mutated file it looks after itself.
    for path in (folder / "mutants").glob("ansible_collections/**/*.py"):
        if not path.as_posix().endswith(name):
            path.unlink()
    lists = {"data": TEST_DATA, "tests": [f"tests/unit/{each}.py" for each in FILES[name]]}
    listed = {key: "\n".join(f"    {each}" for each in value) for key, value in lists.items()}
    (folder / "setup.cfg").write_text(SETTINGS.format(file=CORE / name, **listed), encoding="utf-8")
    (folder / "pytest.ini").write_text(PYTEST, encoding="utf-8")
    (folder / "conftest.py").write_text(QUICK_FIRST, encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copy2(source, target)
        return
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def _report(files: Sequence[str]) -> None:
    """A line for each file, then the mistakes that no test noticed."""
    print(f"\n{'file':24} {'mutants':>8} {'noticed':>8} {'score':>7}")
    total: Counter[str] = Counter()
    left = []
    for name in files:
        results = _results(name)
        count = Counter(results.values())
        total += count
        left += [f"{status}: {mutant}" for mutant, status in sorted(results.items()) if status not in NOTICED]
        print(_row(name, count))
    print(_row("all", total))
    print(*left, sep="\n")


def _results(name: str) -> dict[str, str]:
    path = _folder(name) / "mutants" / CORE / f"{name}.meta"
    codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return {
        mutant.rpartition("module_utils.")[2]: "not run" if code is None else STATUS.get(code, "killed")
        for mutant, code in codes.items()
    }


def _row(name: str, count: Counter[str]) -> str:
    tried = sum(count.values()) - count["not run"]
    noticed = sum(count[status] for status in NOTICED)
    share = f"{100 * noticed / tried:.1f} %" if tried else "-"
    rest = f"  ({count['not run']} not run)" if count["not run"] else ""
    return f"{name:24} {tried:8} {noticed:8} {share:>7}{rest}"


if __name__ == "__main__":
    main()
