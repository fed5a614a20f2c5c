"""Who is concerned, what each is told, and the rows that say so."""
