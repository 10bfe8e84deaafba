"""How the desktop looks: tokens (colours, spacing, type) in one place, and the style sheet made from them."""
