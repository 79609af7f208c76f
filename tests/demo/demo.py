# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the demo: provision five users on a simulated server and show each run.

Everything happens on this machine. The simulator is stopped at the end, also after Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._state.state import ServerState
from simulator import Simulator

PEOPLE = """\
provision_users:
  - user: {firstname: Johnny, lastname: Depp}
    extension: {exten: "1200", context: default}
    incall: {exten: "2200", context: from-extern}
  - user: {firstname: Élodie, lastname: Müller, mobile_phone_number: "+33612345678"}
    extension: {exten: 1201, context: default}        # an integer works too
  - user: {firstname: Søren, lastname: Åkesson}
    extension: {exten: "1202", context: default}
    LOGIN
    incalls:
      - {exten: "0312345678", context: from-extern}   # a leading zero needs quotes
      - {exten: "2202", context: from-extern}
  - user: {firstname: Zoë, lastname: "O'Neill", caller_id: "Front desk"}
    extension: {exten: "1203", context: default}
  - user: {firstname: Jean-François, lastname: Lefèvre}
    extension: {exten: "1204", context: default}
    incall: {exten: "2204", context: from-extern}
"""
LOGIN = "login: {username: soren, password: s3cr3t-word"
FORWARD = """\
    forwards:
      noanswer: {enabled: true, destination: "1203"}    # the front desk
"""
NAMES = {"xivo15": "XiVO 15.12", "xivo16": "XiVO 16.16", "wazo": "Wazo 26.08"}
BULK = ("-e", "provision_strategy=bulk")
AUDIT = Path(".cache/demo-audit")
NUMBERS = Path(".cache/demo-numbers")
WIDTH = 84
BOLD, DIM, BLUE, PLAIN = ("\033[1m", "\033[2m", "\033[1;34m", "\033[0m") if sys.stdout.isatty() else ("",) * 4


class Tour:
    """The chapters of the demo, run against one server."""

    def __init__(self, server: Simulator, folder: Path) -> None:
        self.server = server
        self.people = folder / "people.yml"
        self.list = people_of(server.generation.name)
        self.changed = self.list.replace('"1200"', '"1299"').replace(
            'user: {firstname: Zoë, lastname: "O\'Neill"',
            'match: {exten: "1203", context: default}\n    user: {firstname: Zoë, lastname: Smith',
        )
        self.chapter_number = 0

    def run(self) -> None:
        """Run all chapters. Raise subprocess.CalledProcessError if Ansible fails."""
        self.chapter("The users, as a file in your repository", "people.yml")
        print(textwrap.indent(self.list, "    "))
        if FORWARD not in self.list:
            print("  This server has no forwards in its API. make demo API=wazo shows one.")

        self.chapter("The first user, stepwise: number, SIP line, user, incall")
        self.write(self.list[: self.list.index("  - user: {firstname: Élodie")])
        self.play("-e", "provision_strategy=stepwise", quiet=True)

        self.chapter("All five users, in bulk: one task; Johnny exists already")
        self.write(self.list)
        self.play(*BULK)

        self.chapter("The same list again: nothing changes (changed=0)")
        self.play(*BULK)

        self.chapter("A new number and a new name; the diff shows them")
        self.write(self.changed)
        self.play(*BULK, "--diff", quiet=True)

        self.chapter("Jean-François is removed")
        leaving = self.changed.replace("Lefèvre}", "Lefèvre}\n    state: absent")
        self.write(leaving)
        self.play(*BULK)

        self.chapter("An audit: no writes. The file does not mention Søren's login any more")
        self.write("".join(line for line in leaving.splitlines(keepends=True) if "login:" not in line))
        self.server.clear_log()
        self.play("-e", f"audit_directory={AUDIT}", playbook="audit")
        print(f"  {len(self.server.requests)} requests, {len(self.server.writes)} of them writes.")

        self.chapter("Who or what has each number, and the next free one of each range")
        self.play("-e", f"numbers_directory={NUMBERS}", playbook="numbers")

        self.chapter("The users on the server, and the codes to dial on their phones")
        self.table()

    def chapter(self, title: str, *files: str) -> None:
        self.chapter_number += 1
        print(f"\n{BLUE}{f'── {self.chapter_number}. {title} '.ljust(WIDTH, '─')}{PLAIN}")
        for name in files:
            print(f"{DIM}  {name}{PLAIN}")

    def write(self, people: str) -> None:
        self.people.write_text(people, encoding="utf-8")

    def play(self, *options: str, quiet: bool = False, playbook: str = "provision") -> None:
        """Run a playbook of the collection. quiet: show only the tasks that changed something."""
        command = ["ansible-playbook", f"xivo.confd.{playbook}", "-i", "pbx,", "-e", "confd_hosts=pbx", *options]
        print(f"{BOLD}  $ {' '.join(command[:2])} -e @people.yml {' '.join(options)}{PLAIN}", flush=True)
        environment = {
            **os.environ,
            "CONFD_URL": self.server.url,
            "CONFD_USERNAME": self.server.username or "",
            "CONFD_PASSWORD": self.server.password or "",
            "CONFD_CA_PATH": str(self.server.ca_path),
            "ANSIBLE_DISPLAY_OK_HOSTS": "false" if quiet else "true",
            "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
            "ANSIBLE_FORCE_COLOR": "true" if sys.stdout.isatty() else "false",
        }
        with subprocess.Popen(
            [*command, "-e", f"@{self.people}"], env=environment, stdout=subprocess.PIPE, text=True
        ) as ansible:
            for line in without_empty_tasks(ansible.stdout or ()):
                print(line, end="", flush=True)
        if ansible.returncode:
            raise subprocess.CalledProcessError(ansible.returncode, ansible.args)

    def table(self) -> None:
        client = Client(
            Connection(self.server.url, self.server.username, self.server.password, ca_path=str(self.server.ca_path))
        )
        world = ServerState(choose_backend("auto", client)).read_snapshot()
        row = "  {:24} {:8} {:24} {}".format
        print(f"{BOLD}{row('name', 'number', 'direct number', 'provisioning code')}{PLAIN}")
        for user in world.users():
            line = world.line_of(user)
            direct = ", ".join(extension["exten"] for extension in world.incalls_of(user))
            number = world.extension_of_user(user)
            print(
                row(
                    user.name, number["exten"] if number else "", direct, line["provisioning_extension"] if line else ""
                )
            )
        client.close()


def people_of(api: str) -> str:
    """Return the list for a generation: with a login, and a forward where the server has forwards."""
    login = f"{LOGIN}}}" if api == "wazo" else f"{LOGIN}, profile: Client, enabled: true}}"
    return PEOPLE.replace("LOGIN", login) + ("" if api == "xivo15" else FORWARD)


def without_empty_tasks(lines: Iterable[str]) -> Iterator[str]:
    """Yield Ansible's output without its include lines and without the headings of tasks that print nothing."""
    waiting: list[str] = []
    for line in lines:
        if "included: " in line:
            continue
        if line.startswith(("TASK [", "PLAY RECAP")):
            waiting = []
        if line.startswith("TASK [") or (waiting and not line.strip()):
            waiting.append(line)
            continue
        yield from waiting
        waiting = []
        yield line


def main() -> int:
    """Run the demo. Return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--api", default="xivo16", choices=NAMES, help="the generation of the simulated server")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with Simulator(api=options.api) as server, tempfile.TemporaryDirectory() as folder:
            print(f"A simulated {NAMES[options.api]} listens on {server.url}.")
            print("It is for demos and tests, and no real phone is connected to it.")
            Tour(server, Path(folder)).run()
    except KeyboardInterrupt:
        print("\nThe demo and the simulator are stopped.")
        return 130
    except subprocess.CalledProcessError as error:
        print(f"\n{error.cmd[0]} ended with status {error.returncode}. The demo stops here.")
        return 1
    print(f"\nThe simulator is stopped. The page of the audit is {AUDIT / 'audit.html'}.")
    print(f"The page of the numbers is {NUMBERS / 'numbers.html'}.")
    print("README.md describes how to provision your own server.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
