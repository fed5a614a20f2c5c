"""Running the product: settings, services, the worker, the command line, the demo."""
