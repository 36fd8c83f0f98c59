"""Making companies' schemas: the template, its SQL, the pool of spares."""
