"""What is said by e-mail: the subject tells a stranger nothing, whatever the text tells its reader."""

from collections.abc import Mapping

HELLO = "{{ greeting }}, {{ name }}.\n\n"
CREDITOR = "Credor: {{ creditor }}, CNPJ {{ creditor_tax_id }}, {{ creditor_address }}.\n"
ITEMS = """\
Valor original: {{ principal }}
Multa: {{ late_fee }}
Juros: {{ interest }}
Total: {{ amount }}

"""
CLOSE = """\
Se preferir, ligue para {{ phone }} ou responda a esta mensagem.

Atenciosamente,
{{ brand }}

Para não receber mais mensagens por e-mail, responda com a palavra SAIR.
"""

#: By key: subject and text.
TEXTS: Mapping[str, tuple[str, str]] = {
    "due_soon": (
        "Lembrete da {{ brand }}",
        HELLO + "Este é um lembrete amigável: você tem uma parcela com vencimento em {{ due_date }}.\n"
        "Se ainda não recebeu o boleto, ficaremos felizes em enviá-lo de novo. "
        "Se já pagou, desconsidere esta mensagem e aceite nosso agradecimento.\n\n" + CLOSE,
    ),
    "due_today": (
        "Lembrete da {{ brand }}",
        HELLO + "Este é um lembrete amigável: sua parcela vence hoje, {{ due_date }}.\n"
        "Se ainda não recebeu o boleto, ficaremos felizes em enviá-lo de novo. "
        "Se já pagou, desconsidere esta mensagem e aceite nosso agradecimento.\n\n" + CLOSE,
    ),
    "first_notice": (
        "Um recado da {{ brand }} para você",
        HELLO + "Temos um recado pessoal para você e gostaríamos de conversar quando for um bom momento. "
        "Pode ser que algo tenha se perdido no caminho, e queremos ajudar.\n\n" + CLOSE,
    ),
    "second_notice": (
        "{{ name }}, ainda queremos falar com você",
        HELLO + "Escrevemos há alguns dias e ainda não conseguimos falar com você. "
        "Diga qual é o melhor horário e o melhor meio, e nos adaptamos.\n\n" + CLOSE,
    ),
    "before_call": (
        "Vamos ligar para você nos próximos dias",
        HELLO + "Nos próximos dias alguém da {{ brand }} vai ligar para você. "
        "A conversa é breve e reservada. Se preferir outro horário ou outro número, é só nos dizer.\n\n"
        + CLOSE,
    ),
    "callback_agreed": (
        "{{ brand }}: nossa ligação combinada",
        HELLO + "Como combinado, ligamos no horário que você pediu. "
        "Se quiser mudar, é só nos dizer.\n\n" + CLOSE,
    ),
    "ways_to_pay": (
        "{{ brand }}: como podemos ajudar",
        HELLO + "Não identificamos o pagamento com vencimento em {{ due_date }}. "
        "Imprevistos acontecem, e o boleto pode não ter chegado.\n\n"
        "Você pode pedir a segunda via, pagar por Pix ou boleto, ou combinar outra data: basta nos dizer "
        "o que fica melhor para você. Se já pagou, desconsidere esta mensagem e aceite nosso "
        "agradecimento.\n\n" + CREDITOR + "\n" + CLOSE,
    ),
    "statement_friendly": (
        "{{ brand }}: um resumo para você",
        HELLO + "Imprevistos acontecem, e queremos ajudar. Até hoje não identificamos o pagamento com "
        "vencimento em {{ due_date }}. Para você conferir com calma, os valores de hoje são:\n\n" + ITEMS +
        "Se o total não cabe no seu orçamento agora, conte para nós: ouvimos o que for possível para você. "
        "Se já pagou, desconsidere esta mensagem e aceite nosso agradecimento.\n\n" + CREDITOR + "\n" + CLOSE,
    ),
    "statement": (
        "{{ brand }}: demonstrativo e opções para você",
        HELLO + "Até hoje não identificamos o pagamento com vencimento em {{ due_date }}. "
        "Para sua conferência, os valores de hoje são:\n\n" + ITEMS +
        "Se algo não confere, ou se o total não cabe no seu orçamento agora, conte para nós: "
        "podemos rever os valores, parcelar ou combinar uma data. "
        "Se já pagou, desconsidere esta mensagem.\n\n" + CREDITOR + "\n" + CLOSE,
    ),
    "last_letter_friendly": (
        "{{ brand }}: continuamos aqui para ajudar",
        HELLO + "Procuramos você algumas vezes e sentimos não ter conseguido conversar. O pagamento com "
        "vencimento em {{ due_date }} continua em aberto, e os valores de hoje são:\n\n" + ITEMS +
        "Diga o que cabe no seu orçamento: parcelas, outra data ou outra forma de pagar. Se já pagou, ou se "
        "não reconhece o valor, avise-nos, por favor: vamos conferir.\n\n" + CREDITOR + "\n" + CLOSE,
    ),
    "last_letter_direct": (
        "{{ brand }}: qual é a sua proposta?",
        HELLO + "Procuramos você algumas vezes e ainda não temos uma resposta sobre o pagamento com "
        "vencimento em {{ due_date }}. Os valores de hoje são:\n\n" + ITEMS +
        "Queremos ouvir a sua proposta: podemos rever os valores, parcelar ou combinar uma data. "
        "Se já pagou, ou se não reconhece o valor, avise-nos, por favor: vamos conferir.\n\n"
        + CREDITOR + "\n" + CLOSE,
    ),
    "last_letter": (
        "{{ brand }}: ainda podemos resolver juntos",
        "Prezado(a) {{ full_name }},\n\n"
        "Procuramos você algumas vezes e ainda não conseguimos uma solução para o valor com vencimento "
        "em {{ due_date }}, que hoje é de {{ amount }} (original {{ principal }}, multa {{ late_fee }}, "
        "juros {{ interest }}).\n\n"
        "Continuamos à disposição para rever os valores, parcelar ou combinar uma data que caiba no seu "
        "orçamento. Se já pagou, ou se não reconhece o valor, por favor nos avise: vamos conferir.\n\n"
        + CREDITOR + "\n" + CLOSE,
    ),
    "second_copy": (
        "{{ brand }}: o que você pediu",
        HELLO + "Como você pediu, aqui está a segunda via. Ela vale até {{ pay_until }}.\n\n"
        "Página com o código e o documento para imprimir:\n{{ pay_link }}\n\n"
        "Para copiar e colar no aplicativo do seu banco:\n{{ pay_code }}\n\n"
        "Se já pagou, desconsidere esta mensagem e aceite nosso agradecimento.\n\n" + CREDITOR + "\n" + CLOSE,
    ),
    "agreed_soon": (
        "Lembrete da {{ brand }}",
        HELLO + "Este é um lembrete amigável do que combinamos: a próxima parcela do seu acordo vence em "
        "{{ agreed_day }}.\n"
        "Se precisar do Pix ou do boleto, ou se algo mudou, fale conosco: queremos ajudar. "
        "Se já pagou, desconsidere esta mensagem e aceite nosso agradecimento.\n\n" + CLOSE,
    ),
    "thank_you": (
        "Obrigado, {{ name }}!",
        HELLO + "Recebemos seu pagamento e está tudo em dia. Muito obrigado pela confiança.\n\n" + CLOSE,
    ),
    "proposal": (
        "{{ brand }}: o que conversamos",
        HELLO + "Obrigado pela conversa. A proposta que combinamos está nesta página, para você ler com "
        "calma e, se estiver de acordo, aceitar:\n{{ proposal_link }}\n\n"
        "Ela vale até {{ proposal_until }}. Para que só você a leia, a página pede os quatro últimos dígitos "
        "do seu CPF ou CNPJ. Se outra forma for melhor para você, fale conosco: queremos ajudar. "
        "Se já pagou, desconsidere esta mensagem e aceite nosso agradecimento.\n\n" + CREDITOR + "\n" + CLOSE,
    ),
}  # fmt: skip
