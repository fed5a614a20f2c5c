"""The parts of the service put together from settings, once for a process."""
