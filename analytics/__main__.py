"""`python -m analytics` is `article-analytics`."""

import signal


def main() -> None:
    """Run the command line. Ctrl-C ends the process at once, without a traceback, while the program is imported."""
    interrupted = signal.getsignal(signal.SIGINT)
    if interrupted is signal.default_int_handler:  # not where the caller has the signal ignored
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from analytics.cli.options import main as run

    signal.signal(signal.SIGINT, interrupted)
    run()


if __name__ == "__main__":
    main()
