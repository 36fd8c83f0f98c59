"""A letter of the program given to the mail server, with what is known of it afterwards."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage, get_connection


def hand_over(message: EmailMessage) -> bool:
    """Give a letter to the mail server; ``False`` where nobody knows whether the server has it.

    Whoever must not send twice notes that it is being sent, commits, and calls this afterwards.

    :raises OSError: the server has it not: it was not there, or said no.
    """
    server = get_connection()
    server.open()
    try:
        server.send_messages([message])
    except (SMTPResponseException, SMTPRecipientsRefused):
        raise
    except OSError:  # the line broke before the answer
        return False
    finally:
        server.close()
    return True
