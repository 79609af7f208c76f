# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a simulated server until Ctrl-C, and print the commands that use it: python -m demo.server."""

from __future__ import annotations

import argparse
import shlex
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import requests
import yaml

from simulator import Context, Simulator
from simulator.cli import parser, serve
from simulator.state_file import StateFileError, resolved

ROOT = Path(__file__).parents[2]
PORT = 9486
"""The port of a real confd. It is the same each time, so that guides can name the address."""
AUTHORITY = ROOT / ".cache" / "simulator"
SERVERS = {"xivo15": "XiVO 15.12", "xivo16": "XiVO 16.16", "wazo": "Wazo 26.08"}
DEFAULT_API = "xivo16"
GUIDE = "docs/guides/first_user.md"


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the options of the simulator, with the defaults of a server to try things on."""
    options = parser()
    options.description = "Run a simulated server until Ctrl-C."
    options.set_defaults(api=DEFAULT_API, port=PORT, authority=AUTHORITY)
    given = options.parse_args(arguments)
    if given.state:
        try:
            given.state = resolved(given.state)
        except StateFileError as error:
            options.error(str(error))
    return given


def greeting(server: Simulator, state: Path | None = None) -> str:
    """Return what a server says when it listens; state: the file in which its state is kept."""
    kept = (
        f"It keeps its users in {state}."
        if state
        else "Then it forgets its users. SIMULATOR_ARGS='--state FILE' keeps them in a file."
    )
    return f"""\
A simulated {SERVERS[server.generation.name]} listens on {address(server)}.
It is for trials and tests, and no real phone is connected to it.
It runs until you press Ctrl-C in this terminal. {kept}

In another terminal, type:

{textwrap.indent(exports(server), "    ")}

The inventory for this server, as a file inventory.yml:

{textwrap.indent(inventory(server), "    ")}
To use the modules without this file, also type:

    export CONFD_URL={address(server)}{f" CONFD_USERNAME={shlex.quote(server.username)}" if server.username else ""}

The server has these contexts with these numbers:

{textwrap.indent(numbers(server), "    ")}

{GUIDE} shows how to provision a user. This terminal is busy now."""


def address(server: Simulator) -> str:
    """Return the confd_url of a server. That of a Wazo has a path, as behind its nginx: both of its services are there.

    At port 9486 without the path, a Wazo has confd alone (wazo-26.08.md, "3. Auth, tenants, base URL").
    """
    return server.url + server.generation.bases[0].removesuffix("/1.1")


def exports(server: Simulator) -> str:
    """Return the commands that put into the environment what does not belong into an inventory."""
    proxies = requests.utils.get_environ_proxies(server.url, no_proxy=None)
    host = urlsplit(server.url).hostname
    lines = [
        f"export CONFD_PASSWORD={shlex.quote(server.password)}" if server.username else "",
        f"export CONFD_CA_PATH={shlex.quote(server.ca_path)}" if server.ca_path else "",
        f'export NO_PROXY="{host},$NO_PROXY"' if proxies else "",
    ]
    return "\n".join(line for line in lines if line)


def inventory(server: Simulator) -> str:
    """Return the inventory of one server. Its password is in the environment."""
    lines = ["confd:", "  hosts:", "    pbx:", f"      confd_url: {address(server)}"]
    if server.username:
        lines.append(f"      {yaml.safe_dump({'confd_username': server.username}).strip()}")
    return "\n".join([*lines, ""])


def numbers(server: Simulator) -> str:
    """Return the table of the contexts."""
    return "\n".join(_row(context) for context in server.database.contexts.values() if context.ranges)


def _row(context: Context) -> str:
    ranges = ", ".join(f"{each.start}-{each.end}" for each in context.ranges)
    return f"{context.name:14} {context.type:10} {ranges}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server. Return the exit status."""
    given = options_of(arguments)
    status = serve(given, lambda server: print(greeting(server, given.state), flush=True))
    if status == 0:
        print(f"\nThe simulated server is stopped.{f' Its users are in {given.state}.' if given.state else ''}")
    return status


if __name__ == "__main__":
    sys.exit(main())
