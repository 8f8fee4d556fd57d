"""What other projects are told of deployed tasks: a stub for every checker, and a manifest."""
