"""What the desktop draws: widgets that show a model and pass on what a person does; no rule and no network."""
