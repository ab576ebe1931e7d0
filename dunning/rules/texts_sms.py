"""What is said by SMS: no accents, one segment, and nothing a stranger may not read."""

from collections.abc import Mapping

STOP = "Para nao receber: SAIR"

#: By key. Each keeps to 160 characters of GSM-7 with names of ordinary length.
BODIES: Mapping[str, str] = {
    "due_soon": "Ola, {{ name }}. Lembrete da {{ brand }}: vencimento em {{ due_date }}. "
    "Duvidas: {{ phone }}. " + STOP,
    "due_today": "Ola, {{ name }}. Lembrete da {{ brand }}: o vencimento e hoje, {{ due_date }}. "
    "Duvidas: {{ phone }}. " + STOP,
    "first_notice": "Ola, {{ name }}. Aqui e a {{ brand }}. Temos um recado pessoal. "
    "Ligue {{ phone }}. " + STOP,
    "second_notice": "Ola, {{ name }}. A {{ brand }} ainda quer falar com voce. "
    "Quando puder, ligue {{ phone }}. " + STOP,
    "before_call": "Ola, {{ name }}. Nos proximos dias a {{ brand }} vai ligar para voce. "
    "Prefere outro horario? {{ phone }}. " + STOP,
    "callback_agreed": "Ola, {{ name }}. A {{ brand }} liga no horario que voce pediu. "
    "Para mudar: {{ phone }}. " + STOP,
    "ways_to_pay": "Ola, {{ name }}. A {{ brand }} pode ajudar e enviar tudo de novo. "
    "Fale conosco: {{ phone }}. " + STOP,
    "statement_friendly": "Ola, {{ name }}. A {{ brand }} quer ajudar e tem opcoes para voce. "
    "Fale conosco: {{ phone }}. " + STOP,
    "statement": "Ola, {{ name }}. A {{ brand }} tem opcoes para voce. Vamos conversar? {{ phone }}. " + STOP,
    "last_letter_friendly": "Ola, {{ name }}. A {{ brand }} continua aqui para ajudar. "
    "Quando puder, ligue {{ phone }}. " + STOP,
    "last_letter_direct": "Ola, {{ name }}. A {{ brand }} quer ouvir sua proposta. "
    "Ligue ou responda: {{ phone }}. " + STOP,
    "last_letter": "Prezado(a) {{ name }}, a {{ brand }} esta a sua disposicao para conversar: "
    "{{ phone }}. " + STOP,
    "agreed_soon": "Ola, {{ name }}. Lembrete da {{ brand }}: o que combinamos fica para {{ agreed_day }}. "
    "Duvidas: {{ phone }}. " + STOP,
    "thank_you": "Ola, {{ name }}. A {{ brand }} recebeu seu pagamento. Esta tudo em dia. "
    "Muito obrigado! Duvidas: {{ phone }}. " + STOP,
    "second_copy": "Ola, {{ name }}. {{ brand }}: sua via esta em {{ pay_link }} Duvidas: {{ phone }}. "
    + STOP,
    "proposal": "Ola, {{ name }}. {{ brand }}: o combinado, ate {{ proposal_until }}: {{ proposal_link }} "
    "{{ phone }}. " + STOP,
}
