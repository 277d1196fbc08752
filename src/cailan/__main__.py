"""`python -m cailan`: works from any path, where a console script's first line may not."""

from cailan.config.cli import main

main()
