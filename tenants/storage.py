"""Files of a company stand below a folder named by its id."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from tenants.current import NoCompany, company_or_none


class CompanyStorage(FileSystemStorage):
    """Private storage: no public address, paths confined to the company's own folder."""

    @property
    def base_location(self) -> str:
        company = company_or_none()
        if company is None:
            raise NoCompany("a file is used outside a company")
        return str(Path(settings.MEDIA_ROOT) / str(company.pk))

    @property
    def location(self) -> str:
        return self.base_location

    def url(self, name: str | None) -> str:
        raise ValueError("files of a company are served by views that check rights")
