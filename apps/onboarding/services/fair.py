"""An import of the demonstration: cards of a trade fair, one of which could not be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from apps.accounts.models import User
from apps.imports import services
from apps.imports.models import ImportedRow, ImportRun, KnownMapping

_FILES = {
    "en": (
        "trade-fair.csv",
        "Customer name;Telephone;E-Mail;Remark\n"
        "Alder Kitchens;+44 20 7946 0410;office@alder-kitchens.example;Wants samples of hinges\n"
        "Bridge Street Hardware;+44 20 7946 0411;shop@bridge-street.example;Two shops\n"
        "Copperfield Heating;+44 20 7946 0412;hello@copperfield.example;\n"
        "Dovecote Builders;+44 20 7946 0413;dovecote.example;Card hard to read\n"
        "Elm Tree Fencing;+44 20 7946 0414;orders@elm-tree.example;Screws by the pallet\n"
        "Foundry Lane Studio;+44 20 7946 0415;studio@foundry-lane.example;\n",
    ),
    "ru": (
        "выставка.csv",
        "Наименование;Телефон;Эл. почта;Комментарий\n"
        "Кухни Ольхи;+7 495 120-04-10;office@olha.example;Просят образцы петель\n"
        "Хозтовары на Мостовой;+7 495 120-04-11;shop@mostovaya.example;Два магазина\n"
        "Медь и тепло;+7 495 120-04-12;info@med-teplo.example;\n"
        "Строитель Голубев;+7 495 120-04-13;golubev.example;Визитка читается плохо\n"
        "Заборы у вяза;+7 495 120-04-14;zakaz@vyaz.example;Саморезы паллетами\n"
        "Студия на Литейной;+7 495 120-04-15;studio@liteynaya.example;\n",
    ),
    "tr": (
        "fuar.csv",
        "Ad;Telefon;E-posta;Açıklama\n"
        "Kızılağaç Mutfak;+90 212 310 04 10;ofis@kizilagac.example;Menteşe örneği istiyor\n"
        "Köprübaşı Hırdavat;+90 212 310 04 11;magaza@koprubasi.example;İki mağaza\n"
        "Bakır Isıtma;+90 212 310 04 12;bilgi@bakir.example;\n"
        "Güvercin İnşaat;+90 212 310 04 13;guvercin.example;Kartvizit zor okunuyor\n"
        "Karaağaç Çit;+90 212 310 04 14;siparis@karaagac.example;Paletle vida\n"
        "Dökümhane Stüdyo;+90 212 310 04 15;studyo@dokumhane.example;\n",
    ),
}  # fmt: skip
_DAYS_AGO = 5


def import_the_fair(
    *, language: str, manager: User | None, note: Callable[[str, UUID], None], now: datetime
) -> None:
    """Import the list of a fair as the manager would have, some days ago."""
    if manager is None:
        return
    name, text = _FILES[language if language in _FILES else "en"]
    content = text.encode("utf-8-sig")
    run = services.begin(
        kind="counterparties", file_name=name, source=BytesIO(content), size=len(content),
        by=manager,
    )  # fmt: skip
    known = KnownMapping.objects.values_list("pk", flat=True)
    before = set(known)
    services.choose(run=run, mapping=run.mapping, settings=run.settings, meanings=run.meanings)
    services.check(run=run)
    services.start_writing(run=run, now=now)
    services.write(run=run)
    note("imports.ImportRun", run.pk)
    for key in set(known.all()) - before:
        note("imports.KnownMapping", key)
    for key in ImportedRow.objects.filter(run=run, kind="counterparties", is_new=True).values_list(
        "key", flat=True
    ):
        note("counterparties.Counterparty", key)
    then = now - timedelta(days=_DAYS_AGO)
    ImportRun.objects.filter(pk=run.pk).update(
        created_at=then, begun_at=then, finished_at=then + timedelta(seconds=2)
    )
