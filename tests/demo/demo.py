# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the demo: provision five users on a simulated server and show each run.

Everything happens on this machine. The simulator is stopped at the end, also after Ctrl-C. The files and the reports
stay in .cache/demo, so that each command that was shown can be typed again on a server of `make simulator`.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ansible_collections.xivo.confd.plugins.module_utils._backends.registry import choose_backend
from ansible_collections.xivo.confd.plugins.module_utils._http.client import Client
from ansible_collections.xivo.confd.plugins.module_utils._http.connection import Connection
from ansible_collections.xivo.confd.plugins.module_utils._state.state import ServerState
from demo.server import AUTHORITY, DEFAULT_API, GUIDE, PORT, ROOT, SERVERS, address, exports, inventory
from simulator import Simulator
from simulator.cli import Parser, add_api
from simulator.server import ListenError

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
FOLDER = ROOT / ".cache" / "demo"
WIDTH = 84
BOLD, DIM, BLUE, PLAIN = ("\033[1m", "\033[2m", "\033[1;34m", "\033[0m") if sys.stdout.isatty() else ("",) * 4


Run = Callable[[Sequence[str], Path, Mapping[str, str]], None]


class Tour:
    """The chapters of the demo, run against one server.

    folder: where the files are, and where the commands are typed. run: runs a command there, with variables.
    """

    def __init__(self, server: Simulator, folder: Path, run: Run) -> None:
        self.server = server
        self.folder = folder
        self.execute = run
        self.list = people_of(server.generation.name)
        self.changed = self.list.replace('"1200"', '"1299"').replace(
            'user: {firstname: Zoë, lastname: "O\'Neill"',
            'match: {exten: "1203", context: default}\n    user: {firstname: Zoë, lastname: Smith',
        )
        self.chapter_number = 0

    def run(self) -> None:
        """Run all chapters. Raise subprocess.CalledProcessError if Ansible fails."""
        self.write("inventory.yml", inventory(self.server))
        self.chapter("The users, as a file in your repository", "five.yml")
        self.write("five.yml", self.list)
        print(textwrap.indent(self.list, "    "))
        if FORWARD not in self.list:
            print("  This server has no forwards in its API. make demo API=wazo shows one.")

        self.chapter("The first user, stepwise, to follow each step: number, SIP line, user, incall")
        self.write("first.yml", self.list[: self.list.index("  - user: {firstname: Élodie")])
        self.play("first.yml", "-e", "provision_strategy=stepwise", quiet=True)

        self.chapter("All five users, in bulk, as always unless steps are asked for; Johnny exists already")
        self.play("five.yml")

        self.chapter("The same list again: nothing changes (changed=0)")
        self.play("five.yml")

        self.chapter("A new number and a new name; the diff shows them")
        self.write("changed.yml", self.changed)
        self.play("changed.yml", "--diff", quiet=True)

        self.chapter("Jean-François is removed")
        leaving = self.changed.replace("Lefèvre}", "Lefèvre}\n    state: absent")
        self.write("leaving.yml", leaving)
        self.play("leaving.yml")

        self.look_back(leaving)

    def look_back(self, leaving: str) -> None:
        """Run the chapters that change nothing. leaving: the list of the last run."""
        self.chapter("An audit: no writes. The file does not mention Søren's login any more")
        without_login = [line for line in leaving.splitlines(keepends=True) if "login:" not in line]
        self.write("audited.yml", "".join(without_login))
        self.server.clear_log()
        self.play("audited.yml", playbook="audit")
        print(f"  {len(self.server.requests)} requests, {len(self.server.writes)} of them writes.")
        print(f"  Its page, for a browser: {self.folder / 'audit' / 'audit.html'}")

        self.chapter("Who or what has each number, and the next free one of each range")
        self.play("audited.yml", playbook="numbers")
        print(f"  Its page, for a browser: {self.folder / 'numbers' / 'numbers.html'}")

        self.chapter("The users on the server, and the codes to dial on their phones")
        self.table()

    def chapter(self, title: str, *files: str) -> None:
        self.chapter_number += 1
        print(f"\n{BLUE}{f'── {self.chapter_number}. {title} '.ljust(WIDTH, '─')}{PLAIN}")
        for name in files:
            print(f"{DIM}  {name}{PLAIN}")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def play(self, people: str, *options: str, quiet: bool = False, playbook: str = "provision") -> None:
        """Run a playbook of the collection with a file of users.

        quiet: show only the tasks that changed something.
        """
        command = ["ansible-playbook", f"xivo.confd.{playbook}", "-i", "inventory.yml", "-e", f"@{people}", *options]
        print(f"{BOLD}  $ {shlex.join(command)}{PLAIN}", flush=True)
        self.execute(
            command,
            self.folder,
            {
                "CONFD_PASSWORD": self.server.password,
                "CONFD_CA_PATH": str(self.server.ca_path),
                "ANSIBLE_DISPLAY_OK_HOSTS": "false" if quiet else "true",
            },
        )

    def table(self) -> None:
        client = Client(
            Connection(
                address(self.server), self.server.username, self.server.password, ca_path=str(self.server.ca_path)
            )
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


def run_ansible(command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> None:
    """Run a command and show what it prints. Raise subprocess.CalledProcessError if it fails."""
    environment = {
        **os.environ,
        **variables,
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
        "ANSIBLE_FORCE_COLOR": "true" if sys.stdout.isatty() else "false",
    }
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as ansible:
        for line in without_empty_tasks(ansible.stdout or ()):
            print(line, end="", flush=True)
    if ansible.returncode:
        raise subprocess.CalledProcessError(ansible.returncode, ansible.args)


def again(server: Simulator, folder: Path) -> str:
    """Return how to type the commands of the demo again."""
    port = server.url.rpartition(":")[2]
    arguments = "" if port == str(PORT) else f" SIMULATOR_ARGS='--port {port}'"
    paths = [f"PATH={shlex.quote(str(ROOT / '.venv' / 'bin'))}:$PATH"]
    paths.append(f"ANSIBLE_COLLECTIONS_PATH={shlex.quote(str(ROOT / '.cache' / 'collections'))}")
    return f"""\
To type these commands again, start a server without users in another terminal:

    make simulator API={server.generation.name}{arguments}

Then type here, before the commands in their order:

    cd {shlex.quote(str(folder))}
    export {" ".join(paths)}
{textwrap.indent(exports(server), "    ")}

README.md describes how to provision your own server, and {GUIDE} how to begin."""


@contextmanager
def started(api: str) -> Iterator[Simulator]:
    """Run a server on the port of `make simulator`, or on a free one if another program has that port."""
    with ExitStack() as stack:
        try:
            yield stack.enter_context(Simulator(api=api, port=PORT, authority_folder=AUTHORITY))
        except ListenError:
            yield stack.enter_context(Simulator(api=api, authority_folder=AUTHORITY))


def main() -> int:
    """Run the demo. Return the exit status."""
    parser = Parser(description=__doc__)
    add_api(parser, default=DEFAULT_API)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    try:
        with started(options.api) as server:
            print(f"A simulated {SERVERS[options.api]} listens on {address(server)}.")
            print("It is for demos and tests, and no real phone is connected to it.")
            Tour(server, FOLDER, run_ansible).run()
    except KeyboardInterrupt:
        print("\nThe demo and the simulator are stopped.")
        return 130
    except subprocess.CalledProcessError as error:
        print(f"\n{error.cmd[0]} ended with status {error.returncode}. The demo stops here.")
        return 1
    print("\nThe simulator is stopped.")
    print(again(server, FOLDER))
    return 0


if __name__ == "__main__":
    sys.exit(main())
