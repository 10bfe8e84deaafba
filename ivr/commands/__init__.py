"""The ``candour`` commands, one module for each group of them."""
