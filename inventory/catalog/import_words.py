"""Why a row is refused, as a sentence that says what to do. The codes are those of `csv_files`, `cells` and
`services/`."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    "archive": _("This is an archive or a workbook. Save the sheet as CSV (UTF-8) and send that."),
    "workbook": _("This is a workbook. Save the sheet as CSV (UTF-8) and send that."),
    "no_table": _("This is not a table. Save the sheet as CSV (UTF-8) and send that."),
    "utf_16": _("This is UTF-16. Save the sheet as CSV (UTF-8) and send that."),
    "encoding": _("These bytes are no text in the encoding that was chosen: %(value)s."),
    "empty": _("There is nothing in this file."),
    "no_rows": _("There is a header, and no row below it."),
    "header_missing": _("A column has no header. The first row names every column."),
    "header_doubled": _("Two columns are called “%(value)s”."),
    "too_many_columns": _("There are more than %(value)s columns."),
    "too_many_rows": _("There are more than %(value)s rows. Part the file in several."),
    "too_large": _("The file is larger than %(value)s MB. Part it in several."),
    "line_too_long": _("A line has no end. Are the lines parted as a text file parts them?"),
    "quotes": _("Quotation marks do not close, or a line ends in the midst of a cell (%(value)s)."),
    "ragged": _("This row has another number of cells than the header: %(value)s."),
    "nul": _("This holds a NUL, which no text has."),
    "control": _("This holds a line break or another sign that cannot be printed."),
    "formula": _("This begins like a formula. A cell holds a value, nothing to be computed."),
    "negative": _("This is negative."),
    "zero": _("A price of nothing is no price."),
    "required": _("This is missing."),
    "too_long": _("This is too long."),
    "not_amount": _("This is no amount. Write 1234.50 or 1234,50."),
    "decimals": _("There are more than two decimals."),
    "too_much": _("This is more than a price can be."),
    "gtin_rounded": _("A spreadsheet has rounded this barcode. Make the column a text before you save."),
    "gtin_digits": _("A GTIN is made of digits."),
    "gtin_length": _("A GTIN has 8, 12, 13 or 14 digits."),
    "gtin_check_digit": _("This is not a GTIN: its check digit is wrong."),
    "not_date": _("This is no date. Write 2026-12-31 or 31/12/2026, with a time if you like: 09:00."),
    "vat_class": _("There is no such VAT class. Write standard, intermediate, reduced, super-reduced or exempt."),
    "channel": _("There is no such channel."),
    "currency": _("There is no such currency. Write three letters, such as EUR."),
    "code_signs": _("A number or code has no space, slash, percent sign, hash or question mark."),
    "price_missing": _("Dates or a channel are given for a price, and the price is not."),
    "ends_before_start": _("This price ends before it begins."),
    "price_past": _("This price would begin in the past, and the article was sold at another one then."),
    "ends_past": _("This price is over already."),
    "name_missing": _("This product is new, and no row says its name."),
    "sku_doubled": _("This article stands in the file already, in row %(value)s."),
    "sku_differs": _("Rows of the same article say different things: see row %(value)s."),
    "product_differs": _("Rows of the same product say different things: see row %(value)s."),
    "gtin_doubled": _("Another article of the file has this GTIN, in row %(value)s."),
    "gtin_taken": _("The article %(value)s has this GTIN."),
    "sku_elsewhere": _("This article belongs to the product %(value)s."),
    "sku_case": _("The house writes this article %(value)s."),
    "changed_since": _("This was changed since the file was applied."),
    "used_since": _("This is in use: it was stocked, counted, ordered or sold since."),
    "more_variants": _("This product has got more articles since."),
    "price_began": _("This price has begun since."),
}
"""Code → sentence; `value` is what was found. Codes from `changed_since` on are reasons why an undo is refused."""


def sentence(code: str, value: str) -> str:
    """Return the sentence of a reason in the reader's language."""
    return str(REASONS[code]) % {"value": value}
