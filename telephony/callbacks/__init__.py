"""What carriers report: durable first, understood in batches, asked for if silent."""
