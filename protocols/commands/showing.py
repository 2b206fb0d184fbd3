"""Words and tables on a terminal, however narrow it is and whoever wrote them."""

from rich.table import Table


def shown(text: str) -> str:
    """`text` from a file without what would steer the terminal or turn its direction."""
    return "".join(each if each.isprintable() else " " for each in text)


def folded(table: Table) -> Table:
    """`table`, with what is too long for its column broken over lines: half a key or half a
    hotline's number is worse than none."""
    for column in table.columns:
        column.overflow = "fold"
    return table
