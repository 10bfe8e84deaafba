"""`make demo`: one call from the telephone to the force, on real parts."""
