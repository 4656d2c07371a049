"""The group of all commands, and how an error ends one."""

from typing import Any

import click

import analytics
from analytics.errors import AnalyticsError


class _Refusal(click.ClickException):
    """What the program cannot do, said in a sentence."""

    exit_code = 2


class _Group(click.Group):
    """Shows the errors that the program foresaw as a sentence and exit code 2."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except AnalyticsError as error:
            raise _Refusal(str(error)) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(analytics.__version__, prog_name="article-analytics")
def main() -> None:
    """Quality, heat, topics and providers of a corpus of curated articles, over time.

    CORPUS is a folder of articles; without one, that of ARTICLE_ANALYTICS_CORPUS, else the sample.
    """
