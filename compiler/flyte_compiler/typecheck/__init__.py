"""What type an expression has, what may go where, and why not."""
