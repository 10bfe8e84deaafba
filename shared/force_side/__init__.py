"""The force's side: a unit's own keys, opening what it is sent, and answering; offline, and with no store."""
