"""What is said by letter: closed, signed by the creditor's name, with a telephone instead of a reply."""

from collections.abc import Mapping

from dunning.rules.texts_email import CREDITOR, ITEMS

HELLO = "{{ greeting }}, {{ full_name }}.\n\n"
DEAR = "Prezado(a) {{ full_name }},\n\n"
CLOSE = """\
Para conversar, ligue para {{ phone }}. A ligação é breve e reservada.

Atenciosamente,
{{ brand }}

{{ opt_out }}.
"""
IF_PAID = (
    "Se já pagou, desconsidere esta carta e aceite nosso agradecimento. "
    "Se não reconhece o valor, avise-nos: vamos conferir.\n\n"
)

#: By key: heading and text.
TEXTS: Mapping[str, tuple[str, str]] = {
    "due_soon": (
        "Um lembrete para você",
        HELLO + "Este é um lembrete amigável: você tem uma parcela com vencimento em {{ due_date }}.\n\n"
        "Se ainda não recebeu o boleto, enviamos outro com prazer. "
        "Se já pagou, desconsidere esta carta e aceite nosso agradecimento.\n\n" + CLOSE,
    ),
    "due_today": (
        "Um lembrete para você",
        HELLO + "Este é um lembrete amigável: sua parcela tem vencimento em {{ due_date }}.\n\n"
        "Se ainda não recebeu o boleto, enviamos outro com prazer. "
        "Se já pagou, desconsidere esta carta e aceite nosso agradecimento.\n\n" + CLOSE,
    ),
    "first_notice": (
        "Um recado para você",
        HELLO + "Temos um recado pessoal para você e gostaríamos de conversar quando for um bom momento. "
        "Pode ser que algo tenha se perdido no caminho, e queremos ajudar.\n\n" + CLOSE,
    ),
    "second_notice": (
        "Ainda queremos falar com você",
        HELLO + "Escrevemos há alguns dias e ainda não conseguimos falar com você. "
        "Diga qual é o melhor horário e o melhor meio, e nos adaptamos.\n\n" + CLOSE,
    ),
    "before_call": (
        "Vamos ligar para você",
        HELLO + "Nos próximos dias alguém da {{ brand }} vai ligar para você. "
        "Se preferir outro horário ou outro número, é só nos dizer.\n\n" + CLOSE,
    ),
    "callback_agreed": (
        "Nossa ligação combinada",
        HELLO + "Como combinado, ligamos no horário que você pediu. "
        "Se quiser mudar, é só nos dizer.\n\n" + CLOSE,
    ),
    "ways_to_pay": (
        "Como podemos ajudar",
        HELLO + "Não identificamos o pagamento com vencimento em {{ due_date }}. "
        "Imprevistos acontecem, e o boleto pode não ter chegado.\n\n"
        "Você pode pedir a segunda via, pagar por Pix ou boleto, ou combinar outra data: basta nos dizer "
        "o que fica melhor para você.\n\n" + IF_PAID + CREDITOR + "\n" + CLOSE,
    ),
    "statement_friendly": (
        "Um resumo para você",
        HELLO + "Imprevistos acontecem, e queremos ajudar. Até hoje não identificamos o pagamento com "
        "vencimento em {{ due_date }}. Para você conferir com calma, os valores de hoje são:\n\n" + ITEMS +
        "Se o total não cabe no seu orçamento agora, conte para nós: ouvimos o que for possível para "
        "você.\n\n" + IF_PAID + CREDITOR + "\n" + CLOSE,
    ),
    "statement": (
        "Demonstrativo e opções para você",
        HELLO + "Até hoje não identificamos o pagamento com vencimento em {{ due_date }}. "
        "Para sua conferência, os valores de hoje são:\n\n" + ITEMS +
        "Se o total não cabe no seu orçamento agora, conte para nós: podemos rever os valores, parcelar ou "
        "combinar uma data.\n\n" + IF_PAID + CREDITOR + "\n" + CLOSE,
    ),
    "last_letter_friendly": (
        "Continuamos aqui para ajudar",
        HELLO + "Procuramos você algumas vezes e sentimos não ter conseguido conversar. O pagamento com "
        "vencimento em {{ due_date }} continua em aberto, e os valores de hoje são:\n\n" + ITEMS +
        "Diga o que cabe no seu orçamento: parcelas, outra data ou outra forma de pagar.\n\n"
        + IF_PAID + CREDITOR + "\n" + CLOSE,
    ),
    "last_letter_direct": (
        "Qual é a sua proposta?",
        DEAR + "Procuramos você algumas vezes e ainda não temos uma resposta sobre o pagamento com "
        "vencimento em {{ due_date }}. Os valores de hoje são:\n\n" + ITEMS +
        "Queremos ouvir a sua proposta: podemos rever os valores, parcelar ou combinar uma data.\n\n"
        + IF_PAID + CREDITOR + "\n" + CLOSE,
    ),
    "last_letter": (
        "Ainda podemos resolver juntos",
        DEAR + "Procuramos você algumas vezes e ainda não conseguimos uma solução para o valor com "
        "vencimento em {{ due_date }}, que hoje é de {{ amount }} (original {{ principal }}, "
        "multa {{ late_fee }}, juros {{ interest }}).\n\n"
        "Continuamos à disposição para rever os valores, parcelar ou combinar uma data que caiba no seu "
        "orçamento.\n\n" + IF_PAID + CREDITOR + "\n" + CLOSE,
    ),
    "second_copy": (
        "A segunda via que você pediu",
        HELLO + "Como você pediu, aqui está a segunda via. Ela vale até {{ pay_until }}.\n\n"
        "Código para pagar:\n{{ pay_code }}\n\n"
        "Se preferir, abra a página: {{ pay_link }}\n\n" + IF_PAID + CREDITOR + "\n" + CLOSE,
    ),
    "agreed_soon": (
        "Um lembrete para você",
        HELLO + "Este é um lembrete amigável do que combinamos: a próxima parcela do seu acordo vence em "
        "{{ agreed_day }}.\n\n"
        "Se precisar do Pix ou do boleto, ou se algo mudou, fale conosco: queremos ajudar. "
        "Se já pagou, desconsidere esta carta e aceite nosso agradecimento.\n\n" + CLOSE,
    ),
    "thank_you": (
        "Muito obrigado",
        HELLO + "Recebemos seu pagamento e está tudo em dia. Muito obrigado pela confiança.\n\n" + CLOSE,
    ),
    "proposal": (
        "O que conversamos",
        HELLO + "Obrigado pela conversa. A proposta que combinamos está na página abaixo, para você ler com "
        "calma e, se estiver de acordo, aceitar até {{ proposal_until }}:\n\n{{ proposal_link }}\n\n"
        "Para que só você a leia, a página pede os quatro últimos dígitos do seu CPF ou CNPJ. "
        "Se outra forma for melhor para você, fale conosco: queremos ajudar. "
        "Se já pagou, desconsidere esta carta e aceite nosso agradecimento.\n\n" + CREDITOR + "\n" + CLOSE,
    ),
}  # fmt: skip
