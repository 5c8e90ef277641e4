"""`python -m helpers VERB …`, what the Makefile calls."""

from .cli import main

if __name__ == "__main__":
    main()
