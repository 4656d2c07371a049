"""The command line: serve, check, views, export, report, chart, digest, compare, selections, review."""

from analytics.cli import corpus, reports, review, tables
from analytics.cli.options import main

__all__ = ["corpus", "main", "reports", "review", "tables"]
