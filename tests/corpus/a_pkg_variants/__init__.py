# drivers:
"""Somatic variant pipeline: steps/ has leaf tasks, flow.py the drivers."""
