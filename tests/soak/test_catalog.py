"""Long runs: every row of every view, with all choices and selections."""

from tests.catalog.test_drill_down import test_behind_every_row_are_as_many_articles_as_it_says
