"""What people answer, and courteous replies with facts, as shipped; managers keep their own beside them."""

from typing import NamedTuple


class Objection(NamedTuple):
    """One likely answer of a debtor, and our reply to it."""

    says: str
    reply: str


PORTUGUESE = (
    Objection(
        "Eu já paguei.",
        "Agradeço por avisar, {{ name }}. Às vezes o aviso do banco demora. Em que dia e como você pagou? "
        "Anoto aqui, e ninguém liga enquanto conferimos.",
    ),
    Objection(
        "Não recebi o boleto.",
        "Isso acontece. Podemos enviar de novo. O vencimento foi em {{ due_date }}, e o valor de hoje é de "
        "{{ amount }}. Por qual meio você prefere receber?",
    ),
    Objection(
        "Agora não tenho como pagar.",
        "Agradeço a franqueza. Não precisa ser tudo de uma vez: que valor e que dia seriam possíveis para "
        "você? A partir daí vemos juntos as opções.",
    ),
    Objection(
        "Perdi o emprego.",
        "Sinto muito, {{ name }}. Vamos com calma. Registro a sua situação e vemos o que cabe agora, ou "
        "combinamos uma data para conversar de novo.",
    ),
    Objection(
        "Não reconheço essa conta.",
        "Entendo. Ela vem de {{ product }}, contrato {{ contract }}, com vencimento em {{ due_date }}. Se "
        "mesmo assim não reconhecer, registro a contestação, e tudo para até ser verificado.",
    ),
    Objection(
        "Os juros são altos demais.",
        "Compreendo. O valor de hoje é de {{ amount }}, contado desde {{ due_date }}; posso explicar item "
        "por item. Depois vemos se há uma opção melhor para você.",
    ),
    Objection(
        "O produto veio com defeito.",
        "Lamento por isso. Conte o que houve, por favor: registro, e a {{ brand }} verifica antes de "
        "qualquer outra ligação.",
    ),
    Objection(
        "Parem de me ligar.",
        "Claro, respeito isso. Registro agora, e não ligamos mais. Se quiser falar conosco, o telefone é "
        "{{ phone }}.",
    ),
    Objection(
        "Como sei que não é golpe?",
        "Faz bem em perguntar. Não peço senha nem código. Você pode desligar e ligar para {{ phone }}, da "
        "{{ brand }}, e pedir por {{ agent }}.",
    ),
    Objection(
        "Estou ocupado, ligue depois.",
        "Claro. Que dia e que horário ficam bons para você? Anoto, e ligamos nesse momento.",
    ),
    Objection(
        "Só falo com o supervisor.",
        "Sem problema, {{ name }}. Conto a ele o que conversamos, para você não precisar repetir. Prefere "
        "aguardar ou receber uma ligação?",
    ),
    Objection(
        "Vou falar com meu advogado.",
        "É um direito seu. Registro isso, e podemos enviar o demonstrativo com todos os valores para vocês "
        "verem juntos.",
    ),
)

ENGLISH = (
    Objection(
        "I have paid already.",
        "Thank you for telling me, {{ name }}. Sometimes the bank's notice takes a while. On which day and "
        "how did you pay? I note it, and nobody calls while we check.",
    ),
    Objection(
        "I did not get the bill.",
        "That happens. We can send it again. It was due on {{ due_date }}, and today it comes to "
        "{{ amount }}. How would you like to receive it?",
    ),
    Objection(
        "I cannot pay right now.",
        "Thank you for being frank. It need not be all at once: which amount and which day would be "
        "possible for you? From there we look at the options together.",
    ),
    Objection(
        "I lost my job.",
        "I am sorry to hear that, {{ name }}. Let us take it calmly. I note your situation, and we see what "
        "is possible now, or agree on a day to talk again.",
    ),
    Objection(
        "I do not recognise this bill.",
        "I understand. It is for {{ product }}, contract {{ contract }}, due on {{ due_date }}. If you still "
        "do not recognise it, I record that you dispute it, and all rests until it is checked.",
    ),
    Objection(
        "The interest is too high.",
        "I understand. Today it comes to {{ amount }}, counted from {{ due_date }}; I can explain it item by "
        "item. Then we see whether there is a better option for you.",
    ),
    Objection(
        "The goods were faulty.",
        "I am sorry about that. Please tell me what happened: I record it, and {{ brand }} checks before "
        "anybody calls again.",
    ),
    Objection(
        "Stop calling me.",
        "Of course, I respect that. I record it now, and we do not call any more. Should you want to speak "
        "with us, the number is {{ phone }}.",
    ),
    Objection(
        "How do I know this is no fraud?",
        "You do well to ask. I ask for no password and no code. You can hang up and call {{ phone }}, of "
        "{{ brand }}, and ask for {{ agent }}.",
    ),
    Objection(
        "I am busy, call later.",
        "Of course. Which day and what time would suit you? I note it, and we call at that moment.",
    ),
    Objection(
        "I only speak with your supervisor.",
        "No problem, {{ name }}. I tell them what we said, so that you need not repeat it. Would you rather "
        "wait or be called?",
    ),
    Objection(
        "I will talk to my lawyer.",
        "That is your right. I note it, and we can send the statement with every amount for you to look at "
        "together.",
    ),
)

#: By language.
OBJECTIONS = {"pt-br": PORTUGUESE, "en": ENGLISH}
