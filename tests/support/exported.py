"""What a summary says in each of its formats, read back by programs that did not write it."""

import io

from openpyxl import load_workbook
from pypdf import PdfReader

from shared.summary.export import Format


def words_of(content: bytes, form: Format) -> str:
    """Everything that is written in it."""
    match form:
        case Format.XLSX:
            book = load_workbook(io.BytesIO(content))
            cells = (cell.value for page in book for row in page.iter_rows() for cell in row)
            return " ".join(str(value) for value in cells if value is not None)
        case Format.PDF:
            return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        case Format.CSV | Format.JSON | Format.TEXT:
            return content.decode()
