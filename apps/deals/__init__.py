"""The funnel: pipelines, deals, quotations."""
