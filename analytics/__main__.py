"""`python -m analytics` is `article-analytics`."""

from analytics.cli.options import main

main()
