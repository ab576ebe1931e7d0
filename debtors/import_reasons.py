"""Why a file or a cell of it was refused, as sentences a person can act on."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

#: Code → sentence; %(name)s stands for a parameter that comes with the code.
REASONS: Mapping[str, str] = {
    # the file as a whole
    "file_too_large": gettext_noop("The file is larger than %(most)s MB. Split it into smaller files."),
    "file_empty": gettext_noop("The file is empty."),
    "file_without_rows": gettext_noop("The file has a line of titles and no row below it."),
    "file_is_old_excel": gettext_noop(
        "This is an old or protected Excel file. Save it as .xlsx without a password, or as CSV."
    ),
    "file_is_no_table": gettext_noop("This is not a table. Hand in a CSV or XLSX file."),
    "unknown_encoding": gettext_noop("The letters of this file cannot be read. Save it as CSV in UTF-8."),
    "no_separator": gettext_noop(
        "The first line has only one column. Separate the columns by semicolon, comma or tab."
    ),
    "broken_quotes": gettext_noop(
        "From line %(line)s on a quotation mark is opened or closed in the wrong place."
    ),
    "broken_workbook": gettext_noop("This XLSX file is damaged. Open it in a spreadsheet and save it again."),
    "not_a_workbook": gettext_noop("This is not an XLSX workbook. Save the table as .xlsx or as CSV."),
    "suspicious_archive": gettext_noop(
        "This XLSX file unpacks to far more than a table of this kind holds and was not opened."
    ),
    "too_many_rows": gettext_noop("The table has more than %(most)s rows. Split it into smaller files."),
    "too_many_columns": gettext_noop(
        "Line %(line)s reaches beyond column %(most)s. Delete the columns that are not needed."
    ),
    "column_missing": gettext_noop("The column %(column)s is missing."),
    "column_twice": gettext_noop("This column and “%(other)s” mean the same. Keep one of them."),
    # a row against its neighbours
    "more_cells_than_titles": gettext_noop(
        "The row has more cells than there are titles: a separator may stand inside a text."
    ),
    "two_names_for_a_tax_id": gettext_noop("The same CPF or CNPJ belongs to another name on line %(line)s."),
    "differs_from_line": gettext_noop("Line %(line)s says something else."),
    "contract_of_two_debtors": gettext_noop(
        "The same contract belongs to another CPF or CNPJ on line %(line)s."
    ),
    "installment_twice": gettext_noop(
        "Line %(line)s gives this installment with another due date or another amount."
    ),
    "payment_id_twice": gettext_noop("Line %(line)s gives this payment number to another payment."),
    "payment_told_twice": gettext_noop(
        "Line %(line)s tells of the same payment. If there were two, give each its own id_pagamento."
    ),
    # a row against what is recorded already
    "name_differs_from_record": gettext_noop("This CPF or CNPJ is recorded under another name: %(known)s."),
    "contract_of_another_debtor": gettext_noop("This contract is recorded for another CPF or CNPJ."),
    "installment_differs": gettext_noop(
        "This installment is recorded with %(amount)s due on %(due_on)s. A file changes no record."
    ),
    "payment_differs": gettext_noop(
        "This payment number is recorded with another payer, amount or day. It is not taken in."
    ),
    # a row of a file of payments
    "payer_not_named": gettext_noop("A payment needs the payer's CPF or CNPJ, or the contract."),
    "contract_not_known": gettext_noop("This creditor has no such contract here."),
    # a return file of a bank as a whole
    "file_no_header": gettext_noop("This is no return file: its first record is no header."),
    "file_not_a_return": gettext_noop("This file was sent to the bank; its return file is another one."),
    "file_unknown_bank": gettext_noop("Files of 400 columns of this bank cannot be read here: %(found)s."),
    "file_no_trailer": gettext_noop("The end of the file or of a lot is missing."),
    "file_after_trailer": gettext_noop("Something stands behind the end of the file."),
    "file_record_too_long": gettext_noop("The record has %(found)s characters instead of %(expected)s."),
    "file_sequence_broken": gettext_noop("Record %(expected)s was expected here: one is missing or doubled."),
    "file_wrong_count": gettext_noop("The file says %(found)s, but %(expected)s were counted."),
    "file_wrong_total": gettext_noop("The file's total does not fit what stands in it."),
    "file_other_bank": gettext_noop("The record is of another bank: %(found)s."),
    "file_outside_a_lot": gettext_noop("The record stands outside any lot."),
    # a record of a return file
    "cnab_not_digits": gettext_noop("Here an amount was expected."),
    "cnab_not_a_day": gettext_noop("Here a day was expected."),
    "cnab_no_number": gettext_noop("The record names no slip."),
    "cnab_paid_nothing": gettext_noop("The record tells of a payment of nothing."),
    "cnab_no_day": gettext_noop("The record does not say when it was paid."),
    "cnab_unknown_record": gettext_noop("Nobody knows this kind of record."),
    "cnab_unknown_occurrence": gettext_noop("What bank %(bank)s means by this code is not known: ask it."),
    "cnab_segment_alone": gettext_noop("A segment T and its segment U belong together; one is missing."),
    # a row of a file of an index
    "index_not_a_month": gettext_noop("This is not a month: write 01/2026 or 2026-01."),
    "index_not_a_rate": gettext_noop("This is not a rate in per cent: write 0,52 or -0,15."),
    "index_wild_rate": gettext_noop("No month has had such a rate: a comma was lost."),
    "index_twice": gettext_noop("This month stands in the file twice."),
    "index_rate_differs": gettext_noop(
        "This month is known with another rate. A file changes nothing that amounts were counted by."
    ),
    # one cell
    "blank": gettext_noop("This cell cannot be left blank."),
    "too_long": gettext_noop("The text is longer than %(most)s characters."),
    "unknown_word": gettext_noop("This word is not known here. Use one of: %(words)s."),
    "name_without_letters": gettext_noop("A name needs at least two letters."),
    "kind_against_tax_id": gettext_noop("A CPF belongs to a person and a CNPJ to a company."),
    "tax_id_bad_length": gettext_noop("A CPF has 11 digits and a CNPJ has 14 characters."),
    "tax_id_bad_character": gettext_noop(
        "A CPF has digits only; a CNPJ has digits and the letters A to Z, its last two being digits."
    ),
    "tax_id_repeated_digits": gettext_noop("A CPF or CNPJ of one repeated character does not exist."),
    "tax_id_bad_check_digits": gettext_noop("The check digits are wrong: look at the last two digits again."),
    "phone_not_a_phone": gettext_noop("This is not a phone number. One number in each cell, digits only."),
    "phone_no_area_code": gettext_noop("The area code (DDD) is missing."),
    "phone_bad_area_code": gettext_noop("This area code (DDD) does not exist."),
    "phone_bad_number": gettext_noop("There is no such phone number: count its digits."),
    "phone_is_a_service": gettext_noop(
        "This is a service number (0800, 4004 …), which belongs to no person."
    ),
    "not_an_email": gettext_noop("This is not an e-mail address."),
    "no_such_state": gettext_noop("There is no such state: use its two letters."),
    "not_a_postal_code": gettext_noop("A postal code (CEP) has eight digits."),
    "amount_not_an_amount": gettext_noop("This is not an amount: write 1.234,56 or 1234.56."),
    "amount_ambiguous": gettext_noop(
        "This amount can be read in two ways, a thousand apart: write 1.234,56 or 1234.56."
    ),
    "amount_too_large": gettext_noop("The amount is too large to be true."),
    "amount_not_above_zero": gettext_noop("The amount must be above zero."),
    "date_not_a_date": gettext_noop("This is not a date: write 21/11/2026 or 2026-11-21."),
    "date_no_such_day": gettext_noop("There is no such day: the day comes first, then the month."),
    "date_two_digit_year": gettext_noop("Write the year with four digits."),
    "date_out_of_range": gettext_noop("The year must be between 1900 and 2100."),
    "date_in_the_future": gettext_noop("This day is still to come."),
    "not_a_percentage": gettext_noop("This is not a percentage: write 2 or 2,5."),
    "late_fee_too_high": gettext_noop(
        "The late fee is above %(most)s per cent: of a person the Consumer Code allows two (art. 52 §1)."
    ),
    "interest_too_high": gettext_noop("Interest of more than %(most)s per cent a month is not taken in."),
    "not_an_installment": gettext_noop("The installment is a number from 1 to %(most)s."),
    "payment_incomplete": gettext_noop("A payment needs both its amount and its day."),
}


def sentence(code: str, params: Mapping[str, str]) -> str:
    """Return the reason in the language now in use; KeyError for a code that has no sentence."""
    return _(REASONS[code]) % params
