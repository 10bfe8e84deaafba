"""`make launch-table`: fifteen months of the service lived in virtual time, and the table that comes out."""
