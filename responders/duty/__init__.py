"""What volunteers do about themselves: sign up, come and go, show signs of life."""
