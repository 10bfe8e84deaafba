"""`make shift`: a night at the desk, with real processes that are killed between one word and the next."""
