"""Complaints and service requests of customers."""
