"""What the desktop knows and may do next, as plain values and signals; no widget, no network, no key."""
