"""What the README and the example files promise about settings is what settings.py reads."""

import re

import pytest

from .conftest import ROOT

SETTINGS = (ROOT / "phongtho_thidua" / "settings.py").read_text()
READ = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS))


def test_readme_lists_exactly_the_variables_that_settings_read():
    readme = (ROOT / "README.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE)) == READ


@pytest.mark.parametrize("example", [".env.example", "deploy/thidua.env.example"])
def test_example_names_no_variable_that_nothing_reads(example):
    named = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / example).read_text(), re.MULTILINE))
    assert named - READ == set()


def test_production_example_names_every_variable_that_production_requires():
    required = set(re.findall(r'env\.required\(\s*"([A-Z_]+)"', SETTINGS)) | {"DATABASE_URL"}
    named = set(re.findall(r"^([A-Z_]+)=", (ROOT / "deploy/thidua.env.example").read_text(), re.MULTILINE))
    assert required - named == set()


@pytest.mark.parametrize("service", sorted((ROOT / "deploy" / "systemd").iterdir()), ids=lambda path: path.stem)
def test_service_has_no_rights_and_reads_the_settings_file(service):
    lines = service.read_text().splitlines()
    assert {"User=thidua", "NoNewPrivileges=yes", "EnvironmentFile=/etc/phongtho-thidua/env"} <= set(lines)
