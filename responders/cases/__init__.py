"""A case from its report to its last call: asking, answering, standing down."""
