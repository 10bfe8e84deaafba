"""What operators copy from docs/operations is true: figures, pages of the runbook, the proxy, the unit."""

import json
import re
from pathlib import Path

import pytest

from ivr.counters import Fault
from ivr.line.allow_list import Route
from ivr.line.audio import AUDIO
from ivr.line.edge import VOICE
from ivr.watch import FIGURES

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations"
TOLD = {"candour_up", *(one.name for one in FIGURES), *(f"{fault.value}_total" for fault in Fault)}


def text(name: str) -> str:
    return (OPERATIONS / name).read_text(encoding="utf-8")


def named(name: str) -> set[str]:
    return set(re.findall(r"\bcandour_[a-z_]+", text(name)))


@pytest.mark.parametrize("name", ["alerts.yml", "dashboard.json", "watching.md"])
def test_only_figures_that_are_told_are_watched_and_all_of_them(name: str) -> None:
    assert named(name) == TOLD


def test_every_alert_leads_to_a_page_of_the_runbook() -> None:
    headings = re.findall(r"^## (.+)$", text("at-night.md"), re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}

    led_to = re.findall(r'runbook: "at-night\.md#([a-z-]+)"', text("alerts.yml"))

    assert len(led_to) == text("alerts.yml").count("- alert:")
    assert set(led_to) <= anchors


def test_the_dashboard_can_be_read_as_json() -> None:
    assert len(json.loads(text("dashboard.json"))["panels"]) >= 8


def test_the_proxy_logs_no_request_and_passes_on_the_lines_addresses_alone() -> None:
    proxy = re.sub(r"#.*", "", text("nginx.conf"))

    assert "access_log off;" in proxy
    assert "emerg;" in proxy
    assert "proxy_pass http://127.0.0.1:8080;" in proxy
    assert all(address.startswith(f"{VOICE}/") for address in (*Route, AUDIO))
    assert re.findall(r"location (\S+)", proxy) == [f"{VOICE}/", "/"]


def test_the_unit_leaves_no_dump_and_keeps_no_secret() -> None:
    unit = text("candour.service")

    assert "LimitCORE=0" in unit
    assert "CANDOUR_TELEPHONY__AUTH_TOKEN_FILE=" in unit
    assert "ExecStart=/opt/candour/bin/candour serve" in unit


def test_the_unit_can_write_where_its_configuration_lies_for_paths_are_relative_to_it() -> None:
    unit = text("candour.service")
    config = re.findall(r"^Environment=CANDOUR_CONFIG=(\S+)$", unit, re.MULTILINE)

    assert re.findall(r"^ReadWritePaths=(\S+)$", unit, re.MULTILINE) == [str(Path(path).parent) for path in config]
