def test_company_is_entered(company):
    from apps.core.models import Organization

    Organization.objects.create(name="x")
    assert Organization.objects.count() == 1


def test_visitor(visitor):
    assert visitor.get("/nothing").status_code == 404
