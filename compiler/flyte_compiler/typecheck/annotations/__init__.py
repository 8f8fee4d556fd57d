"""What annotations and the source around them say by themselves, without a type checker."""
