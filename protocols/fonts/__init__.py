"""Amana Sans, the one typeface of phone and paper (README.md beside it says whose it is)."""

from pathlib import Path

FOLDER = Path(__file__).parent
REGULAR = str(FOLDER / "AmanaSans-Regular.ttf")
SEMIBOLD = str(FOLDER / "AmanaSans-SemiBold.ttf")
