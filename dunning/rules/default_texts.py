"""The texts as shipped, in the debtors' own Portuguese. Managers change them; they are data from then on.

An SMS keeps to GSM-7 (no accents) and one segment. What is neutral tells a stranger nothing: no debt,
no amount, no creditor's detail. What names the creditor names him whole, with CNPJ and address, as
the Consumer Code (Law 8.078/1990), art. 42-A, asks of every document of collection.
"""

from dataclasses import dataclass

from contacts.vocabulary import Channel, Disclosure, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultText:
    """One template as shipped."""

    key: str
    channel: Channel
    title: str
    body: str
    subject: str = ""
    tone: Tone = Tone.FRIENDLY
    disclosure: Disclosure = Disclosure.NEUTRAL


E_MAIL_CLOSE = """\
Se preferir, ligue para {{ phone }} ou responda a esta mensagem.

Atenciosamente,
{{ brand }}

Para não receber mais mensagens por e-mail, responda com a palavra SAIR.
"""
CREDITOR = """\
Credor: {{ creditor }}, CNPJ {{ creditor_tax_id }}, {{ creditor_address }}.
"""

TEXTS = (
    DefaultText(
        key="due_soon",
        channel=Channel.EMAIL,
        title="Lembrete antes do vencimento",
        tone=Tone.REMINDER,
        disclosure=Disclosure.IDENTIFIED,
        subject="Lembrete da {{ brand }}",
        body="{{ greeting }}, {{ name }}.\n\n"
        "Este é um lembrete amigável: você tem uma parcela com vencimento em {{ due_date }}.\n"
        "Se ainda não recebeu o boleto, ficaremos felizes em enviá-lo de novo. "
        "Se já pagou, desconsidere esta mensagem e aceite nosso agradecimento.\n\n" + E_MAIL_CLOSE,
    ),
    DefaultText(
        key="due_soon",
        channel=Channel.SMS,
        title="Lembrete antes do vencimento",
        tone=Tone.REMINDER,
        disclosure=Disclosure.IDENTIFIED,
        body="Ola, {{ name }}. Lembrete da {{ brand }}: vencimento em {{ due_date }}. "
        "Duvidas: {{ phone }}. Para nao receber: SAIR",
    ),
    DefaultText(
        key="first_notice",
        channel=Channel.EMAIL,
        title="Primeiro recado, cordial",
        subject="Um recado da {{ brand }} para você",
        body="{{ greeting }}, {{ name }}.\n\n"
        "Temos um recado pessoal para você e gostaríamos de conversar quando for um bom momento. "
        "Pode ser que algo tenha se perdido no caminho, e queremos ajudar.\n\n" + E_MAIL_CLOSE,
    ),
    DefaultText(
        key="first_notice",
        channel=Channel.SMS,
        title="Primeiro recado, cordial",
        body="Ola, {{ name }}. Aqui e a {{ brand }}. Temos um recado pessoal. "
        "Ligue {{ phone }}. Para nao receber: SAIR",
    ),
    DefaultText(
        key="second_notice",
        channel=Channel.EMAIL,
        title="Segundo recado",
        subject="{{ name }}, ainda queremos falar com você",
        body="{{ greeting }}, {{ name }}.\n\n"
        "Escrevemos há alguns dias e ainda não conseguimos falar com você. "
        "Diga qual é o melhor horário e o melhor meio, e nos adaptamos.\n\n" + E_MAIL_CLOSE,
    ),
    DefaultText(
        key="second_notice",
        channel=Channel.SMS,
        title="Segundo recado",
        body="Ola, {{ name }}. A {{ brand }} ainda quer falar com voce. "
        "Quando puder, ligue {{ phone }}. Para nao receber: SAIR",
    ),
    DefaultText(
        key="before_call",
        channel=Channel.EMAIL,
        title="Aviso de que vamos ligar",
        subject="Vamos ligar para você nos próximos dias",
        body="{{ greeting }}, {{ name }}.\n\n"
        "Nos próximos dias alguém da {{ brand }} vai ligar para você. A conversa é breve e reservada. "
        "Se preferir outro horário ou outro número, é só nos dizer.\n\n" + E_MAIL_CLOSE,
    ),
    DefaultText(
        key="before_call",
        channel=Channel.SMS,
        title="Aviso de que vamos ligar",
        body="Ola, {{ name }}. Nos proximos dias a {{ brand }} vai ligar para voce. "
        "Prefere outro horario? {{ phone }}. Para nao receber: SAIR",
    ),
    DefaultText(
        key="ways_to_pay",
        channel=Channel.EMAIL,
        title="Como pagar ou pedir a segunda via",
        disclosure=Disclosure.IDENTIFIED,
        subject="{{ brand }}: segunda via e formas de pagamento",
        body="{{ greeting }}, {{ name }}.\n\n"
        "Não identificamos o pagamento com vencimento em {{ due_date }}. "
        "Imprevistos acontecem, e o boleto pode não ter chegado.\n\n"
        "Você pode pedir a segunda via, pagar por Pix ou boleto, ou combinar outra data: basta nos dizer "
        "o que fica melhor para você. Se já pagou, desconsidere esta mensagem e aceite nosso "
        "agradecimento.\n\n" + CREDITOR + "\n" + E_MAIL_CLOSE,
    ),
    DefaultText(
        key="ways_to_pay",
        channel=Channel.SMS,
        title="Como falar conosco",
        body="Ola, {{ name }}. A {{ brand }} pode ajudar e enviar tudo de novo. "
        "Fale conosco: {{ phone }}. Para nao receber: SAIR",
    ),
    DefaultText(
        key="statement",
        channel=Channel.EMAIL,
        title="Demonstrativo do que está em aberto",
        tone=Tone.DIRECT,
        disclosure=Disclosure.FULL,
        subject="{{ brand }}: demonstrativo e opções para você",
        body="{{ greeting }}, {{ name }}.\n\n"
        "Até hoje não identificamos o pagamento com vencimento em {{ due_date }}. "
        "Para sua conferência, os valores de hoje são:\n\n"
        "Valor original: {{ principal }}\n"
        "Multa: {{ late_fee }}\n"
        "Juros: {{ interest }}\n"
        "Total: {{ amount }}\n\n"
        "Se algo não confere, ou se o total não cabe no seu orçamento agora, conte para nós: "
        "podemos rever os valores, parcelar ou combinar uma data. "
        "Se já pagou, desconsidere esta mensagem.\n\n" + CREDITOR + "\n" + E_MAIL_CLOSE,
    ),
    DefaultText(
        key="statement",
        channel=Channel.SMS,
        title="Como falar conosco",
        tone=Tone.DIRECT,
        body="Ola, {{ name }}. A {{ brand }} tem opcoes para voce. "
        "Vamos conversar? {{ phone }}. Para nao receber: SAIR",
    ),
    DefaultText(
        key="last_letter",
        channel=Channel.EMAIL,
        title="Carta final, cordial",
        tone=Tone.FORMAL,
        disclosure=Disclosure.FULL,
        subject="{{ brand }}: ainda podemos resolver juntos",
        body="Prezado(a) {{ full_name }},\n\n"
        "Procuramos você algumas vezes e ainda não conseguimos uma solução para o valor com vencimento "
        "em {{ due_date }}, que hoje é de {{ amount }} (original {{ principal }}, multa {{ late_fee }}, "
        "juros {{ interest }}).\n\n"
        "Continuamos à disposição para rever os valores, parcelar ou combinar uma data que caiba no seu "
        "orçamento. Se já pagou, ou se não reconhece o valor, por favor nos avise: vamos conferir.\n\n"
        + CREDITOR
        + "\n"
        + E_MAIL_CLOSE,
    ),
    DefaultText(
        key="thank_you",
        channel=Channel.EMAIL,
        title="Agradecimento pelo pagamento",
        disclosure=Disclosure.IDENTIFIED,
        subject="Obrigado, {{ name }}!",
        body="{{ greeting }}, {{ name }}.\n\n"
        "Recebemos seu pagamento e está tudo em dia. Muito obrigado pela confiança.\n\n" + E_MAIL_CLOSE,
    ),
    DefaultText(
        key="thank_you",
        channel=Channel.SMS,
        title="Agradecimento pelo pagamento",
        disclosure=Disclosure.IDENTIFIED,
        body="Ola, {{ name }}. A {{ brand }} recebeu seu pagamento. Esta tudo em dia. Muito obrigado! "
        "Para nao receber: SAIR",
    ),
)
