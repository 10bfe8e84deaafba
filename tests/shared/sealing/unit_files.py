"""The committed folder of a unit: every file that its own system reads or writes, and the keys behind them."""

import json
from pathlib import Path
from typing import Any

from shared.force_side.unit_keys import UnitKeys, unit_keys_from_paper
from shared.sealing.directory import Directory
from shared.sealing.keys import ReaderKey
from shared.sealing.signed_directory import verify_directory
from shared.sealing.verify_key import VerifyKey

FOLDER = Path(__file__).parent / "vectors" / "unit"
IN, ANSWERS = FOLDER / "in", FOLDER / "in" / "answers"
FACTS: dict[str, Any] = json.loads((FOLDER / "facts.json").read_text(encoding="utf-8"))
ROOT = bytes.fromhex(FACTS["root"])
SUPERVISORS = ReaderKey(bytes.fromhex(FACTS["supervisors_seed"]))
REPORT, OTHER_REPORT = [name for name in FACTS["sealed"] if name.count(".") == 1]
[CONTACT] = [name for name in FACTS["sealed"] if name.endswith(".contact.candour")]
[NOTICE] = [name for name in FACTS["sealed"] if name.endswith(".withdrawal.candour")]
REQUEST = (FOLDER / f"{FACTS['unit']}.enrolment.json").read_bytes()
DIRECTORY = (FOLDER / "directory.json").read_bytes()
QUESTION = (ANSWERS / FACTS["question"]["file"]).read_bytes()
TOTALS = (ANSWERS / FACTS["totals"]["file"]).read_bytes()


def unit_keys() -> UnitKeys:
    return unit_keys_from_paper(FACTS["unit"], FACTS["paper"])


def charity_directory() -> Directory:
    return verify_directory(DIRECTORY, VerifyKey(ROOT), FACTS["directory_version"], today=None)
