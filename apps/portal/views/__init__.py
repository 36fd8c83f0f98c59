"""Screens of the room: the customer's page, and what stands on our cards."""
