"""The outbox: sealed reports on their way to the units, and the units' signed answers on their way back."""
