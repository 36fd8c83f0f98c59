"""``./kopru onec``: the keyboard of the simulated 1C."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from decimal import Decimal, InvalidOperation
from pathlib import Path

from onec.base import Base, OneCError
from onec.client import DIALECTS, Site, exchange
from onec.demo import LANGUAGES, demo_base


def main(arguments: list[str] | None = None) -> int:
    """Run one command; an error is one sentence."""
    options = _parser().parse_args(arguments)
    base = Base(_base_path(options))
    try:
        return int(options.run(base, options) or 0)
    except OneCError as error:
        print(f"1C: {error}", file=sys.stderr)
        return 1
    finally:
        base.close()


def _base_path(options: argparse.Namespace) -> Path:
    folder = Path(os.environ.get("KOPRU_DATA_DIR", ".kopru")) / "onec"
    return folder / f"{options.base}.sqlite3"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kopru onec", description=__doc__)
    parser.add_argument(
        "--base", default="demo", help="name of the information base (default: demo)"
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: object, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        return sub

    fill = command("fill", _fill, "Fill an empty base with a demonstration catalogue.")
    fill.add_argument("--language", choices=LANGUAGES, default="en")
    fill.add_argument("--currency", default="")

    connect = command("connect", _connect, "Keep the address, login and password of the site.")
    connect.add_argument("address")
    connect.add_argument("login")
    connect.add_argument("password")
    connect.add_argument("--as", dest="dialect", choices=DIALECTS, default="ut")

    run = command(
        "exchange", _exchange, "Exchange with the site: catalogue out, orders in and out."
    )
    _exchange_options(run)

    schedule = command("schedule", _schedule, "Exchange again and again until Ctrl-C.")
    _exchange_options(schedule)
    schedule.add_argument("--every", type=float, default=60, help="seconds between exchanges")

    pay = command("pay", _pay, "Enter a payment for an invoice.")
    pay.add_argument("invoice")
    pay.add_argument("--amount", type=_decimal, help="by default what is unpaid")
    pay.add_argument("--kind", choices=("bank", "cash", "card"), default="bank")

    unpay = command("unpay", _unpay, "Mark the latest payment of an invoice for deletion.")
    unpay.add_argument("invoice")

    ship = command("ship", _ship, "Post a sale for an invoice.")
    ship.add_argument("invoice")
    ship.add_argument("--quantity", type=_decimal, help="at most so many of each line")

    price = command("change-price", _change_price, "Change the price of a product.")
    price.add_argument("article")
    price.add_argument("amount", type=_decimal)
    price.add_argument("--type", default="", help="price type, by default the first")

    receive = command("receive", _receive, "Post a goods receipt (negative: an issue).")
    receive.add_argument("article")
    receive.add_argument("quantity", type=_decimal)
    receive.add_argument("--warehouse", default="")

    rename = command("rename", _rename, "Rename a product.")
    rename.add_argument("article")
    rename.add_argument("name")

    delete = command("delete", _delete, "Set (or lift) the deletion mark of a product.")
    delete.add_argument("article")
    delete.add_argument("--undo", action="store_true")

    change = command(
        "change-order", _change_order, "Change quantity or price of a line of an order."
    )
    change.add_argument("invoice")
    change.add_argument("line", type=int)
    change.add_argument("--quantity", type=_decimal)
    change.add_argument("--price", type=_decimal)

    cancel = command("cancel", _cancel, "Cancel an order.")
    cancel.add_argument("invoice")

    requisite = command("set-requisite", _set_requisite, "Enter a requisite of an order.")
    requisite.add_argument("invoice")
    requisite.add_argument("name")
    requisite.add_argument("value", help='"" takes it away')

    command("orders", _orders, "List the orders of this 1C.")
    command("status", _status, "Show what this 1C holds and what waits to be sent.")
    return parser


def _exchange_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as", dest="dialect", choices=DIALECTS, help="speak as УТ, УНФ 3 or the 1C-Bitrix module"
    )
    parser.add_argument("--full", action="store_true", help="the whole catalogue, not only changes")
    parser.add_argument(
        "--protocol", choices=("bitrix", "umi", "other"), default="other", help="protocol of УНФ"
    )
    parser.add_argument("--no-zip", action="store_true")
    parser.add_argument("--portion", type=int, default=500, help="products in a file")
    parser.add_argument("--pause", type=float, default=0, help="seconds УНФ waits before an import")
    parser.add_argument("--verbose", action="store_true", help="show every request")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number') from None


def _fill(base: Base, options: argparse.Namespace) -> None:
    base.fill(demo_base(language=options.language, currency=options.currency))
    _status(base, options)


def _connect(base: Base, options: argparse.Namespace) -> None:
    for key in ("address", "login", "password", "dialect"):
        base.set_setting(key, getattr(options, key))
    print(f"1C will exchange with {options.address} as {options.dialect}.")


def _connection(base: Base) -> tuple[str, str, str]:
    """Return address, login and password: those kept, else the demo company's of a running `up`."""
    if base.setting("address"):
        return base.setting("address"), base.setting("login"), base.setting("password")
    run_file = Path(os.environ.get("KOPRU_DATA_DIR", ".kopru")) / "run.json"
    if run_file.exists():
        run = json.loads(run_file.read_text())
        login = run.get("logins", {}).get("1c")
        if login:
            return run["company_url"], login["user"], login["password"]
    raise OneCError("this 1C knows no site yet: kopru onec connect ADDRESS LOGIN PASSWORD")


def _exchange(base: Base, options: argparse.Namespace) -> None:
    if base.one("SELECT 1 FROM product LIMIT 1") is None:
        raise OneCError("this base is empty: kopru onec fill")
    address, login, password = _connection(base)
    site = Site(
        address=address,
        login=login,
        password=password,
        dialect=options.dialect or base.setting("dialect", "ut"),
        protocol=options.protocol,
        use_zip=not options.no_zip,
        say=print if options.verbose else lambda line: None,
    )
    report = exchange(
        base, site, is_full=options.full, portion=options.portion, pause=options.pause
    )
    print(
        f"Sent {report.products} products and {report.orders_sent} orders in {report.files} files"
        f" ({report.bytes_sent:,} bytes, {report.requests} requests); took {report.taken.created}"
        f" new and {report.taken.changed} changed orders."
    )
    if report.taken.duplicates:
        print(f"{report.taken.duplicates} lines named products this 1C does not know.")


def _schedule(base: Base, options: argparse.Namespace) -> None:
    while True:
        try:
            _exchange(base, options)
        except OneCError as error:
            print(f"1C: {error}", file=sys.stderr)
        try:
            time.sleep(options.every)
        except KeyboardInterrupt:
            return


def _pay(base: Base, options: argparse.Namespace) -> None:
    amount = base.pay(options.invoice, options.amount, kind=options.kind)
    print(f"Payment of {amount} for {options.invoice} is posted; the next exchange carries it.")


def _unpay(base: Base, options: argparse.Namespace) -> None:
    base.unpay(options.invoice)
    print(f"The latest payment for {options.invoice} is marked for deletion.")


def _ship(base: Base, options: argparse.Namespace) -> None:
    base.ship(options.invoice, options.quantity)
    print(f"A sale for {options.invoice} is posted.")


def _change_price(base: Base, options: argparse.Namespace) -> None:
    base.change_price(options.article, options.amount, price_type=options.type)
    print(f"The price of {options.article} is {options.amount}.")


def _receive(base: Base, options: argparse.Namespace) -> None:
    base.receive(options.article, options.quantity, warehouse=options.warehouse)
    print(f"{options.quantity} of {options.article} are posted.")


def _rename(base: Base, options: argparse.Namespace) -> None:
    base.rename(options.article, options.name)
    print(f'{options.article} is now "{options.name}".')


def _delete(base: Base, options: argparse.Namespace) -> None:
    base.mark_deleted(options.article, is_deleted=not options.undo)
    print(f"The deletion mark of {options.article} is {'lifted' if options.undo else 'set'}.")


def _change_order(base: Base, options: argparse.Namespace) -> None:
    base.change_line(options.invoice, options.line, quantity=options.quantity, price=options.price)
    print(f"Line {options.line} of {options.invoice} is changed.")


def _set_requisite(base: Base, options: argparse.Namespace) -> None:
    base.set_requisite(options.invoice, options.name, options.value)
    print(f"{options.name} of {options.invoice} is {options.value or 'nothing'} now.")


def _cancel(base: Base, options: argparse.Namespace) -> None:
    base.cancel(options.invoice)
    print(f"{options.invoice} is cancelled.")


def _orders(base: Base, options: argparse.Namespace) -> None:
    for row in base.rows("SELECT * FROM customer_order ORDER BY number"):
        total, paid = base.total(row["ref"]), base.paid(row["ref"])
        shipped = sum(base.shipped(row["ref"]).values(), Decimal(0))
        state = "cancelled" if row["is_cancelled"] else f"paid {paid}, shipped {shipped}"
        print(
            f"{row['site_number']:<12} {row['number']:<14} {total:>14} {row['currency']}  {state}"
        )


def _status(base: Base, options: argparse.Namespace) -> None:
    def count(table: str) -> int:
        return int(base.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])  # noqa: S608

    print(
        f"{count('product')} products, {count('variant')} characteristics,"
        f" {count('partner')} counterparties, {count('customer_order')} orders;"
        f" waiting: {len(base.registered('product'))} products,"
        f" {len(base.registered('order'))} orders."
    )


if __name__ == "__main__":
    sys.exit(main())
