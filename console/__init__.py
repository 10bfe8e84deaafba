"""The desktop: where calls are answered and reports are written, sealed, reviewed and released."""
