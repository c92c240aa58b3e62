"""The rows of PyTorch, a file for each family."""
