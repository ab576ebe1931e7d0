"""The columns a file of debts may have, under the many names people give them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from collections_crm.lib import names


class Field(StrEnum):
    """What a column means; the value is the title we write ourselves, in Portuguese."""

    TAX_ID = "cpf_cnpj"
    NAME = "nome"
    PREFERRED_NAME = "nome_preferido"
    PARTY_KIND = "tipo_pessoa"
    BIRTH_DATE = "data_nascimento"
    CUSTOMER_SINCE = "cliente_desde"
    KEY_CUSTOMER = "cliente_chave"
    CREDIT_RISK = "risco_credito"
    PHONE = "telefone"
    PHONE_KIND = "telefone_tipo"
    EMAIL = "email"
    EMAIL_KIND = "email_tipo"
    STREET = "endereco"
    ADDRESS_KIND = "endereco_tipo"
    CITY = "cidade"
    STATE = "uf"
    POSTAL_CODE = "cep"
    CONTRACT = "contrato"
    PRODUCT = "produto"
    ORIGINAL_CREDITOR = "credor_original"
    INSTRUMENT = "instrumento"
    LATE_FEE = "multa_percentual"
    MONTHLY_INTEREST = "juros_percentual_ao_mes"
    INSTALLMENT = "parcela"
    DUE_ON = "vencimento"
    AMOUNT = "valor"
    PAID_AMOUNT = "valor_pago"
    PAID_ON = "data_pagamento"
    PAYMENT_ID = "id_pagamento"
    PAYMENT_METHOD = "forma_pagamento"


REQUIRED = (Field.TAX_ID, Field.NAME, Field.CONTRACT, Field.DUE_ON, Field.AMOUNT)
MOST_REPEATED = 9
REPEATED = frozenset(
    {
        Field.PHONE,
        Field.PHONE_KIND,
        Field.EMAIL,
        Field.EMAIL_KIND,
        Field.STREET,
        Field.ADDRESS_KIND,
        Field.CITY,
        Field.STATE,
        Field.POSTAL_CODE,
    }
)

_OTHER_TITLES: Mapping[Field, str] = {
    Field.TAX_ID: "tax_id cpf cnpj cpf_ou_cnpj documento cpfcnpj",
    Field.NAME: "name nome_completo razao_social devedor cliente full_name",
    Field.PREFERRED_NAME: "preferred_name nome_social apelido nome_fantasia",
    Field.PARTY_KIND: "person_kind kind pessoa tipo_de_pessoa",
    Field.BIRTH_DATE: "birth_date nascimento data_de_nascimento dt_nascimento",
    Field.CUSTOMER_SINCE: "customer_since cliente_desde_de data_cadastro",
    Field.KEY_CUSTOMER: "key_customer cliente_estrategico conta_chave",
    Field.CREDIT_RISK: "credit_risk risco risco_de_credito",
    Field.PHONE: "phone fone tel celular telefone_celular mobile",
    Field.PHONE_KIND: "phone_kind tipo_telefone tipo_do_telefone telefone_de_quem fone_tipo tipo_fone",
    Field.EMAIL: "e_mail mail correio_eletronico",
    Field.EMAIL_KIND: "email_kind e_mail_tipo e_mail_kind tipo_email tipo_e_mail tipo_do_e_mail",
    Field.STREET: "street address logradouro rua",
    Field.ADDRESS_KIND: "address_kind street_kind tipo_endereco tipo_do_endereco logradouro_tipo",
    Field.CITY: "city municipio endereco_cidade address_city",
    Field.STATE: "state estado endereco_uf address_state",
    Field.POSTAL_CODE: "postal_code zip zip_code codigo_postal endereco_cep address_postal_code",
    Field.CONTRACT: "contract numero_contrato numero_do_contrato contrato_numero contract_number",
    Field.PRODUCT: "product",
    Field.ORIGINAL_CREDITOR: "original_creditor credor_de_origem cedente",
    Field.INSTRUMENT: "instrument titulo tipo_titulo tipo_de_titulo",
    Field.LATE_FEE: "multa percentual_multa late_fee late_fee_percent",
    Field.MONTHLY_INTEREST: "juros juros_ao_mes percentual_juros monthly_interest interest_percent",
    Field.INSTALLMENT: "installment instalment numero_parcela numero_da_parcela parcela_numero",
    Field.DUE_ON: "due_date due_on data_vencimento data_de_vencimento dt_vencimento",
    Field.AMOUNT: "amount valor_parcela valor_da_parcela valor_original installment_amount",
    Field.PAID_AMOUNT: "paid_amount pago_valor pago valor_pagamento payment_amount",
    Field.PAID_ON: "paid_date paid_on pago_em data_do_pagamento data_de_pagamento payment_date",
    Field.PAYMENT_ID: "payment_id pagamento_id id_do_pagamento",
    Field.PAYMENT_METHOD: "payment_method pagamento_forma meio_pagamento forma_de_pagamento pagamento_meio",
}
_BY_TITLE = {
    title: found for found, others in _OTHER_TITLES.items() for title in [found.value, *others.split()]
}
_WORDS = re.compile(r"[a-z]+|[0-9]+")


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong with a file: where, what stands there, and a code with parameters for a sentence."""

    line: int
    column: str
    value: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which cell of a row holds what. `places` maps a field and its number (from 1) to a position."""

    places: Mapping[tuple[Field, int], int]
    titles: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    most: int = 1  # the highest number in use

    def numbers_of(self, *fields: Field) -> list[int]:
        """Return the numbers (1, 2, …) under which any of `fields` has a column."""
        return [n for n in range(1, self.most + 1) if any((field, n) in self.places for field in fields)]


def find_layout(titles: Sequence[str], *, line: int) -> Layout | tuple[RowError, ...]:
    """Return which columns mean what, or what is wrong with the line of titles, never both.

    Order, case, accents and punctuation do not matter; `telefone_2_tipo`, `Tipo telefone 2` and
    `phone_2_kind` are the same column. Titles nobody knows are listed as ignored.
    """
    titles = [names.tidy(title) for title in titles]
    places: dict[tuple[Field, int], int] = {}
    errors, ignored = [], []
    for position, title in enumerate(titles):
        key = _meaning(title)
        if key is None:
            ignored.append(title)
        elif key in places:
            params = {"other": titles[places[key]]}
            errors.append(RowError(line, title, title, "column_twice", params))
        else:
            places[key] = position
    errors += [
        RowError(line, wanted.value, "", "column_missing", {"column": wanted.value})
        for wanted in REQUIRED
        if (wanted, 1) not in places
    ]
    if errors:
        return tuple(errors)
    return Layout(
        places=places,
        titles=tuple(titles),
        ignored=tuple(title for title in ignored if title),
        most=max(number for _field, number in places),
    )


def title_of(field: Field, *, number: int = 1) -> str:
    """Return the title we write for a column: `telefone_2_tipo` for the kind of the second phone."""
    if field not in REPEATED:
        return field.value
    first, separator, rest = field.value.partition("_")
    return f"{first}_{number}{separator}{rest}"


def _meaning(title: str) -> tuple[Field, int] | None:
    """Return the field a title names and its number; None when nobody knows it."""
    words = _WORDS.findall(names.fold(title))
    numbers = [int(word) for word in words if word.isdigit()]
    found = _BY_TITLE.get("_".join(word for word in words if not word.isdigit()))
    if found is None or len(numbers) > 1:
        return None
    number = numbers[0] if numbers else 1
    if not 1 <= number <= (MOST_REPEATED if found in REPEATED else 1):
        return None
    return found, number
