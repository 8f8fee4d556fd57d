"""What the compiler has to say to a user: the model, its renderers, suppression."""
