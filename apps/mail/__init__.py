"""Mail of the company's boxes: what comes and goes stands on the cards it belongs to."""
