# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start Ansible in a process that has already imported its libraries, which saves two thirds of the time of a start.

Each run is a fork of its own, with its own environment, folder and streams. Whatever of Ansible reads settings is
imported by each run, so that environment and configuration count as in a new process. This file is both sides: ``run``
for the tests, and the process that forks, which ends with the process of the tests.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from types import CodeType
from typing import IO, Any

PRELOADED = (
    *("argparse", "asyncio", "concurrent.futures", "configparser", "email.mime.text", "http.client", "smtplib"),
    *("subprocess", "tarfile", "tomllib", "urllib.request", "uuid", "xml.etree.ElementTree", "zipfile"),
    *("importlib.metadata", "importlib.resources", "multiprocessing.queues", "multiprocessing.synchronize"),
    *("argcomplete", "cryptography.hazmat.primitives.ciphers.algorithms", "cryptography.hazmat.primitives.padding"),
    *("jinja2.nativetypes", "jinja2.sandbox", "packaging.specifiers", "resolvelib", "typing_extensions", "yaml"),
    *("cryptography.hazmat.primitives.kdf.pbkdf2", "cryptography.hazmat.primitives.serialization", "curses"),
    *("ctypes.util", "difflib", "distro", "getpass", "requests", "secrets", "syslog", "tty"),
    # What of Ansible does not read its settings.
    *("ansible.config.manager", "ansible.parsing.splitter", "ansible.utils.context_objects"),
    "ansible.parsing.utils.addresses",
    *("ansible._internal._collection_proxy", "ansible._internal._ssh._ssh_agent"),
    *("ansible._internal._datatag._wrappers", "ansible._internal._templating._jinja_patches"),
)
COLLECTION = Path(__file__).parents[2] / ".cache" / "collections" / "ansible_collections" / "xivo" / "confd"
LARGEST_REQUEST = 1 << 20
READ_AT_START = ("PYTHON", "LC_", "LANG")
"""Variables that Python reads when it starts: runs that differ in one of them have different processes."""


def run(command: Sequence[str], cwd: str, env: Mapping[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
    """Do ``python -m ansible COMMAND`` as subprocess.run would, without input, and with its output as text."""
    at_start = {name: value for name, value in env.items() if name.startswith(READ_AT_START)}
    request = json.dumps({"command": list(command), "cwd": cwd, "env": dict(env)}).encode()
    with open(os.devnull, "rb") as nothing, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        answer, theirs = socket.socketpair()
        with answer:
            with theirs:
                descriptors = [nothing.fileno(), out.fileno(), err.fileno(), theirs.fileno()]
                socket.send_fds(_forking(tuple(sorted(at_start.items()))), [request], descriptors)
            answer.settimeout(timeout)
            pid, status = _ended(answer, command, timeout)
        assert status is not None, f"the process {pid} of {command} was lost"
        return subprocess.CompletedProcess(command, status, _text(out), _text(err))


def _ended(answer: socket.socket, command: Sequence[str], timeout: float) -> tuple[int, int | None]:
    """Return the process id and exit code of a run. Raises TimeoutExpired, and then the run is killed."""
    lines = answer.makefile("r")
    pid = int(lines.readline())
    try:
        last = lines.readline()
    except TimeoutError:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        raise subprocess.TimeoutExpired(command, timeout) from None
    return pid, int(last) if last else None


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n")


@cache
def _forking(at_start: tuple[tuple[str, str], ...]) -> socket.socket:
    """Start a process that forks, and return what it is asked through. It ends when this process does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LARGEST_REQUEST)
    with theirs:
        command = [sys.executable, __file__, str(theirs.fileno())]
        environment = {"PATH": os.environ.get("PATH", os.defpath), **dict(at_start)}
        subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    return ours


# The process that forks


def _serve(requests: socket.socket) -> None:
    """Fork for each request; return in the process that is to run it."""
    for name in PRELOADED:
        with suppress(ImportError):
            importlib.import_module(name)
    _keep_compiled()
    _keep_read()
    gc.freeze()  # To look through these objects for garbage would copy them in every fork, also in those of Ansible.
    assert "ansible.constants" not in sys.modules, "the settings of Ansible would be those of this process"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, descriptors, _flags, _address = socket.recv_fds(requests, LARGEST_REQUEST, 4)
        if not request:
            os._exit(0)
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            requests.close()
            _keep(descriptors)
            _become(json.loads(request))
            return
        for each in descriptors:
            os.close(each)


def _keep_compiled() -> None:
    """Compile the plugins of the collection for all runs. Ansible keeps nothing that it compiles of a collection."""
    finder: Any = importlib.import_module("ansible.utils.collection_loader._collection_finder")
    known: dict[tuple[bytes, str], CodeType] = {}

    def compile_once(source: bytes, filename: str, **options: Any) -> CodeType:
        code = known.get((source, filename))
        return compile(source, filename, **options) if code is None else code

    for path in COLLECTION.glob("plugins/**/*.py"):
        source, name = path.read_bytes(), str(path)
        known[source, name] = compile(source, name, mode="exec", flags=0, dont_inherit=True)
    finder.compile = compile_once


def _keep_read() -> None:
    """Read for all runs the definitions of Ansible's settings and its redirections, two long files of its own."""
    manager: Any = importlib.import_module("ansible.config.manager")
    finder: Any = importlib.import_module("ansible.utils.collection_loader._collection_finder")
    folder, settings = os.path.dirname(manager.__file__), manager.ConfigManager
    read = partial(settings._read_config_yaml_file, None)
    settings._read_config_yaml_file = staticmethod(_ahead(read, f"{folder}/base.yml"))
    redirections = Path(folder, "ansible_builtin_runtime.yml").read_bytes()
    finder._meta_yml_to_dict = _ahead(finder._meta_yml_to_dict, redirections, ("ansible.builtin", "runtime.yml"))


def _ahead(function: Callable[..., Any], *arguments: Any) -> Callable[..., Any]:
    """Call a function, and return a function that gives this result to the first call with the same arguments.

    Later calls call the function itself, because the first caller may have changed the result.
    """
    results = {arguments: function(*arguments)}
    return lambda *given: results.pop(given, None) or function(*given)


def _keep(descriptors: Sequence[int]) -> None:
    """Fork once more; return in the run, and wait here to tell how it ended."""
    *streams, answer = descriptors
    pid = os.fork()
    if pid == 0:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        for each in descriptors:
            os.close(each)
        return
    os.write(answer, f"{pid}\n".encode())
    os.write(answer, f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n".encode())
    os._exit(0)


def _become(given: dict[str, Any]) -> None:
    """Take over environment, folder and arguments."""
    os.environ.clear()
    os.environ.update(given["env"])
    os.chdir(given["cwd"])
    tempfile.tempdir = None
    sys.path[0] = given["cwd"]
    sys.argv = ["ansible", *given["command"]]


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("ansible", run_name="__main__", alter_sys=True)
