"""What a short text from a debtor asks for: to be left alone, to be written to again, or someone else."""

import re
import unicodedata
from enum import StrEnum

LONGEST_READ = 1_000  # characters; what follows changes nothing


class Meaning(StrEnum):
    """What a text asks for. One text may ask for several, or for nothing that a rule can answer.

    OPT_OUT is about the channel it came by, NO_CALLS about calls, LEFT_ALONE about everything. Who wants
    no calls is taken to want no texts either, unless he asks for them.
    """

    OPT_OUT = "opt_out"
    NO_CALLS = "no_calls"
    LEFT_ALONE = "left_alone"
    OPT_IN = "opt_in"
    WRONG_PERSON = "wrong_person"


#: Each of them ends something. Who asks for texts in place of calls refuses calls, and calls only.
REFUSALS = frozenset({Meaning.OPT_OUT, Meaning.NO_CALLS, Meaning.LEFT_ALONE})

# Words that mean "stop" as a whole message. The English ones are Twilio's own default list.
STOP_WORDS = frozenset(
    {
        "parar", "pare", "parem", "para", "sair", "sai", "saia", "cancelar", "cancela", "cancele", "cancelem",
        "remover", "remova", "removam", "descadastrar", "descadastre", "descadastra", "descadastro",
        "bloquear", "bloqueia", "bloqueie", "bloqueiem", "excluir", "exclui", "exclua", "excluam", "remove",
        "chega", "basta", "encerrar", "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke",
        "optout",
    }
)  # fmt: skip
# Those that mean it too when more words follow. "Para quando é?" and "End. Rua A" must not be among them.
STOP_BEGINNINGS = frozenset(
    {
        "parar", "pare", "parem", "sair", "remover", "remova", "removam", "descadastrar", "descadastre",
        "descadastra", "stop", "stopall", "unsubscribe", "quit", "revoke", "optout",
    }
)  # fmt: skip
START_WORDS = frozenset(
    {
        "start", "yes", "unstop", "voltar", "iniciar", "reativar", "retomar",
    }
)  # fmt: skip

# All patterns below read normalised words: lower case, no accents, single blanks, nothing else.
#: What is hardly ever written out on a telephone. "Num" is also "in a", unless a wish follows.
_ABBREVIATED = {
    "n": "nao",
    "naum": "nao",
    "d": "de",
    "q": "que",
    "qro": "quero",
    "c": "com",
    "p": "pra",
    "pq": "por que",
}
_ABBREVIATIONS = re.compile(rf"\b(?:{'|'.join(_ABBREVIATED)}|num(?= (?:me|quero|qro|lig\w+|mand\w+)\b))\b")
#: Courtesy and emphasis change nothing, wherever they stand.
_SAID_POLITELY = re.compile(
    r" (?:por favor|faz favor|pf|pfvr?|please|por gentileza|se possivel|de jeito nenhum"
    r"|(?:pel[oa]|por) (?:o )?amor d[ei] (?:deus|jesus)|por nada(?: [dn]es[st]e mundo)?"
    r"|por nenhum (?:meio|motivo|canal)|caralho|cacete|pqp|(?:porra|merda)(?: de)?"
    r"|obg|vlw|grat[oa]|(?<! sou )obrigad[oa]$)(?= |$)"
)
_AROUND = re.compile(
    r"^(?:(?:ola|oi|bom dia|boa tarde|boa noite|favor|eu quero|quero|gostaria de|desejo|solicito) )+"
    r"|(?: (?:obrigad[oa]|tudo|isso|ja|agora|urgente|imediatamente))+$"
)
_MESSAGES = r"(?:mensage(?:m|ns)|msgs?|sms|torpedos?|whats\w*|zap\w*|e ?mails?|contatos?)"
_TEXTS = r"(?:mensage(?:m|ns)|msgs?|sms|whats\w*|zap\w*|e ?mails?)"
_REFUSES = (
    r"\b(?:nao (?:quero|desejo|aceito|autorizo|tenho interesse em)(?: mais)?"
    r"|(?:gostaria de|quero|prefiro|como faco (?:pra|para)) nao)"
)
_YOU = r"(?:voces? |vcs? )?"
_TAKE_AWAY = r"\b(?:(?:tir|retir|exclu|remov|remoc|apag|descadastr)\w+|bloque(?:ar|iem?|ia))"
_OFF_THE_LIST = r"(?:exclu(?:ir|am?|i)|remov(?:er|am?|e)|descadastr(?:ar|em?|a)|bloque(?:ar|iem?|ia))"
_ELSEWHERE = (
    r"(?! (?:d[aeo]s?|no) (?:lista d[aeo] )?"
    r"(?:orgaos|spc|serasa|scpc|negativ\w+|cadastro d[eo] inadimpl\w+|protesto))"
)
_CALLS = r"(?:ligac(?:ao|oes)|chamadas?)"
_NUMBER = r"(?:numero|telefone|tel|fone|celular|chip|zap\w*|whats\w*)"
_HIM = r"(?:me|eu|nos|nois|el[ea]s?|a gente|(?:[oa] )?(?:minha|meu) \w+)"
_PESTER = r"(?:perturb|incomod|importun|atorment|amol)"
#: "Stop doing", but not "will you stop?" and "I don't want you to stop"; "if you don't stop" is a wish.
_STOP_DOING = (
    r"(?:(?<!vai )(?<!vao )(?<!nao )(?<!vou )(?<!quero que )"
    r"\b(?:par(?:ar(?:em)?|assem|e|em|a)|deix(?:e|em|a)|chega|basta|proib\w+(?: voces?| vcs?)?)"
    r"|\bse (?:\w+ )?nao parar(?:em)?|\bnao va(?:o|i) parar) (?:de|com|dess[ea]s?) (?:ficar )?(?:me )?"
    r"(?:receber )?(?:as? |ess[ea]s? |tant[ao]s? )?"
)
#: A time, a place, another way or somebody else is no wish about everything: a person reads it.
_LIMIT = (
    r" (?:agora|hoje|se|no|na|nos|pro|pra|pras|pelo|pela|por(?! v(?:oces?|cs?)\b)"
    r"|para (?:o|a|meu|minha))\b"
    r"| com (?!voces?\b|vcs?\b|isso\b|(?:ess[ae]s? )?(?:cobranc|mensag|ligac))"
)
_WHEN = (
    r"(?: (?:antes|depois(?! d(?:isso|ess[ea])\b)|durante|aos|fora d[eo]|em horario"
    r"|a noite|a tarde|amanha|es[st]a semana)\b"
    r"| de (?:dia(?! nem\b)|manha|tarde|noite|madrugada|segunda|sexta|sabado|domingo)\b)"
)
_AT_WORK = r" (?:no|pro|para o) (?:meu )?(?:trabalho|servico|emprego)\b"
_NOT_ALL = rf"(?!{_LIMIT}|{_WHEN})"
#: To whom no call, or no message, may come, his own telephone is no limit to that.
_HIS_OWN = (
    r" (?:no|na|pro|pra|pelo|por|para)(?: o)?(?: meu| ess[ea]| est[ea])?"
    r" (?:celular|numero|telefone|fone|whats\w*|zap\w*|sms|mensage\w+|e ?mail|aqui|mim|ca)\b"
)
_NOT_ELSEWHERE = rf"(?!(?!{_HIS_OWN})(?:{_LIMIT}|(?: mais)?(?: {_TEXTS})?(?:{_WHEN}|{_AT_WORK})))"
#: What he asks not to be sent is not always a message: about the rest a person talks to him.
_NOT_PAYING = (
    r"(?! (?:mais )?(?:[oa]s? |outr[oa]s? )?(?:boleto|pix|link|fatura|carta|proposta|inform|detalh))"
)
_THREAT = r"(?:process\w+|procon|policia|denunci\w+|bloque\w+)"
_NO_CALLS = re.compile(
    "|".join(
        (
            r"(?<!celular )(?<!telefone )(?<!carro )(?<!moto )(?<!tv )(?<!por que )(?<!porque )"
            r"\b(?:nao|nunca mais) (?:(?:e (?:pra|para)|fi(?:ca|quem?|car)) )?(?:me )?"
            rf"(?:lig(?:a|ar|ando|uem?)|telefon(?:a|ar|em?))\b{_NOT_ELSEWHERE}",
            rf"\bnao (?:precisam?|adianta) (?:mais )?(?:me )?ligar\b(?! (?:que )?(?:eu )?(?:ja|vou)\b)"
            rf"{_NOT_ELSEWHERE}",
            rf"\b(?:pra|para|que) (?:voces? |vcs? )?nao (?:me )?lig(?:arem|assem)\b{_NOT_ELSEWHERE}",
            r"\b(?:liga|liguem?) (?:mais )?nao$",
            rf"{_REFUSES} (?:voces?|vcs?|ninguem) (?:me )?(?:ligando|telefonando)\b{_NOT_ELSEWHERE}",
            rf"\bse (?:voces? |vcs? )?(?:me )?ligar(?:em)?\b{_NOT_ELSEWHERE}.{{0,60}} {_THREAT}\b",
            r"\blig(?:ar|am?|ando|ac(?:ao|oes))\b.{0,60} par(?:a|em?)$",
            rf"{_STOP_DOING}(?:ligar(?:em)?|ligando|telefonar|telefonando|{_CALLS})\b{_NOT_ELSEWHERE}",
            rf"\bcancel\w+ (?:ess[ea]s |as )?{_CALLS}\b",
            rf"(?<!nao )\bquero que parem de (?:me )?ligar\b{_NOT_ELSEWHERE}",
            rf"{_REFUSES} (?:receber )?(?:mais )?(?:ess[ea]s? |nenhuma |suas? )?{_CALLS}\b{_NOT_ELSEWHERE}",
            rf"{_REFUSES} que {_YOU}(?:fiquem? )?(?:me )?(?:lig|telefon)\w+\b{_NOT_ELSEWHERE}",
            rf"\b(?:sem|chega de) (?:mais )?{_CALLS}\b",
            r"\bnao (?:entr(?:em?|ar) em contato|me (?:cobr|contat)(?:em?|ar)) (?:por|pelo) telefone\b",
            rf"{_REFUSES} (?:nenhum )?(?:contato|falar|conversar) (?:por|pelo|ao|no) telefone\b",
        )
    )
)
_LEFT_ALONE = re.compile(
    "|".join(
        (
            rf"\bdeix(?:a|e|em|ar)(?: {_HIM})? em paz\b",
            rf"\b(?:me deix(?:a|e|em|ar)|deix(?:a|e|em|ar) {_HIM}) (?:quiet[oa]s?|sossegad[oa]s?)\b",
            rf"\b(?:nao|nunca mais) (?:me |nos )?{_PESTER}(?:a|em?|ar)\b{_NOT_ALL}",
            rf"\b(?:nao|nunca mais) (?:me|nos) (?:procur|contat|contact)(?:a|em?|ar)\b{_NOT_ALL}",
            r"\b(?:nao|nunca mais) (?:me|nos) cobr(?:em?|ar|a(?= mais))(?: mais)?$",
            rf"\b(?:nao|nunca mais) entr(?:em?|ar|a(?= mais))(?: mais)? em contato\b{_NOT_ALL}",
            rf"{_STOP_DOING}(?:{_PESTER}ar|perseguir|entrar em contato)\b{_NOT_ALL}",
            rf"(?:\bnao (?:fi(?:ca|quem?) )?(?:me )?ench(?:e|am|endo)|{_STOP_DOING}encher)(?! de\b)\b",
            rf"(?:\bnao (?:me )?aborreca|{_STOP_DOING}(?:aborrecer|torrar))\b",
            rf"\bva(?:i|o)? (?:{_PESTER}ar|encher) outr[oa]\b",
            r"\b(?:larg(?:a|uem?)|sai(?:am?)?) (?:do )?meu pe\b|\blarg(?:a|uem?) de mim\b",
            r"\b(?:some|sumam?) da minha vida\b|\bme d(?:a|eem) (?:um )?(?:sossego|paz)\b",
            r"^(?:so )?quero (?:paz|sossego)$",
            r"^(?:ve se )?me (?:deix(?:a|em?)|larg(?:a|uem?)|err(?:a|em?))$",
            rf"{_REFUSES} (?:papo|conversa)(?: com (?:voces?|vcs?))?$",
            rf"{_STOP_DOING}cobrar(?: mais)?$",
            rf"\bpar(?:ar|e|em|a) de me (?:procurar|contatar|contactar)\b{_NOT_ALL}",
            rf"{_REFUSES} ser (?:mais )?(?:contat|contact|procurad|{_PESTER}ad)\w+\b{_NOT_ALL}",
            rf"{_REFUSES} (?:mais )?(?:ess[ea] |nenhum |qualquer |nenhum tipo de )?contatos?\b{_NOT_ALL}",
            rf"{_REFUSES} que {_YOU}(?:me )?(?:contat|contact|procur|perturb|incomod)\w+\b{_NOT_ALL}",
            rf"{_REFUSES} ser (?:mais )?cobrad[oa](?: mais)?$",
            rf"{_REFUSES} que {_YOU}entrem em contato\b{_NOT_ALL}",
            r"^(?:(?:ve se )?me esquec(?:e|a|am)"
            r"|esquec(?:e|a|am) (?:de mim|eu$|que eu existo|(?:o )?meu numero))\b",
        )
    )
)
#: "Write instead": told to do it, or that only this is wanted. "You only send messages" is no wish.
_ASKS_FOR_MESSAGES = re.compile(
    r"(?<!nao )(?<!nao me )(?<!nem )(?<!nem me )(?<! e )(?<! e me )\b"
    r"(?:mand(?:a|em?)|envi(?:a|em?)|cham(?:a|em?)|fal(?:a|em?)|resolv(?:e|am)|prefiro|so|apenas|somente"
    r"|podem? (?:me )?(?:mandar|enviar|chamar|ser))"
    r"(?: (?:por|pel[oa]|via|n[oa]|uma?|[oa]|me|meu|quero|aceito|receber|mand(?:a|em?)|envi(?:a|em?)))*"
    rf" (?:{_TEXTS}|(?<=por )aqui)\b"
)
_STOP_PHRASES = re.compile(
    "|".join(
        (
            rf"^nao quero(?: mais)?(?: (?:nada|isso|ess[ea]s?))?(?: {_MESSAGES})?$",
            rf"{_REFUSES} (?:receber(?! (?:\w+ )?{_CALLS})|ser contat\w+|que {_YOU}me (?!lig)\w+)\b"
            rf"{_NOT_ELSEWHERE}",
            rf"{_REFUSES} (?:ess[ea]s? |est[ea]s? |nenhum\w* |o envio de )?{_MESSAGES}\b{_NOT_ELSEWHERE}",
            rf"\b(?:nao|nunca mais) (?:me|nos) (?:mand|envi|escrev|cham)(?:a|em?|ar(?:em)?|er)\b"
            rf"{_NOT_PAYING}{_NOT_ELSEWHERE}",
            r"\b(?:nao|nunca mais) (?:precisam? )?(?:mais )?(?:me )?"
            r"(?:mand|envi|escrev)(?:em?|am?|ar(?:em)?)\b"
            rf"{_NOT_PAYING} (?:ess[ea]s? )?(?:mais|nada|{_MESSAGES})\b{_NOT_ELSEWHERE}",
            rf"{_STOP_DOING}(?:(?:mandar|enviar|mandando|enviando|ess[ea]s|isso)\b|{_MESSAGES})",
            r"\bpar(?:ar|e|em|a) de me (?!pag|cobr|lig|procur|contat|contact)\w+",
            r"\bnao (?:me |nos )?(?:entr(?:em?|ar) em contato"
            r"|(?:procur|contat|contact|cobr|incomod|perturb)(?:a|em?|ar))"
            r"(?: mais)? (?:por|pelo|no) (?:aqui|sms|mensage\w+|whats\w*|zap\w*|e ?mail)\b",
            r"\b(?:cancel|suspend)\w+ (?:ess[ea]s? |[oa]s? |meu |d[eoa] )*"
            rf"(?:envios?|recebimento|cadastro|inscricao|{_MESSAGES})\b",
            rf"\bsem mais {_MESSAGES}\b|^sem (?:mensage(?:m|ns)|msgs?|sms)$|^(?:chega|basta) disso$",
            r"\bbloque(?:ei|ar|ando) (?:voces?|vcs?|ess[ea] (?:numero|contato))\b|\bte bloque(?:ei|ar)\b",
            r"\bdenunci\w+ (?:como|por) spam\b|\b(?:mand|envi)(?:a|em?) mais (?:nada )?nao$",
            rf"\bse (?:voces? |vcs? )?(?:me )?(?:mandar|enviar)(?:em)?\b{_NOT_PAYING}.{{0,60}} {_THREAT}\b",
            r"\b(?:falei|pedi|disse|mandei) (?:(?:pra|para) )?(?:voces? |vcs? )?(?:pararem|parar|sair)"
            r"(?: d\w+ lista)?$",
            rf"^{_TEXTS} nao$",
            rf"{_TAKE_AWAY} (?:me |o |do |meu |ess[ea] |este )*"
            rf"(?:{_NUMBER}|nome|contato|e ?mail)\b{_ELSEWHERE}",
            rf"{_TAKE_AWAY} (?:me |eu |nois |a gente )?(?:d[aeo]|dessa|desta|sua)"
            r" (?:sua )?(?:lista|cadastro)\b(?! d[eo] inad)",
            rf"\b(?:me|nos) {_OFF_THE_LIST}\b{_ELSEWHERE}",
            r"\bme tir\w+ (?:dai|daqui|diss[oa]"
            r"|dess[ea]s? (?:lista|grupo|cadastro|sistema|numero|sms|mensage\w+))\b",
            r"\b(?:apag|exclu|remov|remoc)\w+ (?:d?os )?meus dados\b",
            r"\bnao fal(?:a|em?) mais comigo\b",
            r"^podem? parar(?: (?:com|de (?:me|mandar|enviar|ligar))\b|$)",
            r"\bparem?$",
            r"^(?:opt out|stop all)\b",
        )
    )
)
_NOT_A_STOP = re.compile(
    r"^(?:parar|pare|parem|sair)"
    r" (?:de (?:pagar|dever|trabalhar|cobrar juros)|com (?:os )?juros|do (?:emprego|trabalho|hospital))\b"
    r"|^(?:sair|remov(?:er|am?))(?: (?:o )?(?:meu )?nome)? (?:d[aeo]s?|no)"
    r" (?:spc|serasa|scpc|divida|juros|multa)\b"
)
_START_PHRASE = re.compile(rf"^(?:quero|aceito|podem?)(?: voltar a)? (?:receber|(?:me )?mandar) {_MESSAGES}")
#: One word behind "this" that may be somebody's name: not what a debtor may not know, or not want to be.
_A_NAME = (
    r"(?!tipo|cliente|devedor|caloteir|bandid|ladra|monstr|divid|debit|contrat|cobranc|empresa|acordo|valor"
    r"|boleto|compra|financ|loja|conta|credor|banco|lugar|produto|cartao|parcela|protocolo|codigo|numero|link"
    r"|site|servico)\w+"
)
_WRONG_PERSON = re.compile(
    "|".join(
        (
            r"(?<!pra )(?<!para a )(?<!na )"
            rf"\b(?:pessoa|contato|{_NUMBER}) errad[oa]\b(?! (?:do|da|no|na|o|a)\b)",
            r"\b(?:lig|mand)(?:ou|aram|ando) (?:(?:msg |mensagem )?(?:pra|para a) pessoa errada$"
            r"|errado\b(?! (?:o|a|do|da)\b))",
            r"\b(?:err|engan)(?:ou|aram) (?:o |de )?(?:numero|telefone|pessoa)\b(?! d[aeo])",
            r"^(?:(?:oi|ola|bom dia|boa tarde|boa noite|desculpe?|acho que) )*(?:e |foi |deve ser "
            r"|deve ter sido )?(?:um )?engano\b"
            r"(?! (?:ja|d[aeo]|no|seu|meu|minha|paguei)\b)",
            r"\bnao sou (?:eu$|eu n\w+|(?:ess|est)[ea] (?:pessoa|mulher|homem|senhora?|ai)\b|ele\b|ela\b"
            r"|quem (?:voces?|vcs?) (?:estao )?procur\w+$"
            rf"|(?:ess|est)[ea] {_A_NAME}(?: nao)?$"
            r"|[ao] (?!respons|favor|unic|mesm|tipo|titular|don[oa] d(?:ess)?[ao] (?:divid|debit|cont)))",
            r"\b(?:nao|nem) conheco (?:(?:ess|est)[ea] (?:pessoa|nome|mulher|homem|senhora?|tal)\b"
            r"|ningu\w+|el[ea]\b"
            r"|nenhum\w* (?!empresa|acordo|divida|debito|contrato|cobranca)|quem\b"
            rf"|(?:ess|est)[ea] {_A_NAME}$)",
            r"\bdesconheco (?:(?:ess|est)[ea]|[ao]) (?:pessoa|nome)\b",
            r"\b(?:nao|nem) (?:sei|faco ideia de) quem (?:e|seja)\b(?! (?:voces?|vcs?|o credor"
            r"|ess[ea] empresa|est[ea] empresa)\b)",
            r"\bningu\w+ com ess[ea] nome\b|\bnao e ess[ea] pessoa\b|\bnao me chamo\b",
            r"\bmeu nome nao e (?!suj|limp)\w+$",
            rf"\b(?:es[st][ea]|o) {_NUMBER} nao (?:e|pertence)(?: mais)? (?:d[aeo]|del[ea]|a|meu)\b",
            rf"\bnao e (?:mais )?o {_NUMBER} del[ea]\b|\bnao (?:usa|tem) mais es[st]e {_NUMBER}\b",
            rf"\b{_NUMBER} mudou de don[oa]\b",
            rf"^(?:el[ea]|ess[ea] pessoa) (?:ja )?(?:trocou|mudou) de {_NUMBER}$",
            rf"\bes[st][ea] {_NUMBER} era .{{0,60}} agora e meu\b",
            rf"\bes[st][ea] {_NUMBER}"
            r" (?:(?:agora|ja) e meu|e meu agora|e de outra pessoa)\b",
            r"\bnao e (?:o )?meu (?:numero|telefone|celular)\b(?! d[eoa] )",
            r"^aqui nao e (?:d?el[ea]|da casa del[ea])$",
            r"^aqui nao e d?[ao] (?!valor|lugar|local|caso|sede)\w+$",
            r"^(?:(?!meu |minha )\w+ ){0,8}nao (?:mora|trabalha)(?: mais)? aqui(?: nao)?$",
            r"\baqui nao mora nenhum",
            r"\bwrong (?:number|person)\b",
        )
    )
)


def meanings_of(text: str) -> frozenset[Meaning]:
    """Return what `text` asks for; empty when that is for a person to read.

    Case, accents, punctuation, quotes, emoji and blanks do not matter. Where a text could mean both,
    it is taken as a wish to be left alone: a message too few can be mended, one too many cannot.
    """
    plain = _ABBREVIATIONS.sub(lambda short: _ABBREVIATED.get(short[0], "nao"), normalise(text))
    plain = _SAID_POLITELY.sub("", f" {plain}").lstrip()
    asked = _AROUND.sub("", plain)
    found = set()
    if _NO_CALLS.search(plain):
        found.add(Meaning.NO_CALLS)
        if not _ASKS_FOR_MESSAGES.search(plain):
            found.add(Meaning.OPT_OUT)
    if _LEFT_ALONE.search(plain):
        found |= {Meaning.OPT_OUT, Meaning.LEFT_ALONE}
    if _is_stop(plain) or _is_stop(asked):
        found.add(Meaning.OPT_OUT)
    elif not found and (plain in START_WORDS or _START_PHRASE.search(plain)):
        found.add(Meaning.OPT_IN)
    if _WRONG_PERSON.search(plain):
        found.add(Meaning.WRONG_PERSON)
    return frozenset(found)


def normalise(text: str) -> str:
    """Return the bare lower-case words of `text`, parted by single blanks.

    Letters written apart ("S A I R", "s.a.i.r") are joined, letters drawn out ("PARARRRR") shortened.
    """
    decomposed = unicodedata.normalize("NFKD", text[:LONGEST_READ]).casefold()
    bare = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf"))
    words = re.sub(r"[\W_]+", " ", bare).split()
    if len(words) > 1 and all(len(word) == 1 for word in words):
        words = ["".join(words)]
    return " ".join(re.sub(r"([^\W\d])\1{2,}", r"\1", word) for word in words)


def _is_stop(words: str) -> bool:
    """Say whether normalised words ask us to stop, by the first of them or by a whole phrase."""
    if words in STOP_WORDS or _STOP_PHRASES.search(words):
        return True
    first = words.partition(" ")[0]
    return first in STOP_BEGINNINGS and not _NOT_A_STOP.search(words)
