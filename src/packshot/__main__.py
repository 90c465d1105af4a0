"""``python -m packshot``: the command without its script."""

from packshot.cli.main import main

if __name__ == "__main__":
    main()
