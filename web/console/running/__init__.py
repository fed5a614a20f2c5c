"""What those who run the service see: users, carriers, feeds, scripts, the record."""
