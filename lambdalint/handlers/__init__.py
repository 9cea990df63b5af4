"""Does the handler string lead to code? One module per family of runtimes."""
