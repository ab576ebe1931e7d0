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
    "se não parar de me ligar vou ao Procon", "Se vocês não pararem de me ligar eu processo",
    "vocês não vão parar de me ligar? que inferno", "não quero receber ligações no meu celular",
    "não ligue para o meu número", "não quero que vocês me liguem", "não me ligue depois disso",
    "não me ligue de dia nem de noite", "prefiro não falar por telefone",
]  # fmt: skip
LEFT_ALONE = [
    "me deixem em paz", "Deixa minha mãe em paz", "não perturbe", "Não me perturbem mais!",
    "não entrem mais em contato comigo", "não quero mais contato", "Não autorizo contato",
    "não quero ser contatada", "parem de me cobrar", "Não me cobrem mais", "pare de me procurar",
    "não quero contato com vocês", "não quero ser contatado por vocês",
    "não quero ser incomodado com cobranças", "não quero que me contatem por nenhum meio",
    "parem de me perturbar com isso", "não quero ser cobrada",
    "deixem a minha mãe em paz",
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
#: As debtors type them: in haste, without accents, in anger.
TYPED_STOPS = [
    "para com isso", "para com essas mensagens", "para c isso", "parem com essas msg",
    "PAREM COM ISSO JÁ FALEI", "para de mandar msg", "para de mandar msg pfv",
    "pare de enviar mensagem nesse numero", "para de me mandar zap", "vcs podem parar de mandar mensagem?",
    "da pra parar de mandar msg?", "dá pra vcs pararem de mandar mensagem",
    "tem como parar de mandar mensagem?", "poderiam parar de me enviar mensagens por gentileza",
    "não me manda mais nada nesse número", "nao me mande mais nada", "n manda mais nada",
    "ñ mandem mais msg pfv", "nao manda mais mensagem pra mim", "não manda mensagem pra esse número",
    "naum me mande mais msg", "num me manda mais msg", "não precisa mandar mais mensagem",
    "n precisa mais mandar msg", "não quero mais receber nada de vcs", "não quero receber isso",
    "não quero + msg", "nao qro mais msg", "n quero receber msg", "não quero mais essas mensagens",
    "não quero mensagem de cobrança", "não quero receber cobrança por whatsapp", "tira meu zap daí",
    "tira meu numero dai", "tira esse número da lista", "tire o meu número dessa lista pfv",
    "tirem meu tel do sistema de vcs", "tira meu contato da lista de vocês", "exclui meu numero",
    "apaga meu número aí", "apaga meu contato", "apague meu telefone do seu cadastro", "remove meu whats",
    "me exclui dessa lista", "me tira desse cadastro", "me remove daí", "bloqueei vocês", "bloqueei vcs",
    "já bloqueei esse número", "vou bloquear vocês", "vou bloquear esse número", "vou te bloquear",
    "vou denunciar como spam", "já pedi pra parar de mandar mensagem", "já falei pra parar",
    "ja disse pra vcs pararem", "já mandei parar", "já falei que não quero receber mensagem",
    "ja falei pra nao mandar mais msg", "já pedi pra não mandarem mais mensagem",
    "eu pedi pra sair dessa lista", "quero parar de receber mensagens", "quero parar de receber isso",
    "gostaria de não receber mais mensagens", "gostaria de nao receber mais essas msgs, obrigada",
    "quero cancelar as mensagens", "cancela o recebimento de mensagens",
    "como faço pra parar de receber isso?", "como faço pra não receber mais mensagens?",
    "não desejo receber este tipo de mensagem", "não tenho interesse em receber mensagens",
    "não autorizo o envio de mensagens", "não autorizo mensagens", "proibo vocês de me mandar mensagem",
    "chega dessas mensagens", "chega de msg", "chega disso", "chega!!!", "basta de mensagem", "PARA PORRA",
    "para caralho", "para de me encher de mensagem", "para de mandar essas merda",
    "parem de mandar essa porcaria", "não me mandem mais essas porra", "não me escreva mais",
    "não me chama mais no zap", "n me chama no whats", "não fala mais comigo",
    "não mande mais cobrança pelo zap", "sair por favor", "PARAR obg", "quero sair dessa lista",
    "desejo sair", "SAI", "sair!!! já mandei 3 vezes", "descadastrar meu número", "quero descadastrar",
    "me descadastre por gentileza", "Solicito o descadastramento do meu número",
    "Solicito a exclusão do meu número", "solicito a remoção dos meus dados conforme LGPD",
    "peço que removam meu número", "peço que parem de enviar mensagens", "favor não enviar mais mensagens",
    "Favor não mandar mais SMS.", "por favor não mandar mais mensagens nesse número",
    "não mandar mais mensagem", "não enviar mais", "to cansada de receber essas msg, parem",
    "todo dia msg, que saco, para de mandar", "spam! parem", "sem mensagem por favor",
    "Boa tarde, por gentileza, retirar meu contato da lista. Grata", "nunca mais me manda mensagem",
    "parem de me mandar sms eu nao vou pagar", "nao vou pagar nada parem de mandar mensagem",
    "não devo nada pra vocês, parem de mandar mensagem", "pare de mandar mensagem pro meu marido",
    "não mandem mais por aqui", "nao precisa me mandar mais nada", "não me manda mais não", "manda mais não",
    "me manda mais nada não", "se mandar mais uma mensagem eu processo", "parem c esse spam",
    "já mandei vcs pararem", "já falei pra vcs me tirarem da lista", "quero que parem de me mandar mensagem",
    "queria que vcs parassem de mandar msg", "eu disse pra parar de mandar mensagem",
    "pode tirar meu número daí", "pode excluir meu contato", "podem remover meu número por gentileza?",
    "para de mandar esse negocio", "tira eu dessa lista", "tira nois dessa lista",
    "não quero saber, para de mandar",
]  # fmt: skip
TYPED_NO_CALLS = [
    "já falei pra não ligar", "ja falei pra nao me ligar mais", "ja pedi p n ligar",
    "já disse que não é pra ligar", "não é pra me ligar", "nao é pra ligar mais nesse numero", "n me liga",
    "ñ me liguem +", "nao me ligue mais pfv", "não fica me ligando", "não fiquem me ligando",
    "nao fica ligando toda hora", "fica me ligando o dia todo, para", "para de ligar",
    "PAREM DE LIGAR CARALHO", "pare de ligar pra mim", "parem de me ligar todo dia",
    "para de me ligar toda hora", "para com as ligações", "parem com essas ligação",
    "parem com tanta ligação", "chega de me ligar", "chega de ligações", "chega de tanta ligação",
    "vcs não param de ligar, parem", "não aguento mais tanta ligação, parem de ligar",
    "não quero que fiquem me ligando", "n quero q me liguem", "nao quero q ligue mais",
    "não quero mais ligação de vcs", "não quero receber ligação", "não quero nenhuma ligação",
    "não quero q vcs me liguem mais", "não quero ligação nem mensagem", "nao me liga nem me manda msg",
    "não liga nem manda mensagem", "não me liguem e não me mandem mensagem", "parem de ligar e mandar msg",
    "não adianta ligar", "não precisa ligar", "não precisa me ligar mais", "não precisam mais ligar",
    "favor não ligar mais", "favor não ligar", "Por gentileza não ligar mais neste número",
    "peço que não me liguem mais", "peço pra não ligarem mais", "gostaria que não me ligassem mais",
    "gostaria que parassem de me ligar", "queria que vcs parassem de ligar", "pode parar de me ligar",
    "podem parar de ligar", "dá pra parar de me ligar?", "tem como parar de ligar?",
    "vcs podem parar de me ligar pfv", "nunca mais liga pra mim", "nunca mais liguem",
    "não ligue mais pro meu celular", "não liga mais pro meu zap", "não liguem mais pra cá",
    "não liga mais pra mim", "não liguem mais aqui",
    "não me ligue de madrugada nem hora nenhuma, não quero ligação", "se me ligar de novo vou processar",
    "se ligarem de novo vou no procon", "se vcs ligarem mais uma vez eu processo", "para de me telefonar",
    "deixa de ligar", "deixa de ficar ligando", "proibo vocês de me ligarem", "estão proibidos de me ligar",
    "não autorizo ligações", "não atendo ligação, não me liguem", "me liga mais não", "liga mais não",
    "me liguem mais não pfv", "ligue não", "quero que vcs parem de ligar",
    "eu ja pedi pra vcs pararem de me ligar", "tira meu numero da lista e para de ligar",
    "não me liga q eu bloqueio", "sem ligações", "tira meu telefone dai e nao me liga mais",
    "já pedi pra vcs não me ligarem", "já falei q n é pra ligar", "vcs ligam todo dia, parem",
    "não aguento mais vcs me ligando, parem", "para de ligar no meu celular",
    "não fica ligando pro meu celular", "não me ligue mais, obrigado", "não me liga mais moço por favor",
    "não me liguem mais por favor obrigada", "não liguem mais senão vou processar",
    "para de ligar senão bloqueio", "PELO AMOR DE DEUS PARA DE ME LIGAR", "não me ligue nunca mais",
    "nunca mais me ligue", "não ligue + pra mim", "pfv n liga mais pra mim",
    "não quero mais q fiquem me ligando", "não quero vcs me ligando", "não quero ninguém me ligando",
    "não quero mais receber ligações", "gostaria de não receber mais ligações",
    "prefiro não receber ligações", "como faço pra parar de receber ligação?",
    "quero parar de receber ligações", "cancela as ligações", "tira meu numero pra ligação, não liguem",
    "porra para de me ligar", "para de me ligar porra", "q saco para de ligar",
    "tô trabalhando e vcs ligando sem parar, não liguem mais", "não me liga não", "me liga não",
    "não ligue para mim", "não ligue mais para este número", "não liguem nesse número",
    "não liguem mais nesse telefone", "vou denunciar na anatel se não pararem de ligar",
    "já é a décima ligação hoje, parem de ligar",
]  # fmt: skip
TYPED_FOR_A_PERSON = [
    "para de ligar pra minha mae", "para de ligar pra minha casa", "vou pagar amanhã", "já paguei",
    "ja paguei isso", "paguei ontem, não me cobrem de novo por isso", "qual o valor?", "quanto é?",
    "quanto tá devendo", "manda o boleto", "me manda o pix", "pode mandar o boleto no zap",
    "n tenho dinheiro agora", "to desempregado", "não posso pagar agora", "não vou pagar", "nao devo nada",
    "essa dívida não é minha", "não reconheço essa dívida", "desconheço essa dívida", "desconheço",
    "não conheço essa dívida", "que dívida é essa?", "quem é?", "quem são vocês?", "quem fala?", "é golpe?",
    "isso é golpe", "não sei quem são vocês", "não sei quem é vc", "nao sei do que se trata",
    "do que se trata?", "de onde conseguiram meu número?", "como conseguiram meu telefone?",
    "pq vcs me ligaram?", "vcs me ligaram?", "alguém me ligou desse número", "pode me ligar",
    "me liga amanhã", "me liga depois das 18", "liga mais tarde", "me liga à tarde, não liga de manhã",
    "não liga agora", "não me liga hoje, tô no trabalho", "não ligue no meu trabalho",
    "não me ligue no serviço", "não liguem pro meu serviço", "não liga antes das 9",
    "não me ligue depois das 20h", "não me ligue de madrugada", "não me liguem aos domingos",
    "não liga de domingo", "não me liga em horário de trabalho", "não me ligue à noite",
    "só me ligue à noite", "não liga durante o expediente", "não me mande mensagem de madrugada",
    "não mande mensagem fora do horário comercial", "não me mande mensagem depois das 22h",
    "não entre em contato no meu trabalho", "não entrem em contato com minha mãe",
    "não me procurem no meu serviço", "não liguem pra minha vizinha, liga pra mim",
    "não quero que liguem pro meu chefe", "não fale com meu marido", "não me cobre juros",
    "não me cobrem juros abusivos", "não quero pagar juros", "não quero parcelar", "não quero acordo",
    "não quero essa proposta", "não quero esse desconto, quero mais", "não quero parcelar, quero à vista",
    "não quero negociar agora", "não quero mais esse cartão", "para quando é o vencimento?",
    "para qual banco?", "para pagar é por aqui?", "para parcelar em quantas vezes?", "para mim está bom",
    "para mim ta bom 10x", "se eu pagar vocês param de me ligar?", "se eu pagar tira meu nome do serasa?",
    "quando tiram meu nome do spc?", "quero tirar meu nome do serasa", "tirem meu nome do serasa",
    "tira meu nome da negativação", "quero limpar meu nome", "meu nome tá sujo", "cancela esse acordo",
    "cancela o boleto", "cancelar a dívida", "quero cancelar o contrato", "quero cancelar meu cartão",
    "cancelem os juros", "remove os juros", "exclui essa dívida", "tira os juros", "tira essa multa",
    "parei de pagar pq fiquei doente", "vou parar de pagar", "parar de pagar", "não consigo abrir o link",
    "o link não abre", "o boleto não chegou", "vcs não mandaram o boleto", "não me mandaram nada",
    "não recebi a mensagem", "não recebi ligação nenhuma", "n recebi nada", "mandou o boleto errado",
    "mandaram o valor errado", "mandou errado o valor", "o valor tá errado", "esse valor está errado",
    "meu telefone mudou, anota aí", "mudei de número, meu novo é 11 99999 0000", "troquei de número",
    "esse número é meu", "sim sou eu", "sou eu mesmo", "não sou eu que devo, foi meu ex marido",
    "não fui eu que comprei", "não sou eu quem paga", "não sou mais cliente", "não sou mais cliente de vcs",
    "não sou caloteiro", "não sou caloteira não", "não sou rico", "não sou obrigada", "não sou bobo",
    "não sou o dono da dívida", "não sou a responsável por essa conta", "não sou a única devedora",
    "não sou a favor disso", "não sou dessas que não paga", "ela tá no trabalho", "ele não está",
    "ela não tá aqui agora, volta à noite", "ele faleceu", "minha mãe faleceu",
    "sou filha dela, ela tá internada", "sou esposa dele", "meu marido vai ver isso", "a dívida é do meu ex",
    "ok", "oi", "bom dia", "sim", "não", "não obrigado", "n", "👍", "obg", "vou ver", "deixa eu ver",
    "deixa eu ver com meu marido", "deixa eu receber que eu pago", "deixa pra semana que vem", "deixa comigo",
    "me deixa pagar dia 10", "me deixem parcelar", "esquece esse boleto, manda outro", "esqueci de pagar",
    "esqueci o boleto", "esquece, já paguei", "bloquearam minha conta", "vcs bloquearam meu cartão",
    "bloqueei o cartão", "meu cartão foi bloqueado", "meu zap foi bloqueado, liga", "conta bloqueada",
    "desbloqueia meu cartão", "vou processar vcs", "vou no procon", "vai tomar no cu", "vai se fuder",
    "kkkkkk", "tô no hospital", "to sem net", "quero falar com atendente", "quero falar com um humano",
    "parcela em 10x?", "me manda mensagem no outro número", "manda pro meu email", "manda msg q eu respondo",
    "não ligo pra dívida", "tô nem aí", "não me interessa", "não tenho interesse",
    "não tenho interesse na proposta", "não enche de juros que eu pago", "o pagamento foi por engano",
    "paguei por engano a parcela errada", "pessoa jurídica ou física?",
    "comprei esse produto e veio com defeito", "comprei esse celular na loja", "não conheço o valor",
    "não conheço essa cobrança", "não conheço esse banco", "não conheço vocês", "não conheço vcs",
    "não conheço essa loja", "não conheço o contrato", "não conheço o credor", "não conheço a empresa de vcs",
    "não é o meu nome no boleto", "não é meu", "não é minha", "ela trocou de número, o novo é 11988887777",
    "meu nome não é para estar no serasa", "meu nome não é sujo", "não tem ninguém que me ajude",
    "não tem nenhum desconto aqui", "quero paz mas quero pagar, qual valor", "não precisa ligar, já paguei",
    "não precisa mandar boleto", "não precisa mais", "chega quando o boleto?", "chega por email?",
    "já chegou", "sai quanto à vista?", "sai por quanto?", "saiu o desconto?", "larguei o emprego",
    "vou largar o emprego", "qual numero do zap?", "meu numero de zap é outro", "para de cobrar juros",
    "quando vão parar de me cobrar juros?", "vocês podem parar os juros?",
    "não vou parar de ligar até resolverem", "por que não me liga?", "pq vcs não me ligam", "ninguém me liga",
    "não conseguiram me ligar pq tava sem sinal", "não ligaram", "o celular não liga",
    "esse celular não liga mais", "minha moto não liga", "vc não me mandou a segunda via", "não mandou o pix",
    "não me envia o boleto?", "me envia mais informação", "não manda boleto, manda pix",
    "não manda pro meu email antigo", "não mandem pro endereço antigo", "não manda carta, manda no zap",
    "não me manda boleto, me manda pix", "não chama o oficial de justiça", "engano seu, eu paguei",
    "engano de vcs, a conta tá paga", "enganei na data", "vou parar de receber o salário",
    "parei de receber auxílio", "vou parar aí pra pagar", "basta pagar?", "basta eu pagar a entrada?",
    "chega de juros", "chega de juros, quero desconto", "quando chega o boleto", "basta de juros",
    "parem com os juros", "deixa de cobrar juros q eu pago", "se vcs deixarem de cobrar juros eu pago",
    "proibido cobrar juros assim", "estou proibido de dirigir", "fui proibido pelo médico",
    "não quero conversa, quero o boleto", "sai do meu bolso", "o dinheiro sai da minha conta",
    "sai de mim esse valor?", "errou o número do contrato", "erraram o número da parcela", "erraram a conta",
    "vcs erraram o valor", "vcs me enganaram", "me enganaram na loja", "fui enganado",
    "o vendedor mudou de número", "vcs mudaram de número?", "meu marido mudou de número",
    "comprei esse carro", "comprei esse chip agora", "comprei esse número faz pouco tempo",
    "meu nome não é mais esse, casei", "a moça não tem mais esse produto",
    "não tem mais esse desconto?", "ela não trabalha mais", "não trabalho mais aqui", "não trabalho mais",
    "não é essa a dívida", "não sei quem é o credor", "não sei quem é essa empresa", "nem sei quem são vcs",
    "vou bloquear o cartão", "pedi pra bloquear esse cartão", "me bloquearam no zap", "vcs me bloquearam",
    "quero tirar meu nome do spc pagando", "retirar meu nome dos órgãos de proteção",
    "tira meu nome da lista do serasa", "não me mande o boleto ainda",
    "não me mande boleto por email, mande por zap", "n precisa mandar o boleto, já tenho",
    "não mandem mais boleto vencido", "não enviem fatura errada", "sem sinal", "sem zap", "tô sem whatsapp",
    "to sem dinheiro e sem celular", "meu celular não fica ligando", "se ligar de novo eu pago",
    "se vcs me ligarem amanhã eu resolvo", "se não me ligarem amanhã não pago", "liguei e ninguém atendeu",
    "vou ligar aí", "posso ligar pra vcs?", "pra que número eu ligo?", "ligando para o 0800 não atende",
    "a ligação caiu", "a ligação caiu, liga de novo", "minha ligação não completa",
    "não posso falar agora, liga depois", "não liga pra esse, liga pro outro número",
    "não fale com a minha mãe", "não me liga essa semana", "não me ligue amanhã",
    "não liga amanhã, só segunda", "não ligue nos fins de semana", "não me ligue no final de semana",
    "não me ligue mais no trabalho", "não liguem mais pro meu trabalho",
    "não quero que liguem na casa da minha mãe", "não quero receber ligação no trabalho",
    "não quero ligações depois das 20h", "não quero mensagem de madrugada", "não me perturbe de madrugada",
    "não me incomodem no trabalho", "não me cobra de novo que já paguei", "eu já falei pra parar os juros",
    "já disse pra mandar o boleto", "pedi pra parar de pagar no débito automático",
    "quero paz, manda o valor que eu pago", "não me deixa na mão", "me deixa saber o valor", "deixa quieto",
    "deixa pra lá", "deixa quieto, vou pagar", "num sei", "manda num email", "me liga num outro horário",
    "p mim ta bom", "10x c entrada", "p q serve isso", "merda de juros", "porra, que juros caro",
    "tá caro pra caralho", "para caralho de caro", "não sou obrigado", "obrigado", "grata", "não, obrigado",
    "não conheço essa financeira", "não conheço esse cartão", "não fui eu",
]  # fmt: skip
TYPED_TEXTS_ONLY = [
    "não me liga, manda msg", "n liga manda zap", "não me liguem, me chama no zap",
    "não liga, me chama no whatsapp", "nao me liga, fala por aqui", "não precisa ligar, pode mandar por aqui",
    "não me ligue, prefiro whatsapp", "só por mensagem, não liga", "só mensagem por favor, não me ligue",
    "não posso atender, não liga, pode mandar msg", "não liguem, me mandem por email",
    "prefiro mensagem, não me liguem", "sem ligação, só zap", "não quero ligação, só mensagem",
    "sou surdo não me ligue mande mensagem", "não me liga, pode ser por whats",
    "não liga, resolve por mensagem", "não me liga pfv, chama no zap", "não liguem, falem por aqui",
    "não me ligue, pode chamar no whats", "não ligue, estou em reunião o dia todo, mande whatsapp",
    "não quero receber ligação, só mensagem",
]  # fmt: skip
TYPED_LEFT_ALONE = [
    "me deixa quieto", "me deixa quieta", "deixa eu quieto", "me deixem quieto pfv", "me deixa em paz",
    "ME DEIXA EM PAZ CARALHO", "deixa eu em paz", "deixem minha família em paz", "deixa nois em paz",
    "me deixa sossegado", "me deixa", "me deixem", "larga do meu pé", "larga meu pe", "larguem do meu pé",
    "sai do meu pé", "saiam do meu pé", "larga de mim", "me larga", "não enche", "nao enche o saco",
    "não enche meu saco", "n enche", "não me enche", "não encham o saco", "para de encher o saco",
    "parem de encher", "para de me encher o saco", "para de torrar minha paciência", "me erra",
    "vê se me erra", "vê se me esquece", "me esqueçam", "esquece que eu existo", "esquece meu numero",
    "esqueçam de mim", "esquece eu", "não me perturbe", "não me perturba mais", "vai perturbar outro",
    "vai encher outro", "para de perturbar", "parem de perturbar a minha mãe", "para de me atormentar",
    "parem de me importunar", "não me importune", "não me aborreça", "não me amola", "para de me amolar",
    "parem de incomodar", "não incomode", "não quero ser incomodado", "não quero mais ser incomodada por vcs",
    "não quero papo com vcs", "não quero conversa", "não quero contato nenhum", "não quero nenhum contato",
    "não quero mais contato de vcs", "não entra mais em contato", "não entre em contato comigo nunca mais",
    "nao entrem em contato mais comigo", "favor não entrar mais em contato", "parem de entrar em contato",
    "parem de me procurar", "não me procurem mais", "não me procure", "nunca mais entrem em contato",
    "nunca mais me procurem", "nunca mais me perturbem", "não me cobra mais", "não me cobre mais",
    "parem de me cobrar", "para de me cobrar caralho", "parem de cobrar", "não quero ser cobrado",
    "não quero mais ser cobrada", "quero paz", "quero sossego", "quero que me deixem em paz",
    "só quero que me deixem em paz", "me dá um sossego", "me dá paz", "peço que não me contatem mais",
    "peço que não entrem mais em contato", "some da minha vida", "sumam da minha vida",
    "para de me perseguir", "não falem mais comigo de jeito nenhum, me deixem em paz",
    "vcs são uns chatos me deixem em paz", "não me manda mais nada, me deixa em paz", "não me incomode mais",
    "não me incomodem nunca mais", "nao incomodem minha mae", "não fica me enchendo o saco",
    "para de encher porra", "PARA DE ME ENCHER", "q inferno me deixa em paz", "deixa a gente em paz",
    "deixem ela em paz", "deixa ele em paz", "não entrem em contato comigo de forma alguma",
    "não me cobrem mais obrigado", "não me contatem mais por nenhum meio", "não quero mais que me procurem",
    "não quero q entrem em contato", "não quero que vcs me procurem", "gostaria de não ser incomodado",
    "vão encher outro", "não me enche o saco porra", "larga meu pé porra", "vê se larga do meu pé",
    "me deixa quieto no meu canto", "peço que me deixem em paz", "esquece de mim", "me esquece caralho",
    "esquece q eu existo",
]  # fmt: skip
TYPED_NO_CALLS_LEFT_ALONE = [
    "não me liga mais e me deixa em paz", "parem de me ligar e me deixem em paz",
    "não quero ligação, mensagem nem contato, me deixa em paz",
]  # fmt: skip
TYPED_STRANGERS = [
    "número mudou de dono", "numero mudou d dono", "esse número mudou de dono",
    "esse chip é novo, não sou ela", "não sou ela", "n sou ela", "ñ sou essa pessoa", "nao sou a maria",
    "não sou o João não", "não me chamo Maria", "meu nome não é Maria", "meu nome não é esse",
    "aqui não é a maria", "aqui n é o joao", "aqui não é ele", "aqui não tem ninguém com esse nome",
    "não tem ninguém com esse nome aqui", "não existe ninguém com esse nome nesse número",
    "ninguém com esse nome aqui", "nao conheço essa pessoa", "não conheço essa Maria",
    "não conheço nenhuma Maria", "não conheço ninguem com esse nome", "nem conheço essa pessoa",
    "não sei quem é", "n sei quem é essa pessoa", "não sei quem é Maria", "nem sei quem é",
    "não faço ideia de quem seja", "quem é maria? numero errado", "número errado", "numero errado amigo",
    "tel errado", "zap errado", "contato errado", "vc errou o numero", "vcs erraram o número",
    "errou de número", "mandou pra pessoa errada", "mandou mensagem pro número errado",
    "mandou no número errado", "msg errada, não sou eu", "você está mandando pro número errado",
    "vcs tão ligando pro numero errado", "tá ligando errado", "ligou errado", "engano", "é engano",
    "foi engano amigo", "acho q é engano", "acho que vocês se enganaram de número", "esse número não é dele",
    "esse numero n é da maria", "esse número não é mais dela", "esse número não pertence a essa pessoa",
    "este número não pertence mais à Maria", "esse tel n é mais do joao", "esse número agora é meu",
    "esse numero é meu agora", "esse número é novo, não sou o joão", "esse whatsapp não é dela",
    "esse zap não é do João", "ela trocou de número", "ele mudou de número", "ela não usa mais esse número",
    "ele não tem mais esse número", "ele não mora mais aqui", "essa pessoa não mora aqui",
    "maria não mora mais aqui", "ela não trabalha mais aqui", "essa pessoa não trabalha mais aqui",
    "aqui é de uma empresa, não conheço essa pessoa", "esse telefone é de outra pessoa",
    "esse número é de outra pessoa", "não é comigo, número errado", "Bom dia, não sou a pessoa que procuram",
    "não sou essa pessoa que vcs procuram", "não sou quem vcs estão procurando", "essa não sou eu",
    "esse não sou eu", "não é essa pessoa", "pessoa errada", "não sou eu não", "desconheço essa pessoa",
    "desconheço esse nome", "desconheço a pessoa", "CONTATO ERRADO", "Esse numero nao e do Sr Jose",
    "aqui não é da casa dela", "não é mais o número dela", "não é o número dela",
    "ela não tem mais esse número", "o João não tem mais esse numero",
    "esse número era da minha irmã, agora é meu", "esse numero era dela mas agora é meu",
    "peguei esse chip agora, não conheço ela", "não conheço ela", "nem sei quem é essa mulher",
    "vcs erraram de pessoa", "errou de pessoa", "telefone errado", "esse número tá errado, não sou ela",
    "aqui não é dela", "não me chamo Roberto", "não me chamo assim", "meu nome é Carlos, não sou a Maria",
    "não sou o sr José", "não sou a dona Maria", "não sou essa Maria não", "não sou a Maria não",
    "não é essa pessoa não", "ele não mora mais aqui não", "aqui não mora nenhuma Maria",
    "aqui não mora ninguém com esse nome", "desculpe, é engano", "boa tarde, número errado",
    "oi, acho que é engano", "bom dia, foi engano", "Olá, não conheço essa pessoa, obrigada",
    "você ligou pra pessoa errada", "estão mandando msg pra pessoa errada", "quem? não conheço essa pessoa",
]  # fmt: skip
TYPED_STRANGERS_STOP = [
    "não conheço essa pessoa, tirem esse número", "não sou ele, para de mandar msg",
    "não conheço essa pessoa, tira meu número daí", "pessoa errada parem de mandar mensagem",
]  # fmt: skip
TYPED_STRANGERS_LEFT_ALONE = [
    "número errado, me deixa em paz", "não conheço essa pessoa, não me perturbem",
]  # fmt: skip
TYPED_STRANGERS_NO_CALLS = [
    "numero errado nao me liga mais", "não sou a Maria, parem de me ligar",
    "já falei que não sou a Maria, não me liguem mais", "esse número não é dela já falei pra não ligar",
    "não sou essa pessoa, não me liga mais", "esse número mudou de dono, não liguem mais",
]  # fmt: skip
TYPED_STARTS = [
    "START", "voltar", "quero receber mensagens", "pode voltar a mandar mensagem", "podem me mandar mensagem",
    "quero voltar a receber mensagens", "aceito receber mensagens",
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


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *[(text, {Meaning.OPT_OUT}) for text in TYPED_STOPS],
        *[(text, {Meaning.OPT_OUT, Meaning.NO_CALLS}) for text in TYPED_NO_CALLS],
        *[(text, set()) for text in TYPED_FOR_A_PERSON],
        *[(text, {Meaning.NO_CALLS}) for text in TYPED_TEXTS_ONLY],
        *[(text, {Meaning.OPT_OUT, Meaning.LEFT_ALONE}) for text in TYPED_LEFT_ALONE],
        *[
            (text, {Meaning.OPT_OUT, Meaning.NO_CALLS, Meaning.LEFT_ALONE})
            for text in TYPED_NO_CALLS_LEFT_ALONE
        ],
        *[(text, {Meaning.WRONG_PERSON}) for text in TYPED_STRANGERS],
        *[(text, {Meaning.OPT_OUT, Meaning.WRONG_PERSON}) for text in TYPED_STRANGERS_STOP],
        *[
            (text, {Meaning.OPT_OUT, Meaning.LEFT_ALONE, Meaning.WRONG_PERSON})
            for text in TYPED_STRANGERS_LEFT_ALONE
        ],
        *[
            (text, {Meaning.OPT_OUT, Meaning.NO_CALLS, Meaning.WRONG_PERSON})
            for text in TYPED_STRANGERS_NO_CALLS
        ],
        *[(text, {Meaning.OPT_IN}) for text in TYPED_STARTS],
    ],
)
def test_what_debtors_type_is_heard_as_they_mean_it(text, meant):
    assert meanings_of(text) == meant
