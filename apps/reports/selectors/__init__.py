"""Reading sales and customers for reports: set-based, through the rights of whoever looks."""
