"""Sealing: keys, envelopes, answers, the directory and sign-in; no input or output, and no report known."""
