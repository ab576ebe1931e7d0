"""An invented debtor and creditor, by whom every text can be read before it is sent to anybody."""

from collections.abc import Mapping

from contacts.rules import sms_size, wording
from contacts.vocabulary import Channel

VALUES: Mapping[str, str] = {
    "name": "Maria",
    "full_name": "Maria Aparecida Souza",
    "greeting": "Bom dia",
    "agent": "Ana",
    "brand": "Lojas Exemplo",
    "phone": "(11) 3000-0000",
    "protocol": "7KQ2XW",
    "not_me_link": "https://exemplo.com.br/n/7KQ2XW4H8M3T5P9R",
    "stop_link": "https://exemplo.com.br/s/7KQ2XW4H8M3T5P9R",
    "pay_link": "https://exemplo.com.br/p/7KQ2XW4H8M3T5P9R/",
    "pay_code": "34191.09008 01015.271248 80212.460002 4 25480000675787",
    "pay_until": "28/08/2026",
    "proposal_link": "https://exemplo.com.br/a/7KQ2XW4H8M3T5P/",
    "proposal_until": "28/08/2026",
    "benefits": "Como cliente Ouro, você tem frete grátis. Queremos que continue assim.",
    "creditor": "Lojas Exemplo Comércio Ltda.",
    "creditor_tax_id": "12.345.678/0001-95",
    "creditor_address": "Rua das Flores, 10, Centro, São Paulo SP, 01001-000",
    "product": "Geladeira",
    "contract": "CT-77",
    "amount": "R$ 1.028,00",
    "principal": "R$ 1.000,00",
    "interest": "R$ 8,00",
    "late_fee": "R$ 20,00",
    "correction": "R$ 0,00",
    "costs": "R$ 0,00",
    "due_date": "03/08/2026",
    "agreed_day": "10/09/2026",
    "days_late": "24",
}


def dressed(text: str, *, channel: str) -> str:
    """Return `text` as the invented debtor gets it by a channel. Raises PlaceholderError as `fill` does."""
    values = {**VALUES, "opt_out": wording.opt_out(channel=channel, phone=VALUES["phone"])}
    filled = wording.fill(text, values=values, channel=channel)
    return sms_size.fold_to_gsm(filled) if channel == Channel.SMS else filled
