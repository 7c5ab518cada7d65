"""``python -m breathcue`` is the ``breathcue`` command."""

from breathcue.cli.main import run

if __name__ == "__main__":
    run()
