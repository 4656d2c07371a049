"""Long runs: every view on every odd corpus, every row of every view, with all choices and selections."""

from tests.catalog.test_catalog import test_an_answer_keeps_its_contract_and_is_told_in_a_sentence
from tests.catalog.test_drill_down import test_behind_every_row_are_as_many_articles_as_it_says
