"""`python -m analytics` is `article-analytics`."""

from analytics.cli import main

main()
