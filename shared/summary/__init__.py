"""Figures of the line's days, for the charity's own use; they know no call, report or person."""
