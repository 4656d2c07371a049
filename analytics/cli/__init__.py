"""The command line: serve, check, init, views, export, report, chart, digest, compare, selections, review."""

from analytics.cli import corpus, export_and_compare, reports, review, saved_selections
from analytics.cli.options import main

__all__ = ["corpus", "export_and_compare", "main", "reports", "review", "saved_selections"]
