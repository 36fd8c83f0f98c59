"""Papers made of invoices: the PDF, its payment code and the sum in words."""

from apps.sales.documents.invoice_pdf import file_name, invoice_pdf, language_for

__all__ = ["file_name", "invoice_pdf", "language_for"]
