"""A report in the shape police systems load: people, objects, locations, events. It only re-arranges what was sealed.

Nothing is cut: a value that does not fit its field is kept, as it was written, under ``not_in_pole`` of its record.
Field names, references and lengths are those of the POLE data standards catalogue and the Single Digital Model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.forms.rendering import dated

Row = Mapping[str, str]
Written = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PoleField:
    """``least`` and ``most`` are characters; the whole value fits ``shape``."""

    ref: str
    name: str
    least: int
    most: int
    shape: re.Pattern[str] = re.compile(r".*", re.DOTALL)

    def fits(self, value: str) -> bool:
        return self.least <= len(value) <= self.most and self.shape.fullmatch(value) is not None

    def holding(self, value: str) -> dict[str, str]:
        return {"ref": self.ref, "field": self.name, "value": value}


COLLAR: Final = PoleField("P_015/DS_070", "Collar number", 1, 10, re.compile(r"[A-Za-z0-9]+"))
TELEPHONE: Final = PoleField("DS_053", "Telephone", 11, 35, re.compile(r"\+[1-9][0-9]+"))
EMAIL: Final = PoleField("DS_054", "E-mail", 5, 120, re.compile(r"\S+@\S+"))
SOCIAL: Final = PoleField("DS_055", "Social media tag", 1, 120, re.compile(r".+ - .+"))
DATE: Final = PoleField("DS_001", "Date", 10, 10, re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"))
COUNTRY: Final = PoleField("DS_004", "Country", 3, 3, re.compile(r"[A-Z]{3}"))
INCIDENT: Final = PoleField("SDM", "incidentDescription", 1, 4000)
PERSON: Final = PoleField("SDM", "personDescription", 1, 2000)

# By the name of a part of a repeated answer in the form.
_PERSON_PARTS: Final = {
    "given_name": PoleField("DS_031", "Given name", 1, 35),
    "surname": PoleField("DS_032", "Surname", 1, 35),
    "alias": PoleField("DS_033", "Alias/nickname", 1, 40),
    "collar": COLLAR,
    "rank": PoleField("SDM", "occupation", 1, 200),
}
_VEHICLE_PARTS: Final = {
    "registration": PoleField("DS_065", "Vehicle VRM", 1, 11, re.compile(r"[A-Za-z0-9]+")),
    "make": PoleField("DS_066", "Vehicle make", 1, 35),
    "model": PoleField("DS_067", "Vehicle model", 1, 35),
    "colour": PoleField("DS_069", "Vehicle colour", 1, 35),
}
_DESCRIBING: Final = ("gender", "build", "complexion", "features", "eyes", "ethnicity", "hair")
_NAMING: Final = ("given_name", "surname", "alias", "collar")
_ENOUGH_TO_DESCRIBE: Final = 4  # of _DESCRIBING, for an unknown person (P_007)


def as_pole(document: Mapping[str, Any], reference: str, digest: str) -> Written:
    """A JSON object. Raises KeyError or TypeError for what the charity's form did not make."""
    groups = _grouped(document)
    return {
        "candour": "pole/1",
        "reference": reference,
        "digest": digest,
        "marking": document["marking"],
        "title": document["title"],
        **{name: document[name] for name in ("reported_by", "urgent") if name in document},
        **{name: document[name]["name"] for name in ("force",) if name in document},
        **{name: document[name]["label"] for name in ("category",) if name in document},
        "person": [_person(name, rows) for (kind, name), rows in groups.items() if kind == "subjects"],
        "object": [
            *(_vehicle(name, rows) for (kind, name), rows in groups.items() if kind == "vehicles"),
            *(_account(name, rows) for (kind, name), rows in groups.items() if kind == "accounts"),
        ],
        "location": [_location(row) for row in _plain_rows(document) if row["id"] == "where"],
        "event": [_event(document)],
        "not_in_pole": [_other(row) for row in _plain_rows(document) if row["id"] != "where"],
        "notes": list(document.get("notes", ())),
    }


def _grouped(document: Mapping[str, Any]) -> dict[tuple[str, str], list[Row]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for section in document.get("sections", ()):
        for row in section["fields"]:
            if row.get("group"):
                groups.setdefault((row["id"].partition(".")[0], row["group"]), []).append(row)
    return groups


def _plain_rows(document: Mapping[str, Any]) -> Iterator[Row]:
    return (row for section in document.get("sections", ()) for row in section["fields"] if not row.get("group"))


def _part(row: Row) -> str:
    return row["id"].rpartition(".")[2]


def _person(name: str, rows: list[Row]) -> Written:
    record = _record(name, rows, _PERSON_PARTS)
    parts = {_part(row): row for row in rows}
    described = [parts[part] for part in _DESCRIBING if part in parts]
    text = "; ".join(f"{row['label']}: {row['text']}" for row in described)
    if PERSON.fits(text):
        record["fields"].append(PERSON.holding(text))
        record["not_in_pole"] = [other for other in record["not_in_pole"] if other not in map(_other, described)]
    if "reach" in parts and (held := _reached(parts["reach"]["text"])) is not None:
        record["fields"].append(held)
        record["not_in_pole"].remove(_other(parts["reach"]))
    unknown = len(described) >= _ENOUGH_TO_DESCRIBE and not any(part in parts for part in _NAMING)
    return {"ref": "P_008", "pole_role": "Subject", **({"unknown_person": "P_007"} if unknown else {}), **record}


def _reached(text: str) -> dict[str, str] | None:
    if EMAIL.fits(text):
        return EMAIL.holding(text)
    number = re.sub(r"[\s()\-]", "", text)
    number = f"+44{number[1:]}" if re.fullmatch(r"0[1-9][0-9]+", number) else number
    return TELEPHONE.holding(number) if TELEPHONE.fits(number) else None


def _vehicle(name: str, rows: list[Row]) -> Written:
    shown = [{**row, "text": row["text"].replace(" ", "")} if _part(row) == "registration" else row for row in rows]
    return {"kind": "vehicle", **_record(name, shown, _VEHICLE_PARTS)}


def _account(name: str, rows: list[Row]) -> Written:
    parts = {_part(row): row["text"] for row in rows}
    tag = f"{parts.get('platform', '')} - {parts.get('tag', '')}"
    record = _record(name, rows, {})
    if "platform" in parts and "tag" in parts and SOCIAL.fits(tag):
        record["fields"] = [SOCIAL.holding(tag)]
        record["not_in_pole"] = [_other(row) for row in rows if _part(row) not in ("platform", "tag")]
    return {"kind": "account", **record}


def _location(row: Row) -> Written:
    return {"record": row["label"], "fields": [COUNTRY.holding("GBR")], "not_in_pole": [_other(row)]}


def _event(document: Mapping[str, Any]) -> Written:
    when = str(document.get("dated", ""))
    on_a_day = DATE.fits(when)
    return {
        "record": "Intelligence report",
        "fields": [DATE.holding(when)] if on_a_day else [],
        "not_in_pole": [] if on_a_day else [dict(zip(("label", "text"), dated(document), strict=True))],
        "entries": [_entry(entry) for entry in document.get("entries", ())],
    }


def _entry(entry: Mapping[str, Any]) -> Written:
    text = str(entry["text"])
    fits = INCIDENT.fits(text)
    grade = entry["proposed_grade"]
    return {
        "number": entry["number"],
        "proposed_grade": " ".join(str(grade[part]) for part in ("source", "assessment", "handling")),
        "fields": [INCIDENT.holding(text)] if fits else [],
        "not_in_pole": [] if fits else [{"label": "Entry", "text": text}],
        **{name: entry[name] for name in ("rationale", "condition") if name in entry},
    }


def _record(name: str, rows: list[Row], fields: Mapping[str, PoleField]) -> Written:
    record: Written = {"record": name, "fields": [], "not_in_pole": []}
    for row in rows:
        field = fields.get(_part(row))
        if field is not None and field.fits(row["text"]):
            record["fields"].append(field.holding(row["text"]))
        else:
            record["not_in_pole"].append(_other(row))
    return record


def _other(row: Row) -> dict[str, str]:
    return {"label": row["label"], "text": row["text"]}
