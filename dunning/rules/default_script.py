"""The script of a call as it is shipped: courteous, in Portuguese and in English; managers change it."""

from typing import NamedTuple

from dunning.vocabulary import Disposition, ScriptPart


class Line(NamedTuple):
    """One part in one language: what is said, and what the agent should mind."""

    part: ScriptPart
    language: str
    text: str
    hint: str


PT, EN = "pt-br", "en"

LINES = (
    Line(
        ScriptPart.GREET,
        PT,
        "{{ greeting }}! Aqui é {{ agent }}. Eu falo com {{ full_name }}?",
        "Espere a resposta. Só a própria pessoa ouve o assunto.",
    ),
    Line(
        ScriptPart.GREET,
        EN,
        "{{ greeting }}! This is {{ agent }}. Am I speaking with {{ full_name }}?",
        "Wait for the answer. Only the person hears what it is about.",
    ),
    Line(
        ScriptPart.CONFIRM,
        PT,
        "Para sua segurança, {{ name }}, você pode me confirmar dois dados do seu cadastro?",
        "Pergunte; não leia a resposta. Marque só o que a pessoa disse certo.",
    ),
    Line(
        ScriptPart.CONFIRM,
        EN,
        "For your safety, {{ name }}, may I ask you to confirm two details we have on file?",
        "Ask; do not read the answer out. Tick only what the person said right.",
    ),
    Line(
        ScriptPart.ARRIVED,
        PT,
        "Agradeço, {{ name }}. Falo em nome de {{ brand }}, sobre {{ product }}. O boleto chegou até você? "
        "E com o produto ou serviço, está tudo certo?",
        "Se algo não correu bem do nosso lado, registre uma contestação: ninguém insiste no que se discute.",
    ),
    Line(
        ScriptPart.ARRIVED,
        EN,
        "Thank you, {{ name }}. I speak for {{ brand }}, about {{ product }}. Did the bill reach you? "
        "And is everything right with the goods or the service?",
        "If something went wrong on our side, record a dispute: nobody insists on what is disputed.",
    ),
    Line(
        ScriptPart.LISTEN,
        PT,
        "Consta em aberto o valor de {{ amount }}, que venceu em {{ due_date }}. Como você vê essa situação?",
        "Escute até o fim, sem interromper. Anote com as palavras da pessoa.",
    ),
    Line(
        ScriptPart.LISTEN,
        EN,
        "Our records show {{ amount }} open since {{ due_date }}. How do you see it?",
        "Listen to the end without interrupting. Note it in the person's own words.",
    ),
    Line(
        ScriptPart.REASON,
        PT,
        "Entendo. Para eu ajudar melhor: o que aconteceu?",
        "Marque o motivo mais próximo, sem julgar. Pode ser a primeira vez, e passageiro.",
    ),
    Line(
        ScriptPart.REASON,
        EN,
        "I understand. So that I can help: what happened?",
        "Choose the nearest reason, without judging. It may be the first time, and pass.",
    ),
    Line(
        ScriptPart.PROPOSE,
        PT,
        "Vamos achar um jeito que caiba no seu orçamento. Que valor e que dia ficam bons para você?",
        "Deixe a pessoa dizer primeiro o que pode; depois mostre as opções.",
    ),
    Line(
        ScriptPart.PROPOSE,
        EN,
        "Let us find a way that fits your budget. Which amount and which day would suit you?",
        "Let the person say first what is possible; then show the options.",
    ),
    Line(
        ScriptPart.CLOSE,
        PT,
        "Combinado, {{ name }}. Fica registrado como conversamos. Agradeço a sua atenção.",
        "Repita o que foi combinado: valor, dia e forma de pagamento.",
    ),
    Line(
        ScriptPart.CLOSE,
        EN,
        "Agreed, {{ name }}. I note it as we said. Thank you for your time.",
        "Repeat what was agreed: amount, day and way of paying.",
    ),
    Line(
        ScriptPart.THIRD_PARTY,
        PT,
        "{{ greeting }}! Eu gostaria de falar com {{ full_name }}. Ligo em outro momento, agradeço.",
        "Não diga o motivo nem em nome de quem liga. Não peça que avisem.",
    ),
    Line(
        ScriptPart.THIRD_PARTY,
        EN,
        "{{ greeting }}! I would like to speak with {{ full_name }}. I will call another time, thank you.",
        "Do not say why or for whom you call. Do not ask them to pass anything on.",
    ),
    Line(ScriptPart.VOICEMAIL, PT, "", "Desligue sem falar. Nada fica gravado."),
    Line(ScriptPart.VOICEMAIL, EN, "", "Hang up without a word. Nothing is left on it."),
    Line(
        ScriptPart.CALM,
        PT,
        "Entendo que isso incomode. Podemos parar por aqui e continuar em outro momento. O que prefere?",
        "Respire, fale mais baixo, não rebata. Se continuar difícil, pause e passe a um colega.",
    ),
    Line(
        ScriptPart.CALM,
        EN,
        "I understand that this is unpleasant. We can stop here and go on another time. Which do you prefer?",
        "Breathe, lower your voice, do not argue. If it stays hard, pause and let a colleague go on.",
    ),
)

#: Why payments are late: (in Portuguese, in English), the most usual first.
REASONS = (
    ("Esqueceu ou confundiu a data", "Forgot, or mistook the day"),
    ("Não recebeu o boleto", "Did not receive the bill"),
    ("Desemprego ou queda de renda", "Unemployment or less income"),
    ("Doença ou gasto inesperado", "Illness or an unexpected expense"),
    ("Muitas contas ao mesmo tempo", "Too many bills at once"),
    ("Problema com o produto ou serviço", "A problem with the goods or the service"),
    ("Não concorda com o valor", "Does not agree with the amount"),
    ("Outro motivo", "Another reason"),
)

#: What a call may come to, as agents look for it: what ends it well, what ends it early, what stops us.
OUTCOMES = (
    (Disposition.PROMISE, "Prometeu pagar", "Promised to pay"),
    (Disposition.SPOKE, "Falou com a pessoa", "Spoke with the person"),
    (Disposition.CALLBACK, "Pediu ligação em outro horário", "Asked to be called at another time"),
    (Disposition.ALREADY_PAID, "Diz que já pagou", "Says it is paid already"),
    (Disposition.NO_ANSWER, "Não atendeu", "No answer"),
    (Disposition.BUSY, "Ocupado", "Busy"),
    (Disposition.VOICEMAIL, "Caixa postal, sem recado", "Voicemail, nothing left on it"),
    (
        Disposition.THIRD_PARTY,
        "Outra pessoa atendeu; nada foi dito",
        "Somebody else answered; nothing was told",
    ),
    (Disposition.WRONG_PERSON, "Número de outra pessoa", "Someone else's number"),
    (Disposition.DISPUTE, "Contesta a dívida", "Disputes the debt"),
    (Disposition.OPT_OUT, "Pediu para não ser contatado", "Asked not to be contacted"),
    (Disposition.DECEASED, "Falecimento", "Deceased"),
)
