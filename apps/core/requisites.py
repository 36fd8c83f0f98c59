"""Check digits of the numbers that companies, banks and accounts have.

Russia: ИНН, КПП, ОГРН, БИК with the account's control key. Türkiye: VKN, TCKN. Everywhere: IBAN.
"""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext as _
from stdnum import iban
from stdnum.ru import inn
from stdnum.tr import tckimlik, vkn

_WEIGHTS = (7, 1, 3) * 8
_CHECKED_CURRENCIES = ("RUB", "TRY")


class WithAccount(Protocol):
    """Anything that has an account in a bank."""

    bank_code: str
    bank_account: str


def tax_number_problem(number: str, *, currency: str = "RUB") -> str:
    """Return the sentence about a tax number that cannot be right; ``""`` when it may be.

    Ten digits are an ИНН of a company or a VKN, eleven a TCKN, twelve an ИНН of a person. Numbers
    of other countries are taken as they are: those with letters, and all of them where the
    company's own ``currency`` is neither rouble nor lira.
    """
    if number.isdigit() and currency not in _CHECKED_CURRENCIES:
        return ""
    if not number.isdigit():
        return "" if any(letter.isalpha() for letter in number) else _bad_characters(number)
    checks = {10: (inn, vkn), 11: (tckimlik,), 12: (inn,)}
    if len(number) not in checks:
        return _("A tax number has 10, 11 or 12 digits; this one has %(count)d.") % {
            "count": len(number)
        }
    if any(check.is_valid(number) for check in checks[len(number)]):
        return ""
    return _("The check digits of this tax number are wrong: look for a mistyped digit.")


def _bad_characters(number: str) -> str:
    return _("A tax number holds only letters and digits.") if number else ""


def reason_code_problem(code: str) -> str:
    """Return the sentence about a КПП that cannot be right."""
    body = code[:4] + code[6:]
    if not code or (len(code) == 9 and body.isdigit() and code[4:6].isalnum()):
        return ""
    return _("A KPP has 9 characters.")


def registration_number_problem(number: str) -> str:
    """Return the sentence about an ОГРН or ОГРНИП whose check digit is wrong."""
    if not number.isdigit() or len(number) not in {13, 15}:
        return ""
    divisor = 11 if len(number) == 13 else 13
    if int(number[:-1]) % divisor % 10 == int(number[-1]):
        return ""
    return _("The check digit of this registration number is wrong.")


def account_problem(account: str, bank_code: str) -> str:
    """Return the sentence about an account that cannot be right at this bank."""
    account, bank_code = account.replace(" ", ""), bank_code.replace(" ", "")
    if not account:
        return ""
    if account[:2].isalpha():
        return "" if iban.is_valid(account) else _("This IBAN is wrong: look for a mistyped digit.")
    is_of_russia = len(bank_code) == 9 and bank_code.isdigit()
    if len(account) != 20 or not account.isdigit():
        return _("An account at a Russian bank has 20 digits.") if is_of_russia else ""
    if not bank_code:
        return _("Enter the bank's BIC: the account is checked with it.")
    if is_of_russia and not _fits(account, bank_code):
        return _("This account does not belong to the bank with this BIC: a digit is mistyped.")
    return ""


def correspondent_account_problem(account: str, bank_code: str) -> str:
    """Return the sentence about a Russian bank's account at the central bank that cannot be right.

    It begins with 301, its control key is counted with the region of the bank, and it ends as the
    bank's БИК does.
    """
    if not account or not (len(bank_code) == 9 and bank_code.isdigit()):
        return ""
    if len(account) != 20 or not account.isdigit():
        return _("An account at a Russian bank has 20 digits.")
    is_right = account[-3:] == bank_code[-3:] and _has_key(f"0{bank_code[4:6]}{account}")
    if account.startswith("301") and not is_right:
        return _("This account does not belong to the bank with this BIC: a digit is mistyped.")
    return ""


def problems_of_account(
    *, number: str, bank_code: str, correspondent_account: str
) -> dict[str, str]:
    """Return what cannot be right of an account without blanks: sentences by field."""
    found = {
        "bank_code": bank_code_problem(bank_code),
        "number": account_problem(number, bank_code),
        "correspondent_account": correspondent_account_problem(correspondent_account, bank_code),
    }
    return {name: sentence for name, sentence in found.items() if sentence}


def bank_code_problem(code: str) -> str:
    """Return the sentence about a BIC of a bank that cannot be right."""
    if not code or (code.isdigit() and len(code) == 9):
        return ""
    is_swift = len(code) in {8, 11} and code.isalnum() and code[:6].isalpha()
    return "" if is_swift else _("A BIC has 9 digits in Russia, elsewhere 8 or 11 characters.")


def is_russian_account(owner: WithAccount) -> bool:
    """Tell whether money is sent by БИК and a 20-digit account."""
    account = owner.bank_account.replace(" ", "")
    return account.isdigit() and len(account) == 20 and len(owner.bank_code) == 9


def _fits(account: str, bank_code: str) -> bool:
    """Check the control key of an account (Bank of Russia, No. 515 of 1997)."""
    is_of_central_bank = bank_code[6:8] == "00"
    head = f"0{bank_code[4:6]}" if is_of_central_bank else bank_code[6:9]
    return _has_key(head + account)


def _has_key(digits: str) -> bool:
    return sum(int(d) * w % 10 for d, w in zip(digits, _WEIGHTS, strict=False)) % 10 == 0


def problem_unless(before: str, value: str, problem: str) -> str:
    """Return the problem of a value, or none where the value stands there already.

    What 1C sent is not refused to somebody who came to change something else.
    """
    return "" if value == "".join(before.split()) else problem
