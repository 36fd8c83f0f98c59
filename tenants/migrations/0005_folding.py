"""Texts folded for searching: one function for all companies, so that every writer folds alike.

``apps.core.searching`` folds what people type by the same rules; a test compares the two.
"""

from django.db import migrations

# One letter for one letter: case, marks and the letters that one sound has in several alphabets.
FROM = (
    "АБВГДЕЁЗИЙІЇКЛМНОПРСТУФХЫЭЄҐӘҚҢҒҮҰҺӨ"
    "абвгдеёзийіїклмнопрстуфхыэєґәқңғүұһө"
    "İIıŞşÇçĞğÜüÖöÂâÎîÛûƏəÀàÁáÃãÄäÅåÈèÉéÊêËëÌìÍíÏïÑñÒòÓóÔôÕõØøÙùÚúÝýŠšŽžČčŁł"
    "YyJjWwQq\u00a0ЖЦЧШЩЮЯЪЬÆ"
)
TO = (
    "abvgdeeziiiiklmnoprstufhieegaknguuho"
    "abvgdeeziiiiklmnoprstufhieegaknguuho"
    "iiissccgguuooaaiiuueeaaaaaaaaaaeeeeeeeeiiiiiinnoooooooooouuuuiisszzccll"
    "iiiivvkk жцчшщюяъьæ"
)
# One letter for several, after lower(): a part of a word stays a part of the folded word.
SEVERAL = (
    ("ж", "zh"), ("ц", "ts"), ("ч", "ch"), ("ш", "sh"), ("щ", "sch"), ("ю", "iu"), ("я", "ia"),
    ("ъ", ""), ("ь", ""), ("x", "ks"), ("æ", "ae"), ("ß", "ss"),
)  # fmt: skip
DROPPED = "'’‘ʼ`´\""
PARTED = "«»“”„()[]{}<>,;:!?|*=~^"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def fold_sql() -> str:
    """Return the function: folded words with single blanks, repeated letters single."""
    letters, bare = FROM + PARTED + DROPPED, TO + " " * len(PARTED)
    body = f"lower(translate($1, {_quoted(letters)}, {_quoted(bare)}))"
    for letter, several in SEVERAL:
        body = f"replace({body}, {_quoted(letter)}, {_quoted(several)})"
    body = rf"regexp_replace({body}, '([a-z])\1+', '\1', 'g')"
    body = rf"btrim(regexp_replace({body}, '\s+', ' ', 'g'))"
    return (
        "CREATE OR REPLACE FUNCTION public.kopru_fold(text) RETURNS text"
        f" LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fold$ SELECT {body} $fold$"
    )


DIGITS = r"""
CREATE OR REPLACE FUNCTION public.kopru_digits(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $digits$ SELECT regexp_replace($1, '\D', '', 'g') $digits$
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0004_rendered_migrations")]

    operations = [
        migrations.RunSQL(fold_sql(), "DROP FUNCTION public.kopru_fold(text)"),
        migrations.RunSQL(DIGITS, "DROP FUNCTION public.kopru_digits(text)"),
    ]
