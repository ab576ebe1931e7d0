"""What is said by WhatsApp: short, with accents, and nothing a stranger may not read on the screen."""

from collections.abc import Mapping

HELLO = "{{ greeting }}, {{ name }}! Aqui é da {{ brand }}. "
CLOSE = "\n\nResponda por aqui ou ligue para {{ phone }}, quando for um bom momento.\n\n{{ opt_out }}."

#: By key.
BODIES: Mapping[str, str] = {
    "due_soon": HELLO + "Um lembrete amigável: há um vencimento em {{ due_date }}. "
    "Se já cuidou disso, muito obrigado, e pode desconsiderar." + CLOSE,
    "due_today": HELLO + "Um lembrete amigável: o vencimento é hoje, {{ due_date }}. "
    "Se já cuidou disso, muito obrigado, e pode desconsiderar." + CLOSE,
    "first_notice": HELLO + "Temos um recado pessoal para você e gostaríamos de conversar." + CLOSE,
    "second_notice": HELLO + "Escrevemos há alguns dias e ainda gostaríamos de falar com você. "
    "Diga qual é o melhor horário, e nos adaptamos." + CLOSE,
    "before_call": HELLO + "Nos próximos dias alguém da nossa equipe vai ligar para você. "
    "A conversa é breve e reservada. Se preferir outro horário ou outro número, é só dizer." + CLOSE,
    "callback_agreed": HELLO + "Como combinado, ligamos no horário que você pediu. "
    "Se quiser mudar, é só dizer." + CLOSE,
    "ways_to_pay": HELLO
    + "Se algo se perdeu no caminho, enviamos tudo de novo, pelo meio que você preferir."
    + CLOSE,
    "statement_friendly": HELLO
    + "Sabemos que imprevistos acontecem. Temos opções para você e queremos ajudar."
    + CLOSE,
    "statement": HELLO + "Enviamos a você um demonstrativo e temos opções para conversar." + CLOSE,
    "last_letter_friendly": HELLO
    + "Continuamos aqui para ajudar, e ouvimos o que for possível para você."
    + CLOSE,
    "last_letter_direct": HELLO
    + "Ainda não conseguimos falar com você e gostaríamos de ouvir sua proposta."
    + CLOSE,
    "last_letter": "Prezado(a) {{ full_name }}, a {{ brand }} procurou você algumas vezes e permanece à sua "
    "disposição para conversar, com reserva e respeito." + CLOSE,
    "second_copy": HELLO
    + "Como você pediu, aqui está a segunda via, que vale até {{ pay_until }}: {{ pay_link }}"
    + CLOSE,
    "agreed_soon": HELLO + "Um lembrete amigável do que combinamos: a próxima parcela fica para "
    "{{ agreed_day }}. Se já cuidou disso, muito obrigado, e pode desconsiderar." + CLOSE,
    "thank_you": HELLO + "Recebemos seu pagamento e está tudo em dia. Muito obrigado pela confiança!" + CLOSE,
    "proposal": HELLO + "Obrigado pela conversa! O que combinamos está nesta página, para você ler com calma "
    "até {{ proposal_until }}: {{ proposal_link }}" + CLOSE,
}
