"""Sign-in as members and merchants see it: the calendar, what a sign-in brought, and how it is used."""
