# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes small mistakes in the planner, the comparison and the client, and counts how many the unit tests notice.

mutmut does it, in a copy whose layout has the modules' real names (ansible_collections.xivo.confd...). A run of all
files that was stopped is taken up again. NOTES.md judges the mistakes that nobody notices.

Usage: python -m mutation [--jobs N] [--fresh] [FILE ...], with files as in "_plan.py _client.py" [all of FILES]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "mutation"
CORE = Path("ansible_collections/xivo/confd/plugins/module_utils")
FILES = ("_resources.py", "_plan.py", "_identity.py", "_client.py", "_transport.py")
TEST_DATA = ("docs", "meta", "playbooks", "roles", "tests", "CONTRIBUTING.md")
SLOW = ("audit", "bulk", "export", "pictures_of_the_docs", "properties", "specs", "troubleshooting")
"""Tests that are left out. What only they notice counts as unnoticed."""

SETTINGS = """\
[mutmut]
source_paths=ansible_collections
only_mutate=
{files}
also_copy=
{data}
    pytest.ini
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
SURVIVED, UNTESTED, TIMEOUT = "survived", "untested", "timeout"
STATUS = {0: SURVIVED, 5: UNTESTED, 33: UNTESTED, **dict.fromkeys((-24, -9, 24, 36, 152, 255), TIMEOUT)}
"""What mutmut's exit codes mean; every other one is a test that failed."""
NOTICED = ("killed", TIMEOUT)


def main() -> None:
    """Run, and say the score; ends with 1 if mutmut failed."""
    options = _options()
    if options.fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)
    _prepare()
    names = [f"{'.'.join(CORE.parts)}.{name.removesuffix('.py')}.*" for name in options.files]
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "--max-children", str(options.jobs), *names],
        cwd=FOLDER,
        env={**os.environ, "PYTHONPATH": "", "HYPOTHESIS_STORAGE_DIRECTORY": str(FOLDER / "hypothesis")},
        check=False,
    )
    _report(options.files or FILES)
    sys.exit(done.returncode)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mutation", description=__doc__.split("\n", 1)[0])
    parser.add_argument("files", nargs="*", choices=[*FILES, []], help="only these")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--fresh", action="store_true", help="forget the results of earlier runs")
    return parser.parse_args()


def _prepare() -> None:
    """A copy of the collection under its real name, with settings of its own for mutmut and pytest."""
    for name in TEST_DATA:
        _copy(ROOT / name, FOLDER / name)
    _copy(ROOT / "plugins", FOLDER / CORE.parent)
    _refresh(FOLDER / "mutants")
    tests = [path.name for path in (ROOT / "tests" / "unit").glob("test_*.py")]
    quick = sorted(name for name in tests if name[len("test_") : -len(".py")] not in SLOW)
    lists = {
        "files": [str(CORE / name) for name in FILES],
        "data": TEST_DATA,
        "tests": [f"tests/unit/{name}" for name in quick],
    }
    settings = SETTINGS.format(**{key: "\n".join(f"    {each}" for each in value) for key, value in lists.items()})
    (FOLDER / "setup.cfg").write_text(settings, encoding="utf-8")
    (FOLDER / "pytest.ini").write_text(PYTEST, encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copy2(source, target)
        return
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def _refresh(mutants: Path) -> None:
    """Forget what an earlier run copied, for mutmut copies nothing twice; the mutated files it looks after itself."""
    for path in mutants.glob("ansible_collections/**/*.py"):
        if path.name not in FILES:
            path.unlink()


def _report(files: tuple[str, ...]) -> None:
    """A line for each file, then the mistakes that no test noticed."""
    print(f"\n{'file':16} {'mutants':>8} {'noticed':>8} {'score':>7}")
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
    path = FOLDER / "mutants" / CORE / f"{name}.meta"
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
    return f"{name:16} {tried:8} {noticed:8} {share:>7}{rest}"


if __name__ == "__main__":
    main()
