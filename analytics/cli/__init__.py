"""The command line: serve, check, views, export, report, chart, digest, compare, selections, sample."""

from analytics.cli import corpus, reports, tables
from analytics.cli.group import main

__all__ = ["corpus", "main", "reports", "tables"]
