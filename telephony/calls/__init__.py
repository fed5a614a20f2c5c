"""What is said in calls, and what people answer there."""
