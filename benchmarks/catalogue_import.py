"""``./kopru bench catalogue-import``: a generated catalogue through the exchange, beside its floor.

In one run and on the same files: the first import, the same files again, 1 % of the products and
prices changed; the time of reading alone (lxml, and our reader), of COPY of the same rows into bare
indexed tables, and of django-cml with one ORM query after another on a size that it survives. Every
import is a process of its own, whose peak memory is taken.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

GROUPS = 500
PROPERTIES = 5
Figures = dict[str, Any]


def run(arguments: list[str]) -> Figures:
    """Measure, print the table and return the figures."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="kopru-bench-") as folder:
        return _measure(options, Path(folder))


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kopru bench catalogue-import", description=__doc__)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--offers", type=int, default=200_000)
    parser.add_argument("--price-types", type=int, default=2)
    parser.add_argument("--warehouses", type=int, default=2)
    parser.add_argument("--peer-products", type=int, default=2_000)
    return parser.parse_args(arguments)


def _measure(options: argparse.Namespace, folder: Path) -> Figures:
    first, changed, small = folder / "first", folder / "changed", folder / "small"
    write_files(first, options)
    write_files(changed, options, every_hundredth=" (new)")
    peer = argparse.Namespace(**vars(options))
    peer.products, peer.offers = options.peer_products, options.peer_products * 2
    write_files(small, peer)
    size = sum(path.stat().st_size for path in first.iterdir())
    _make_company("bench")
    figures: Figures = {
        "products": options.products,
        "offers": options.offers,
        "bytes": size,
    }
    before = _floor(first)
    figures |= {
        "first": _child("bench", first),
        "unchanged": _child("bench", first),
    }
    # Shared machines change their pace from minute to minute: the floor on both sides of imports.
    figures["floor"] = _mean(before, _floor(first))
    figures["one_percent"] = _child("bench", changed)
    _make_company("peer")
    figures["small"] = _child("peer", small)
    figures["django_cml"] = {"products": peer.products, "seconds": _django_cml(small)}
    _print(_with_ratios(figures))
    return figures


# Files ------------------------------------------------------------------------------------------


def write_files(folder: Path, options: argparse.Namespace, *, every_hundredth: str = "") -> None:
    """Write ``import0_1.xml`` and ``offers0_1.xml`` of a full export."""
    folder.mkdir()
    with (folder / "import0_1.xml").open("w", encoding="utf-8") as target:
        target.writelines(_goods(options.products, every_hundredth))
    with (folder / "offers0_1.xml").open("w", encoding="utf-8") as target:
        target.writelines(_offers(options, bool(every_hundredth)))


def _key(kind: str, number: int) -> str:
    return f"{kind}{number:07x}-3f2a-11ee-8c90-0242ac120002"


_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<КоммерческаяИнформация ВерсияСхемы="2.08" ДатаФормирования="2026-03-02T09:00:00">\n'
)


def _goods(products: int, every_hundredth: str) -> Iterator[str]:
    yield _HEAD
    yield "<Классификатор><Ид>bench</Ид><Наименование>Классификатор</Наименование><Группы>\n"
    for number in range(GROUPS):
        yield (
            f"<Группа><Ид>{_key('a', number)}</Ид>"
            f"<Наименование>Группа {number}</Наименование></Группа>\n"
        )
    yield "</Группы><Свойства>\n"
    for number in range(PROPERTIES):
        yield (
            f"<Свойство><Ид>{_key('b', number)}</Ид><Наименование>Свойство {number}</Наименование>"
            "<ТипЗначений>Строка</ТипЗначений></Свойство>\n"
        )
    yield (
        '</Свойства></Классификатор>\n<Каталог СодержитТолькоИзменения="false"><Ид>bench</Ид>'
        "<ИдКлассификатора>bench</ИдКлассификатора><Наименование>Каталог</Наименование><Товары>\n"
    )
    for number in range(products):
        mark = every_hundredth if number % 100 == 0 else ""
        values = "".join(
            f"<ЗначенияСвойства><Ид>{_key('b', each)}</Ид>"
            f"<Значение>значение {number % (10 + each)}</Значение></ЗначенияСвойства>"
            for each in range(2)
        )
        yield (
            f"<Товар><Ид>{_key('c', number)}</Ид><Штрихкод>46{number:011d}</Штрихкод>"
            f"<Артикул>ART-{number * 7919 % 1_000_003}</Артикул>"
            f"<Наименование>Болт оцинкованный М{number % 100} DIN {number}{mark}</Наименование>"
            '<БазоваяЕдиница Код="796" НаименованиеПолное="Штука"'
            ' МеждународноеСокращение="PCE">шт</БазоваяЕдиница>'
            f"<Группы><Ид>{_key('a', number % GROUPS)}</Ид></Группы>"
            f"<Описание>Описание товара номер {number}: сталь, класс прочности 8.8, цинк."
            " Упаковка по сто штук, хранить в сухом месте.</Описание>"
            f"<Картинка>import_files/{number % 256:02x}/{number}.jpg</Картинка>"
            f"<ЗначенияСвойств>{values}</ЗначенияСвойств>"
            "<СтавкиНалогов><СтавкаНалога><Наименование>НДС</Наименование><Ставка>20</Ставка>"
            "</СтавкаНалога></СтавкиНалогов><ЗначенияРеквизитов><ЗначениеРеквизита>"
            "<Наименование>ВидНоменклатуры</Наименование><Значение>Крепёж</Значение>"
            "</ЗначениеРеквизита></ЗначенияРеквизитов></Товар>\n"
        )
    yield "</Товары></Каталог></КоммерческаяИнформация>\n"


def _offers(options: argparse.Namespace, is_changed: bool) -> Iterator[str]:
    yield _HEAD
    yield (
        '<ПакетПредложений СодержитТолькоИзменения="false"><Ид>bench#</Ид>'
        "<Наименование>Пакет</Наименование><ИдКаталога>bench</ИдКаталога>"
        "<ИдКлассификатора>bench</ИдКлассификатора><ТипыЦен>\n"
    )
    for each in range(options.price_types):
        yield (
            f"<ТипЦены><Ид>{_key('d', each)}</Ид><Наименование>Цена {each}</Наименование>"
            "<Валюта>RUB</Валюта></ТипЦены>\n"
        )
    yield "</ТипыЦен><Склады>\n"
    for each in range(options.warehouses):
        yield (
            f"<Склад><Ид>{_key('e', each)}</Ид><Наименование>Склад {each}</Наименование></Склад>\n"
        )
    yield "</Склады><Предложения>\n"
    per_product = max(options.offers // max(options.products, 1), 1)
    for number in range(options.offers):
        product, variant = divmod(number, per_product)
        ref = _key("c", product)
        ref = f"{ref}#{_key('f', number)}" if per_product > 1 else ref
        extra = 1 if is_changed and number % 100 == 0 else 0
        prices = "".join(
            f"<Цена><Представление>{number % 9000 + each} RUB за шт</Представление>"
            f"<ИдТипаЦены>{_key('d', each)}</ИдТипаЦены>"
            f"<ЦенаЗаЕдиницу>{number % 9000 + each + extra}.50</ЦенаЗаЕдиницу>"
            "<Валюта>RUB</Валюта><Единица>шт</Единица><Коэффициент>1</Коэффициент></Цена>"
            for each in range(options.price_types)
        )
        stock = "".join(
            f'<Склад ИдСклада="{_key("e", each)}" КоличествоНаСкладе="{(number + each) % 70}"/>'
            for each in range(options.warehouses)
        )
        yield (
            f"<Предложение><Ид>{ref}</Ид>"
            f"<Наименование>Болт (цвет {variant})</Наименование><ХарактеристикиТовара>"
            "<ХарактеристикаТовара><Наименование>Цвет</Наименование>"
            f"<Значение>цвет {variant}</Значение></ХарактеристикаТовара></ХарактеристикиТовара>"
            f"<Цены>{prices}</Цены><Количество>{number % 140}</Количество>{stock}</Предложение>\n"
        )
    yield "</Предложения></ПакетПредложений></КоммерческаяИнформация>\n"


# Our import ---------------------------------------------------------------------------------------


def _make_company(slug: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    from tenants.models import Company

    Company.objects.create(schema_name=f"c_{slug}", slug=slug, name=slug, currency="RUB")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "c_{slug}"')
    call_command("migrate_schemas", schema_name=f"c_{slug}", verbosity=0)


def _child(slug: str, files: Path) -> Figures:
    """Import the files in a process of its own; add the rows that were written."""
    before = _rows_written(slug)
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "benchmarks.catalogue_import", slug, str(files)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    figures["rows_written"] = _rows_written(slug) - before
    return figures


def _import(slug: str, folder: Path) -> Figures:
    """Import the files through the exchange and return seconds, memory and counts."""
    from uuid import uuid4

    from django.utils import timezone
    from django_tenants.utils import tenant_context

    from exchange import files, runs, sessions
    from exchange.models import ExchangeSession, Node
    from tenants.models import Company

    with tenant_context(Company.objects.get(slug=slug)):
        node, _ = Node.objects.get_or_create(
            login="bench",
            defaults={"name": "Bench", "password": "!", "settings": {"silence_seconds": 3600}},
        )
        now = timezone.now()
        upload = sessions.upload_of(node=node, cookie=uuid4(), subject="catalog", now=now)
        sessions.begin_area(upload=upload, version="", cml_version="", now=now)
        upload.refresh_from_db()
        names = sorted(path.name for path in folder.iterdir())
        for name in names:
            with (folder / name).open("rb") as source:
                files.append_part(
                    upload=upload, name=name, source=source, expected=None, limit=1 << 40
                )
        resting = _memory()
        for name in names:
            sessions.request_import(upload=upload, name=name, now=now)
        session = ExchangeSession.objects.get(uploads=upload)
        begun = time.perf_counter()
        sessions.close(session=session, now=now + timedelta(seconds=1))
        runs.run_company()
        seconds = time.perf_counter() - begun
        session.refresh_from_db()
        counts = session.counts
    return {
        "seconds": round(seconds, 2),
        "state": session.state,
        "problems": session.problem_count,
        "rows": sum(kind.get("read", 0) for kind in counts.values()),
        "created": sum(kind.get("created", 0) for kind in counts.values()),
        "changed": sum(kind.get("changed", 0) for kind in counts.values()),
        "peak_memory": _memory(),
        "memory_above_start": _memory() - resting,
    }


def _memory() -> int:
    """Return the most memory this program has had; its own, not what the parent left behind."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def _rows_written(slug: str) -> int:
    """Return how many rows of the catalogue and of stock were ever written, by the database."""
    from django.db import connection

    time.sleep(1.5)  # the server gathers its statistics when a connection ends, not at once
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables"
            " WHERE schemaname = %s AND relname ~ '^(catalog|inventory)_'",
            [f"c_{slug}"],
        )
        return int(cursor.fetchone()[0])


# The floor ----------------------------------------------------------------------------------------


def _floor(folder: Path) -> Figures:
    """Return the seconds of reading alone and of COPY into bare indexed tables."""
    from exchange.ahead import paced

    paths = sorted(folder.iterdir())
    lxml_seconds = _timed(lambda: [_read_bare(path) for path in paths])
    with paced():  # as the import reads
        our_seconds = _timed(lambda: [_count(path) for path in paths])
    copy_seconds, staging_seconds, rows = _copy_bare(paths)
    return {
        "lxml": lxml_seconds,
        "reader": our_seconds,
        "copy": copy_seconds,
        "staging": staging_seconds,
        "rows": rows,
        "seconds": round(lxml_seconds + copy_seconds, 2),
    }


def _mean(one: Figures, other: Figures) -> Figures:
    mean = {name: round((one[name] + other[name]) / 2, 2) for name in one}
    return {**mean, "rows": one["rows"]}


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return round(time.perf_counter() - begun, 2)


def _read_bare(path: Path) -> int:
    from lxml import etree

    found = 0
    for _, element in etree.iterparse(
        str(path), tag=("Товар", "Предложение"), resolve_entities=False, huge_tree=True
    ):
        found += len(element)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return found


def _count(path: Path) -> int:
    return sum(1 for _ in _read(path))


def _read(path: Path) -> Iterator[Any]:
    from exchange.formats import commerceml

    with path.open("rb") as source:
        yield from commerceml.read(source, name=path.name)


_BARE = {
    "ProductRow": (
        "ref text PRIMARY KEY, name text, article text, barcode text, description text,"
        " group_ref text, unit text",
        lambda row: (
            row.ref,
            row.name,
            row.article,
            row.barcode,
            row.description,
            row.group_refs[0],
            row.unit_name,
        ),
    ),
    "OfferRow": (
        "product text, ref text, name text, PRIMARY KEY (product, ref)",
        lambda row: (row.product_ref, row.characteristic_ref, row.name),
    ),
    "PriceRow": (
        "product text, ref text, kind text, amount numeric, currency text,"
        " PRIMARY KEY (product, ref, kind)",
        lambda row: row[:5],
    ),
    "StockRow": (
        "product text, ref text, place text, quantity numeric, PRIMARY KEY (product, ref, place)",
        lambda row: row[:4],
    ),
}


def _copy_bare(paths: list[Path]) -> tuple[float, float, int]:
    """Copy the rows into bare indexed tables, and into temporary ones without any index."""
    import csv
    import io

    from django.db import connection, transaction

    spent = {"bare": 0.0, "staged": 0.0}
    rows = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for name, (columns, _values) in _BARE.items():
            cursor.execute(f"CREATE TABLE bare_{name} ({columns})")
            cursor.execute(
                f"CREATE TEMP TABLE staged_{name} ON COMMIT DROP AS"  # noqa: S608
                f" SELECT * FROM bare_{name} WITH NO DATA"
            )

        def copy(name: str, batch: list[Any]) -> None:
            for kind in ("bare", "staged"):
                begun = time.perf_counter()
                text = io.StringIO()
                csv.writer(text).writerows(map(_BARE[name][1], batch))
                data = io.BytesIO(text.getvalue().encode())
                cursor.copy_expert(
                    f"COPY {kind}_{name} FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (ref))",
                    data,
                    size=1 << 18,
                )
                spent[kind] += time.perf_counter() - begun

        for path in paths:
            pending: dict[str, list[Any]] = {}
            for row in _read(path):
                name = type(row).__name__
                if name in _BARE and not (name == "StockRow" and not row.warehouse_ref):
                    rows += 1
                    batch = pending.setdefault(name, [])
                    batch.append(row)
                    if len(batch) == 10_000:
                        copy(name, pending.pop(name))
            for name, batch in pending.items():
                copy(name, batch)
        transaction.set_rollback(True)
    return round(spent["bare"], 2), round(spent["staged"], 2), rows


# The peer ---------------------------------------------------------------------------------------


def _django_cml(folder: Path) -> float:
    """Return the seconds django-cml takes, its items stored one by one as its manual shows."""
    from cml.utils import ImportManager
    from django.db import transaction
    from django_tenants.utils import tenant_context

    from tenants.models import Company

    def work() -> None:
        with tenant_context(Company.objects.get(slug="peer")), transaction.atomic():
            for path in sorted(folder.iterdir()):
                manager = ImportManager(str(path))
                manager.item_processor = _OneByOne()
                manager.import_all()
            transaction.set_rollback(True)

    return _timed(work)


class _OneByOne:
    """What django-cml's pipelines do: look for the row, then write it."""

    def __init__(self) -> None:
        from uuid import UUID

        self.node = UUID(int=1)

    def process_item(self, item: Any) -> None:
        """Store one item."""
        store = getattr(self, f"_{type(item).__name__.lower()}", None)
        if store is not None:
            store(item)

    def _group(self, item: Any) -> None:
        from apps.catalog.models import ProductGroup

        ProductGroup.objects.update_or_create(
            node_id=self.node, ref=item.id, defaults={"name": item.name}
        )

    def _product(self, item: Any) -> None:
        from apps.catalog.models import Product, ProductGroup

        group = ProductGroup.objects.filter(node_id=self.node, ref=item.group_ids[0]).first()
        Product.objects.update_or_create(
            node_id=self.node, ref=item.id, defaults={"name": item.name, "group": group}
        )

    def _pricetype(self, item: Any) -> None:
        from apps.catalog.models import PriceType

        PriceType.objects.update_or_create(
            node_id=self.node, ref=item.id, defaults={"name": item.name, "currency": "RUB"}
        )

    def _offer(self, item: Any) -> None:
        from apps.catalog.models import Characteristic, Price, PriceType, Product

        product_ref, _, ref = item.id.partition("#")
        product = Product.objects.get(node_id=self.node, ref=product_ref)
        variant, _ = Characteristic.objects.update_or_create(
            product=product, ref=ref, defaults={"name": item.name, "node_id": self.node}
        )
        for each in item.prices:
            Price.objects.update_or_create(
                product=product,
                characteristic=variant,
                price_type=PriceType.objects.get(node_id=self.node, ref=each.price_type_id),
                defaults={"amount": each.price_for_sku, "currency": "RUB"},
            )


# The table ----------------------------------------------------------------------------------------


def _with_ratios(figures: Figures) -> Figures:
    floor = figures["floor"]
    figures["ratios"] = {
        "first_to_floor": round(figures["first"]["seconds"] / floor["seconds"], 2),
        "unchanged_to_reading_and_staging": round(
            figures["unchanged"]["seconds"] / (floor["reader"] + floor["staging"]), 2
        ),
        "django_cml_to_ours": round(
            figures["django_cml"]["seconds"] / figures["small"]["seconds"], 1
        ),
    }
    return figures


def _print(figures: Figures) -> None:
    floor, ratios = figures["floor"], figures["ratios"]
    print(
        f"{figures['products']:,} products, {figures['offers']:,} offers,"
        f" {figures['bytes'] / 1e6:.0f} MB, {floor['rows']:,} rows"
    )
    print(
        f"  floor: lxml {floor['lxml']} s + COPY {floor['copy']} s = {floor['seconds']} s"
        f"  (our reader {floor['reader']} s, staging {floor['staging']} s)"
    )
    for name in ("first", "unchanged", "one_percent", "small"):
        part = figures[name]
        print(
            f"  {name:12} {part['seconds']:8.2f} s {part['rows'] / part['seconds']:10,.0f} rows/s"
            f"  created {part['created']:,} changed {part['changed']:,}"
            f" written {part['rows_written']:,} problems {part['problems']}"
            f"  peak {part['peak_memory'] / 1e6:.0f} MB"
            f" (+{part['memory_above_start'] / 1e6:.0f})"
        )
    print(
        f"  django-cml   {figures['django_cml']['seconds']:8.2f} s for"
        f" {figures['django_cml']['products']:,} products"
    )
    print(
        f"  first / floor {ratios['first_to_floor']} (target 2.5);"
        f" unchanged / (reading + staging) {ratios['unchanged_to_reading_and_staging']}"
        f" (target 1.5); django-cml / ours {ratios['django_cml_to_ours']}"
    )


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(json.dumps(_import(sys.argv[1], Path(sys.argv[2]))))
