"""What changed between two programs, by their plans alone: nothing here compiles or reads files."""
