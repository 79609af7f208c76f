# Copyright (c) 2026 xivo.confd contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup connection reads the options of the modules from variables, with Ansible's own templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.xivo.confd.plugins.lookup.connection import LookupModule
from ansible_collections.xivo.confd.plugins.module_utils._ansible.argument_specs import CONNECTION_SPEC

try:
    from ansible.template import trust_as_template

    KEEPS_TEXTS = True

    def untrusted(value: str) -> str:
        return value

except ImportError:
    # Earlier releases of ansible-core take every text for a template that is not marked.
    from ansible.utils.unsafe_proxy import wrap_var as untrusted

    KEEPS_TEXTS = False

    def trust_as_template(value: str) -> str:
        return value


FULL = {
    "confd_url": "https://pbx.example.org:9486",
    "confd_username": "admin",
    "confd_password": "1234",
    "confd_token": "abc",
    "confd_api": "wazo",
    "confd_auth_url": "https://auth.example.org",
    "confd_auth_backend": "xivo_user",
    "confd_tenant": "T",
    "confd_validate_certs": False,
    "confd_ca_path": "/etc/ca.pem",
    "confd_timeout": 3,
    "confd_answer_timeout": 4.5,
    "confd_max_answer_size": 64,
    "confd_max_requests_per_second": 10,
    "confd_retries": 0,
}


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONFD_CA_PATH", raising=False)


def options(**variables: Any) -> Any:
    return options_for([], variables)


def options_for(terms: list[str], variables: dict[str, Any]) -> Any:
    loader = DataLoader()
    (found,) = LookupModule(loader, Templar(loader=loader, variables=variables)).run(terms, variables)
    return found


def test_each_option_has_a_variable() -> None:
    found = options(**FULL)
    assert set(found) == set(CONNECTION_SPEC)
    assert found == {
        option: FULL[option if option.startswith("confd_") else f"confd_{option}"] for option in CONNECTION_SPEC
    }
    assert {name: type(value) for name, value in found.items() if name in ("timeout", "validate_certs")} == {
        "timeout": int,
        "validate_certs": bool,
    }


def test_what_has_no_variable_is_left_out() -> None:
    assert options(other=1) == {}
    assert options(confd_url="https://pbx") == {"confd_url": "https://pbx"}


def test_variables_are_templates() -> None:
    pbx = trust_as_template("https://{{ site }}.example.org:9486")
    assert options(confd_url=pbx, site="rome") == {"confd_url": "https://rome.example.org:9486"}


def test_omit_leaves_an_option_out() -> None:
    """Also the path, which is not made of the placeholder that omit is until ansible-core 2.18."""
    omitted = trust_as_template("{{ nothing | default(omit) }}")
    found = options(confd_url="https://pbx", confd_token=omitted, confd_ca_path=omitted, omit="__omit_place_holder__1")
    assert found == {"confd_url": "https://pbx"}


@pytest.mark.parametrize("name", ["confd_url", "confd_password", "confd_token", "confd_ca_path"])
def test_an_undefined_variable_is_an_error(name: str) -> None:
    """It is not left out, for then the task would use the environment or connect without a password."""
    with pytest.raises(AnsibleError, match=f"The variable {name} cannot be evaluated: 'vault_of_nobody' is undefined."):
        options(**{**FULL, name: trust_as_template("{{ vault_of_nobody }}")})


@pytest.mark.parametrize("text", ["canary{{ nobody }}", "canary{{ 1", "{{ 'canary' | no_such_filter }}"])
def test_an_error_does_not_show_the_value(text: str) -> None:
    with pytest.raises(AnsibleError, match="The variable confd_password cannot be evaluated: ") as caught:
        options(**{**FULL, "confd_password": trust_as_template(text)})
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


# Earlier releases of ansible-core make such a text of a template a value. The module refuses it.
VALUES = ("True", "[1, 2]") if KEEPS_TEXTS else ()


@pytest.mark.parametrize("password", ["{{ 1 + 1 }}", "a'b\"c\\d", "1234", "ünï", *VALUES])
def test_a_password_stays_as_it_is(password: str) -> None:
    """What comes out of a vault or a prompt is no template, and a text stays a text."""
    found = options(confd_password=trust_as_template("{{ vault }}"), vault=untrusted(password))
    assert found == {"confd_password": password}
    assert isinstance(found["confd_password"], str)


def test_a_relative_path_begins_where_ansible_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CERTS", "certs")
    monkeypatch.setenv("HOME", "/home/ann")
    here = Path.cwd()
    assert options(confd_ca_path="ca.pem") == {"ca_path": f"{here}/ca.pem"}
    assert options(confd_ca_path="$CERTS/ca.pem") == {"ca_path": f"{here}/certs/ca.pem"}
    assert options(confd_ca_path="~/ca.pem") == {"ca_path": "/home/ann/ca.pem"}
    monkeypatch.setenv("CONFD_CA_PATH", "of_environment.pem")
    assert options() == {"ca_path": f"{here}/of_environment.pem"}
    assert options(confd_ca_path="") == {"ca_path": f"{here}/of_environment.pem"}


@pytest.mark.parametrize("name", ["validate_certs", "ca_path", "max_requests_per_second"])
def test_a_variable_without_the_prefix_is_refused(name: str) -> None:
    """One for another collection must not turn off checks here, and whoever means this one must hear of it."""
    with pytest.raises(AnsibleError, match=f"The variable {name} is not read. Call it confd_{name}."):
        options(confd_url="https://pbx", **{name: False})
    assert options(**{f"confd_{name}": FULL[f"confd_{name}"], name: False})


def test_general_words_are_not_refused() -> None:
    assert options(timeout=5, retries=2) == {}


def test_arguments_are_refused() -> None:
    with pytest.raises(AnsibleError, match="takes no arguments"):
        options_for(["confd_url"], {})
