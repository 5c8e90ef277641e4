"""What the numbers say: how far, how fast, where it leads, and the word for it."""
