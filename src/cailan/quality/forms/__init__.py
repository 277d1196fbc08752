"""What people send to quality."""
