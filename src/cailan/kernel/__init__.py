"""What every context leans on: a closed, small list."""
