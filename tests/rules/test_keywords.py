"""What short texts from debtors are understood to ask for."""

import re

import pytest

from contacts.rules.keywords import Meaning, meanings_of, normalise

STOPS = [
    "PARAR", "parar", "Parar.", "PARAR!!!", "  parar\n", "'PARAR'", "“Parar”", "«parar»", "*PARAR*",
    "PARAR 🙏", "P A R A R", "p.a.r.a.r", "PARARRRR", "ＰＡＲＡＲ", "pare", "Pare!", "PAREM", "Para",
    "SAIR", "sair 😡", "Saír", "CANCELAR", "Cancelar, por favor", "cancela tudo isso já", "cancela",
    "REMOVER", "Remova", "DESCADASTRAR", "descadastre-me", "não quero", "NAO QUERO", "Não quero!!",
    "nao quero mais", "não quero receber mais mensagens", "Não quero mais SMS", "STOP", "stop.",
    "Stop all", "STOPALL", "UNSUBSCRIBE", "Cancel", "END", "quit", "REVOKE", "OPTOUT", "Opt-out",
    "opt out", "stop sending me this", "Por favor, parar", "quero sair",
    "Bom dia, favor remover meu número", "Parar de me mandar mensagem", "parem de me ligar",
    "Vocês podem parar de me mandar isso?", "me tira da lista", "retirem meu número do cadastro",
    "não me ligue mais", "Não me mandem mensagem", "nao mande mais nada",
    "Não entrem mais em contato", "me deixem em paz", "cancelar o envio de mensagens",
    "não autorizo que me mandem SMS", "pa\u200brar", "me descadastra", "Quero me descadastrar", "me remova",
    "me exclua da lista", "excluir", "Bloqueia meu número", "não mandem msg", "me tira daí",
    "Sou a mãe dele, pare.",
]  # fmt: skip
OF_MORE = re.compile("lig|paz|contato")
NO_CALLS = [
    "não me ligue mais", "Parem de me ligar", "não quero ligações", "Nao ligue para esse numero",
    "não liguem", "não quero receber mais chamadas", "Não autorizo que me liguem", "sem ligações por favor",
    "chega de ligação", "não me liga mais",
]  # fmt: skip
LEFT_ALONE = [
    "me deixem em paz", "Deixa minha mãe em paz", "não perturbe", "Não me perturbem mais!",
    "não entrem mais em contato comigo", "não quero mais contato", "Não autorizo contato",
    "não quero ser contatada", "parem de me cobrar", "Não me cobrem mais", "pare de me procurar",
]  # fmt: skip
NOT_STOPS = [
    "", "🙏", "não vou parar de pagar", "Não quero sair devendo", "vou cancelar o cartão",
    "Para quando é o boleto?", "End. Rua das Flores, 12",
    "Cancelar o boleto antigo e mandar outro?", "sim", "Ok, obrigada", "posso pagar dia 10?",
    "não parei de trabalhar", "não quero pagar juros", "Sairei amanhã e pago", "quero pagar",
    "o stop do ônibus", "vou parar aí amanhã", "parar de pagar juros seria bom", "endereço novo",
    "não consigo pagar agora", "mande mais informações", "não cancelem meu desconto", "obrigado",
    "pode cancelar o desconto?", "me remova do Serasa", "Me exclui do SPC por favor", "me tira uma dúvida",
    "não me cobre juros", "vocês me bloquearam", "não ligo pra isso", "não liguei ainda",
    "não procurei emprego", "me ligue amanhã", "não mandem boleto", "não é o valor certo",
]  # fmt: skip
FOR_A_PERSON = [
    "sim, esse número é meu", "esse telefone é meu sim, pode mandar o boleto", "este número é meu whatsapp",
    "aqui não é fácil", "aqui não é assim", "aqui não é brincadeira", "não é meu número de contrato",
    "não é meu número de CPF", "ele não mora aqui mas eu pago",
    "eu moro aqui, meu filho não mora mais aqui", "não conheço essa dívida", "não conheço essa empresa",
    "não conheço esse débito", "não sei quem é você", "não sei quem é essa empresa, é golpe?",
    "engano, já paguei", "foi um engano do banco", "mandaram errado o boleto", "número errado no boleto",
    "fiz o pix pra pessoa errada", "não sou o único que deve", "não sou esse tipo de pessoa",
    "parem de cobrar juros", "quando vão parar de cobrar juros", "não quero ser cobrado duas vezes",
    "não me cobrem por isso já paguei", "não entrem em contato com meu patrão",
    "não autorizo contato com terceiros", "não quero que me procurem no trabalho",
    "não quero que entrem na justiça", "vou parar de procurar emprego", "deixei o boleto em paz",
    "meu celular não liga", "meu carro não liga, sem dinheiro", "não liga agora, estou trabalhando",
    "não me ligue no trabalho, só depois das 18h", "não liguem para o meu trabalho",
    "se eu pagar hoje vai parar de me ligar?", "não quero que parem de ligar",
    "vocês não me mandaram o boleto", "não me enviaram o pix", "por que não me ligam?",
    "não me ligaram ainda", "tirem meu nome do SPC que eu pago", "remover meu nome do serasa",
    "nos exclui do cadastro de inadimplentes", "me tira dessa situação", "não mandem boleto",
]  # fmt: skip
NO_CALLS_BUT_TEXTS = [
    "não entrem em contato por telefone, só whatsapp", "não ligue, mande mensagem",
    "sem ligação por favor, manda whatsapp", "sem chamadas, prefiro mensagem", "não liguem, mandem mensagem",
    "Não me liguem mais, só por whatsapp", "não ligue, me mande por e-mail",
]  # fmt: skip
NO_CALLS_AND_NO_TEXTS = [
    "Não me liguem mais! Vocês mandam mensagem todo dia", "não me liguem nem mandem mensagens",
    "eu quero que parem de me ligar e mandar mensagem", "não me ligue e nem mande mensagem",
    "não me liguem mais sobre essas mensagens", "parem de ligar. só mandam mensagem chata",
    "não me liguem. Não mandem mensagem", "prefiro que não me liguem nem mandem whatsapp",
]  # fmt: skip
#: What is said around a wish and changes nothing of it.
COURTEOUS = [
    "{}", "{} por favor", "{}, por gentileza!", "por favor {}", "{} pelo amor de Deus", "Bom dia, {}",
    "{} se possível", "{} por nada nesse mundo",
]  # fmt: skip
#: A keyword that we teach ends the channel, whatever stands behind it.
KEYWORD_AND_MORE = [
    "SAIR. Essa dívida não é minha", "Sair, não devo multa nenhuma", "remova, essa dívida não é minha",
    "sair da lista, não tenho dívida", "PARAR não quero pagar juros", "não me mande por whatsapp",
    "não quero mais sms no meu celular", "não me mandem nada no zap", "não me chamem no whatsapp", "SMS não",
    "não entrem em contato por aqui", "não me procurem por mensagem",
]  # fmt: skip
THREATS = [
    "se não parar de me ligar vou ao Procon", "Se vocês não pararem de me ligar eu processo",
    "vocês não vão parar de me ligar? que inferno", "não quero receber ligações no meu celular",
    "não ligue para o meu número", "não quero que vocês me liguem",
]  # fmt: skip
LEFT_ALONE_AT_LENGTH = [
    "não quero contato com vocês", "não quero ser contatado por vocês",
    "não quero ser incomodado com cobranças", "não quero que me contatem por nenhum meio",
    "parem de me perturbar com isso", "não quero ser cobrada",
    "deixem a minha mãe em paz",
]  # fmt: skip
SAID_OTHERWISE = [
    "pode parar", "podem parar", "para de ficar me ligando", "para de ficar mandando mensagem",
    "nunca mais me ligue", "nunca mais mande mensagem", "deixem de me ligar", "deixa de me mandar mensagem",
    "chega de mensagens", "cancela essas mensagens", "não me chame mais", "não fale mais comigo",
    "não me telefone", "n me liga mais", "ñ me mande mais", "não quero nenhum tipo de contato",
    "sem mais mensagens", "basta", "encerrar", "apaguem meus dados", "me esquece", "esqueçam meu número",
    "não me perturba", "não me incomoda", "não me procura mais", "não perturba", "não me mandem mensagem",
    "nao mande mais nada", "não mandem msg", "não enviem mais sms", "parem de me mandar isso",
    "não quero que me liguem", "quero que parem de me ligar",
]  # fmt: skip
STRANGERS = [
    "número errado", "Numero errado!", "NÚMERO ERRADO", "pessoa errada", "engano", "Foi engano",
    "é engano", "Não sou a Maria", "nao sou essa pessoa", "não sou ele", "Não sou eu",
    "não conheço essa pessoa", "Não conheço ninguém com esse nome", "nao sei quem é",
    "não é meu número", "aqui não é a Maria", "A Maria não mora aqui", "Esse telefone agora é meu",
    "esse número não é meu", "desconheço essa pessoa",
    "este número é de outra pessoa", "esse número não é dela",
    "Este número não é mais do João", "Você ligou errado", "wrong number",
    "não sou essa Maria", "Não conheço esse João", "a senhora Maria Aparecida da Silva não mora mais aqui",
    "esse número é meu agora", "o número não é da Maria", "aqui não é da Maria",
    "não sou quem vocês procuram",
]  # fmt: skip
NOT_STRANGERS = [
    "paguei por engano duas vezes", "não sou obrigado a pagar", "não sou cliente ruim",
    "não sou o responsável?", "aqui não é o valor", "não é a primeira vez",
    "o valor está errado", "a conta errada", "não conheço o valor", "não conheço esse contrato",
    "não sou esse caloteiro", "não sou o titular", "não conheço essa loja",
]  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
def test_a_wish_to_be_left_alone_is_understood_however_it_is_spelt(text):
    assert Meaning.OPT_OUT in meanings_of(text)


@pytest.mark.parametrize("text", NO_CALLS)
def test_who_wants_no_calls_says_so_by_text_too(text):
    assert meanings_of(text) == {Meaning.OPT_OUT, Meaning.NO_CALLS}


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_who_wants_to_be_left_alone_means_every_channel(text):
    assert meanings_of(text) == {Meaning.OPT_OUT, Meaning.LEFT_ALONE}


@pytest.mark.parametrize("text", [text for text in STOPS if not OF_MORE.search(text)])
def test_a_plain_stop_is_about_the_channel_it_came_by(text):
    assert meanings_of(text) == {Meaning.OPT_OUT}


@pytest.mark.parametrize("text", NOT_STOPS)
def test_talk_about_paying_is_no_opt_out(text):
    assert Meaning.OPT_OUT not in meanings_of(text)


@pytest.mark.parametrize("text", FOR_A_PERSON)
def test_what_a_person_must_read_ends_nothing_and_takes_no_number_away(text):
    assert meanings_of(text) == frozenset()


@pytest.mark.parametrize("text", NO_CALLS_BUT_TEXTS)
def test_who_asks_for_texts_in_place_of_calls_gets_them(text):
    assert meanings_of(text) == {Meaning.NO_CALLS}


@pytest.mark.parametrize("text", NO_CALLS_AND_NO_TEXTS)
def test_a_complaint_about_messages_is_no_wish_for_them(text):
    assert meanings_of(text) == {Meaning.OPT_OUT, Meaning.NO_CALLS}


@pytest.mark.parametrize("said", COURTEOUS)
@pytest.mark.parametrize(
    ("wish", "meant"),
    [
        *[(wish, Meaning.NO_CALLS) for wish in ("não me liguem", "parem de me ligar", "não quero ligações")],
        *[(wish, Meaning.LEFT_ALONE) for wish in ("não me perturbe", "não entrem em contato",
                                                  "não me cobrem mais", "não quero contato com vocês")],
        *[(wish, Meaning.OPT_OUT) for wish in ("não me mandem mensagem", "não quero mais SMS")],
    ],
)  # fmt: skip
def test_courtesy_takes_nothing_from_a_wish(said, wish, meant):
    assert {Meaning.OPT_OUT, meant} <= meanings_of(said.format(wish))


@pytest.mark.parametrize("text", KEYWORD_AND_MORE)
def test_a_keyword_ends_the_channel_whatever_is_said_beside_it(text):
    assert meanings_of(text) == {Meaning.OPT_OUT}


@pytest.mark.parametrize("text", THREATS)
def test_who_loses_patience_with_calls_is_heard(text):
    assert meanings_of(text) == {Meaning.OPT_OUT, Meaning.NO_CALLS}


@pytest.mark.parametrize("text", LEFT_ALONE_AT_LENGTH)
def test_who_wants_to_be_left_alone_may_say_it_at_length(text):
    assert meanings_of(text) == {Meaning.OPT_OUT, Meaning.LEFT_ALONE}


@pytest.mark.parametrize("text", SAID_OTHERWISE)
def test_there_are_many_ways_to_say_stop(text):
    assert Meaning.OPT_OUT in meanings_of(text)


@pytest.mark.parametrize("text", STRANGERS)
def test_somebody_else_who_answers_is_recognised(text):
    assert meanings_of(text) == {Meaning.WRONG_PERSON}


@pytest.mark.parametrize("text", NOT_STRANGERS)
def test_a_complaint_is_not_taken_for_a_wrong_number(text):
    assert Meaning.WRONG_PERSON not in meanings_of(text)


@pytest.mark.parametrize("text", ["START", "voltar", "Unstop", "YES", "quero receber mensagens", "Reativar!"])
def test_a_wish_to_be_written_to_again_is_understood(text):
    assert meanings_of(text) == {Meaning.OPT_IN}


def test_a_stranger_who_also_asks_us_to_stop_is_heard_twice():
    assert meanings_of("Número errado, parem com isso") == {Meaning.OPT_OUT, Meaning.WRONG_PERSON}


def test_the_first_thousand_characters_decide_and_a_huge_text_is_cheap():
    assert meanings_of("parar " + "x " * 2_000_000) == {Meaning.OPT_OUT}


def test_words_are_bare_after_normalising():
    assert normalise(" «Não,   QUERO!!» 🙏 ") == "nao quero"
