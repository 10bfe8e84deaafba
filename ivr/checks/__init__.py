"""What ``candour check`` looks at before the line goes live, one module for each side it is looked at from."""
