"""Reading deals for screens, reports and the API."""
