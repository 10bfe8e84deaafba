"""What every section of the configuration is made of: its strictness, its words for a fault, paths beside the file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo
from pydantic_core import PydanticCustomError


class Section(BaseModel):
    """A frozen section; unknown keys are refused, and what a key holds is never repeated."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True)


def impossible(fact: str) -> PydanticCustomError:
    """The fault of a key that cannot be as it is written; ``fact`` says what would be right."""
    return PydanticCustomError("impossible", "{fact}", {"fact": fact})


def folder_of(info: ValidationInfo) -> Path:
    """The configuration file's folder; the working directory where settings are made without a file."""
    folder: Path = (info.context or {}).get("folder", Path())
    return folder


def _beside_the_file(written: Path, info: ValidationInfo) -> Path:
    return folder_of(info) / written.expanduser()


FromConfig = Annotated[Path, AfterValidator(_beside_the_file)]
