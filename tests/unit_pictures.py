"""Pictures for docs/for-the-unit.md: a folder as ``candour-force watch`` lists it, and a report's first page.

Everything in them is invented. Run as ``python -m tests.unit_pictures``; it needs pdftoppm (Debian's poppler-utils).
"""

import io
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from click.testing import CliRunner
from reportlab.pdfgen.canvas import Canvas

from shared.force_side.cli import main as candour_force
from shared.force_side.pages import as_pdf
from shared.force_side.unit_keys import read_enrolment
from shared.forms.withdrawal import WITHDRAWAL_FORM_ID, withdrawal_notice
from shared.sealing.envelope import Envelope, seal
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import SigningKey
from shared.sealing.signed_directory import sign_directory
from tests.shared.force_side.conftest import EXPIRES, Charity, Desk
from tests.shared.force_side.test_formats import a_full_document

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
MOST_BYTES = 150_000
LINE, EDGE, WIDTH = 14, 14, 640  # points


def enrolled(folder: Path) -> Desk:
    """A unit's desk in a folder, as keygen and the charity's directory leave it."""
    charity = Charity(SigningKey.generate(), SigningKey.generate())
    typed = ["--unit-file", str(folder / "unit.toml"), "keygen", "--unit", "kent-acu", "--name", "Kent ACU"]
    CliRunner().invoke(
        candour_force, [*typed, "--force", "kent", "--unprotected", "--root", charity.root.public.to_text()]
    )
    unit = read_enrolment((folder / "kent-acu.enrolment.json").read_bytes()).entry(EXPIRES, None)
    (folder / "directory.json").write_bytes(sign_directory(charity.directory(unit), charity.root))
    return Desk(folder, charity, unit)


def a_mornings_work(desk: Desk) -> list[str]:
    """What is typed at the desk and what the command says to it."""
    sealed = json.dumps(a_full_document()).encode()
    names = ("4f" * 16, "9c" * 16, "b7" * 16, "d1" * 16)
    withdrawn = desk.sealed(sealed)
    first, second = (desk.receives(name, desk.sealed(sealed)) for name in names[:2])
    desk.receives(names[2], withdrawn)
    desk.receives(f"{names[2]}.withdrawal", _notice(desk, withdrawn))
    cut = desk.receives(names[3], desk.sealed(sealed))
    cut.write_bytes(cut.read_bytes()[:-40])
    desk.types("open", str(first))
    desk.types("answer", str(first), "--ours")
    opened = ["open", str(second), "--format", "pdf", "--output"]
    return [
        "$ candour-force watch in --once",
        *desk.types("watch", str(first.parent), "--once").stdout.splitlines(),
        f"$ candour-force open in/{second.name} --format pdf --output case",
        desk.types(*opened, str(desk.folder / "case")).stdout.strip().replace(f"{desk.folder}/", ""),
        f"$ candour-force answer in/{second.name} --ours",
        desk.types("answer", str(second), "--ours").stdout.strip(),
        "$ candour-force outcomes in 2026-q1",
        *desk.types("outcomes", str(first.parent), "2026-q1", entered="12\n3\n1\n7\n2\n").stdout.splitlines(),
    ]


def _notice(desk: Desk, report: Envelope) -> Envelope:
    words = json.dumps(withdrawal_notice(report.digest, "OFFICIAL-SENSITIVE")).encode()
    header = new_header(EnvelopeKind.REPORT, WITHDRAWAL_FORM_ID, 1, unit=desk.unit.id)
    return seal(words, header, [desk.unit.reader], desk.charity.release)


def terminal(lines: list[str]) -> bytes:
    """Lines as a terminal shows them, one page."""
    wrapped = [line[start : start + 100] for line in lines for start in range(0, max(len(line), 1), 100)]
    made = io.BytesIO()
    height = 2 * EDGE + LINE * len(wrapped)
    canvas = Canvas(made, pagesize=(WIDTH, height), invariant=1)
    for place, line in enumerate(wrapped, start=1):
        canvas.setFont("Courier-Bold" if line.startswith("$") else "Courier", 10)
        canvas.drawString(EDGE, height - EDGE - LINE * place + 4, line)
    canvas.save()
    return made.getvalue()


def picture(pdf: bytes, name: str, dots: int) -> None:
    """Write docs/pictures/<name>.png from the first page; ``dots`` to the inch."""
    drawn = shutil.which("pdftoppm")
    if drawn is None:
        sys.exit("pdftoppm is missing: please install Debian's poppler-utils.")
    path = PICTURES / f"{name}.png"
    command = [drawn, "-png", "-gray", "-singlefile", "-r", str(dots), "-", str(path.with_suffix(""))]
    subprocess.run(command, input=pdf, check=True)
    if path.stat().st_size > MOST_BYTES:
        sys.exit(f"{path.name} is larger than {MOST_BYTES} bytes.")


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        lines = a_mornings_work(enrolled(Path(made)))
    sys.stdout.write("\n".join(lines) + "\n")
    picture(terminal(lines), "unit-watch", 110)
    picture(as_pdf(a_full_document(), "Reference 579c 507e"), "unit-report", 90)


if __name__ == "__main__":
    main()
