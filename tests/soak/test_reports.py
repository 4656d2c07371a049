"""Long runs: exports that are killed at many points."""

from tests.reports.test_export_files import test_a_run_that_is_killed_leaves_the_old_report_or_the_new_one
