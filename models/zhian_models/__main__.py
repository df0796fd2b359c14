"""`python -m zhian_models` is `zhian-models`."""

from .cli import main

main()
