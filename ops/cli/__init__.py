"""The commands of ``tocsin``, one module for each family of them."""
