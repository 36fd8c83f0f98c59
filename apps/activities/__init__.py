"""Tasks, calls, meetings, notes, and the timeline of a card."""
