"""Long runs: many writers, and programs and servers that are killed again and again."""

from tests.reviews.conftest import server, store, store_address
from tests.reviews.test_concurrent_writes import (
    test_twenty_writers_lose_nothing_and_double_nothing,
    test_what_a_killed_program_had_acknowledged_is_there,
    test_what_was_acknowledged_survives_kills_of_the_database_server,
)
