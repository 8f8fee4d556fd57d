"""Fixes: the edits that diagnostics propose, put into files, or shown as a difference."""
