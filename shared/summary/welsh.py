"""What became of calls in Welsh, by the year and beside nothing else; it knows no call."""

from sqlalchemy import Connection, select

from shared.domain.vocabulary import WelshCall
from shared.store.schema import year_count


def welsh_calls(tx: Connection, year: int) -> dict[WelshCall, int]:
    """How many callers who chose Welsh reached the queue in a year (of London days), and who answered them."""
    rows = select(year_count.c.became, year_count.c.n).where(year_count.c.year == year)
    found = dict(tx.execute(rows).all())
    return {became: found.get(became, 0) for became in WelshCall}
