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
        "parar", "pare", "parem", "para", "sair", "saia", "cancelar", "cancela", "cancele", "cancelem",
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
#: Courtesy and emphasis change nothing, wherever they stand.
_SAID_POLITELY = re.compile(
    r" (?:por favor|faz favor|pf|pfvr?|please|por gentileza|se possivel|de jeito nenhum"
    r"|(?:pel[oa]|por) (?:o )?amor d[ei] (?:deus|jesus)|por nada(?: [dn]es[st]e mundo)?"
    r"|por nenhum (?:meio|motivo|canal))(?= |$)"
)
_AROUND = re.compile(
    r"^(?:(?:ola|oi|bom dia|boa tarde|boa noite|favor|eu quero|quero|gostaria de|desejo|solicito) )+"
    r"|(?: (?:obrigad[oa]|tudo|isso|ja|agora|urgente|imediatamente))+$"
)
_MESSAGES = r"(?:mensage(?:m|ns)|msgs?|sms|torpedos?|whats\w*|e ?mails?|ligac(?:ao|oes)|chamadas?|contatos?)"
_TEXTS = r"(?:mensage(?:m|ns)|msgs?|sms|whats\w*|zap\w*|e ?mails?)"
_REFUSES = r"\bnao (?:quero|desejo|aceito|autorizo)(?: mais)?"
_YOU = r"(?:voces? |vcs? )?"
_TAKE_AWAY = r"\b(?:(?:tir|retir|exclu|remov|apag)\w+|bloque(?:ar|iem?|ia))"
_OFF_THE_LIST = r"(?:exclu(?:ir|am?|i)|remov(?:er|am?|e)|descadastr(?:ar|em?|a)|bloque(?:ar|iem?|ia))"
_ELSEWHERE = r"(?! (?:d[aeo]|no) (?:spc|serasa|scpc|negativ\w+|cadastro d[eo] inadimpl\w+|protesto))"
_CALLS = r"(?:ligac(?:ao|oes)|chamadas?)"
#: "Stop doing", but not "will you stop?" and "I don't want you to stop"; "if you don't stop" is a wish.
_STOP_DOING = (
    r"(?:(?<!vai )(?<!vao )(?<!nao )(?<!vou )(?<!quero que )\b(?:par(?:ar|e|em|a)|deix(?:e|em|a))"
    r"|\bse (?:\w+ )?nao parar(?:em)?|\bnao va(?:o|i) parar) (?:de|com) (?:ficar )?(?:me )?"
)
#: A time, a place, another way or somebody else is no wish about everything: a person reads it.
_LIMIT = (
    r" (?:agora|hoje|se|no|na|nos|pro|pra|pras|pelo|pela|por(?! v(?:oces?|cs?)\b)"
    r"|para (?:o|a|meu|minha))\b"
    r"| com (?!voces?\b|vcs?\b|isso\b|(?:ess[ae]s? )?(?:cobranc|mensag|ligac))"
)
_NOT_ALL = rf"(?!{_LIMIT})"
#: To whom no call, or no message, may come, his own telephone is no limit to that.
_HIS_OWN = (
    r" (?:no|na|pro|pra|pelo|por|para)(?: o)?(?: meu| ess[ea]| est[ea])?"
    r" (?:celular|numero|telefone|fone|whats\w*|zap\w*|sms|mensage\w+|e ?mail|aqui)\b"
)
_NOT_ELSEWHERE = rf"(?!(?!{_HIS_OWN})(?:{_LIMIT}))"
_NO_CALLS = re.compile(
    "|".join(
        (
            r"(?<!celular )(?<!telefone )(?<!carro )(?<!tv )\b(?:nao|nunca mais) (?:me )?"
            rf"(?:lig(?:a|ar|uem?)|telefon(?:a|ar|em?))\b{_NOT_ELSEWHERE}",
            rf"{_STOP_DOING}(?:ligar|ligando|telefonar|telefonando|{_CALLS})\b{_NOT_ELSEWHERE}",
            rf"(?<!nao )\bquero que parem de (?:me )?ligar\b{_NOT_ELSEWHERE}",
            rf"{_REFUSES} (?:receber )?(?:mais )?(?:ess[ea]s? |nenhuma |suas? )?{_CALLS}\b{_NOT_ELSEWHERE}",
            rf"{_REFUSES} que {_YOU}(?:me )?(?:lig|telefon)\w+\b{_NOT_ELSEWHERE}",
            rf"\b(?:sem|chega de) (?:mais )?{_CALLS}\b",
            r"\bnao (?:entr(?:em?|ar) em contato|me (?:cobr|contat)(?:em?|ar)) (?:por|pelo) telefone\b",
            rf"{_REFUSES} (?:nenhum )?contato (?:por|pelo) telefone\b",
        )
    )
)
_LEFT_ALONE = re.compile(
    "|".join(
        (
            r"\bdeix(?:a|e|em|ar)(?: (?:me|eu|nos|a gente|(?:[oa] )?(?:minha|meu) \w+))? em paz\b",
            rf"\bnao (?:me |nos )?(?:perturb|incomod)(?:a|em?|ar)\b{_NOT_ALL}",
            rf"\bnao (?:me|nos) (?:procur|contat|contact)(?:a|em?|ar)\b{_NOT_ALL}",
            r"\bnao (?:me|nos) cobr(?:em?|ar)(?: mais)?$",
            rf"\bnao entr(?:em?|ar)(?: mais)? em contato\b{_NOT_ALL}",
            rf"{_STOP_DOING}(?:perturbar|incomodar|entrar em contato)\b{_NOT_ALL}",
            rf"{_STOP_DOING}cobrar(?: mais)?$",
            rf"\bpar(?:ar|e|em|a) de me (?:procurar|contatar|contactar)\b{_NOT_ALL}",
            rf"{_REFUSES} ser (?:mais )?(?:contat|contact|procurad|incomodad|perturbad)\w+\b{_NOT_ALL}",
            rf"{_REFUSES} (?:mais )?(?:ess[ea] |nenhum |qualquer |nenhum tipo de )?contatos?\b{_NOT_ALL}",
            rf"{_REFUSES} que {_YOU}(?:me )?(?:contat|contact|procur|perturb|incomod)\w+\b{_NOT_ALL}",
            rf"{_REFUSES} ser (?:mais )?cobrad[oa](?: mais)?$",
            rf"{_REFUSES} que {_YOU}entrem em contato\b{_NOT_ALL}",
            r"^(?:me esquec(?:e|a|am)|esquec(?:e|a|am) (?:de mim|(?:o )?meu numero))\b",
        )
    )
)
#: "Write instead": told to do it, or that only this is wanted. "You only send messages" is no wish.
_ASKS_FOR_MESSAGES = re.compile(
    r"(?<!nao )(?<!nao me )(?<!nem )(?<!nem me )(?<! e )(?<! e me )\b"
    r"(?:mand(?:a|em?)|envi(?:a|em?)|prefiro|so|apenas|somente)"
    r"(?: (?:por|pel[oa]|via|n[oa]|uma?|[oa]|me|meu|quero|aceito|receber|mand(?:a|em?)|envi(?:a|em?)))*"
    rf" {_TEXTS}\b"
)
_STOP_PHRASES = re.compile(
    "|".join(
        (
            rf"^nao quero(?: mais)?(?: (?:nada|isso|ess[ea]s?))?(?: {_MESSAGES})?$",
            rf"{_REFUSES} (?:receber|ser contat\w+|que {_YOU}me \w+)\b{_NOT_ELSEWHERE}",
            rf"{_REFUSES} (?:ess[ea]s? |est[ea]s? |nenhum\w* )?{_MESSAGES}\b{_NOT_ELSEWHERE}",
            rf"\b(?:nao|nunca mais) (?:me|nos) (?:mand|envi|escrev|cham)(?:a|em?|ar|er)\b{_NOT_ELSEWHERE}",
            r"\b(?:nao|nunca mais) (?:mand|envi|escrev)(?:em?|am?)"
            rf" (?:ess[ea]s? )?(?:mais|nada|{_MESSAGES})\b",
            rf"{_STOP_DOING}(?:(?:mandar|enviar|mandando|enviando|ess[ea]s|isso)\b|{_MESSAGES})",
            r"\bpar(?:ar|e|em|a) de me (?!pag|cobr|lig|procur|contat|contact)\w+",
            r"\bnao (?:me |nos )?(?:entr(?:em?|ar) em contato"
            r"|(?:procur|contat|contact|cobr|incomod|perturb)(?:a|em?|ar))"
            r"(?: mais)? (?:por|pelo|no) (?:aqui|sms|mensage\w+|whats\w*|zap\w*|e ?mail)\b",
            r"\b(?:cancel|suspend)\w+ (?:ess[ea]s? |[oa]s? |meu |d[eoa] )*"
            rf"(?:envios?|cadastro|inscricao|{_MESSAGES})\b",
            rf"\b(?:sem mais|chega de) {_MESSAGES}\b",
            rf"^{_TEXTS} nao$",
            rf"{_TAKE_AWAY} (?:me |o |do |meu )*(?:numero|nome|contato|telefone|e ?mail)\b{_ELSEWHERE}",
            rf"{_TAKE_AWAY} (?:me )?(?:d[aeo]|dessa|desta|sua) (?:sua )?(?:lista|cadastro)\b(?! d[eo] inad)",
            rf"\b(?:me|nos) {_OFF_THE_LIST}\b{_ELSEWHERE}",
            r"\bme tir\w+ (?:dai|daqui|diss[oa]"
            r"|dess[ea]s? (?:lista|grupo|cadastro|sistema|numero|sms|mensage\w+))\b",
            r"\b(?:apag|exclu)\w+ (?:os )?meus dados\b",
            r"\bnao fal(?:a|em?) mais comigo\b",
            r"^podem? parar(?: (?:com|de (?:me|mandar|enviar|ligar))\b|$)",
            r"\bparem?$",
            r"^(?:opt out|stop all)\b",
        )
    )
)
_NOT_A_STOP = re.compile(
    r"^(?:parar|pare|parem|sair)"
    r" (?:de (?:pagar|dever|trabalhar|cobrar juros)|do (?:emprego|trabalho|hospital))\b"
    r"|^(?:sair|remov(?:er|am?))(?: (?:o )?(?:meu )?nome)? (?:d[aeo]s?|no)"
    r" (?:spc|serasa|scpc|divida|juros|multa)\b"
)
_START_PHRASE = re.compile(rf"^(?:quero|aceito|podem?)(?: voltar a)? (?:receber|(?:me )?mandar) {_MESSAGES}")
#: One word behind "this" that may be somebody's name: not what a debtor may not know, or not want to be.
_A_NAME = (
    r"(?!tipo|cliente|devedor|caloteir|bandid|ladra|monstr|divid|debit|contrat|cobranc|empresa|acordo|valor|boleto"
    r"|compra|loja|conta|credor|banco|lugar|produto|cartao|parcela|protocolo|codigo|numero|link|site|servico)\w+"
)
_WRONG_PERSON = re.compile(
    "|".join(
        (
            r"(?<!pra )(?<!para a )(?<!na )\b(?:numero|pessoa|telefone|contato|whats\w*) errad[oa]\b"
            r"(?! (?:do|da|no|na|o|a)\b)",
            r"\b(?:ligou|ligaram|mandou|mandaram) errado\b(?! (?:o|a|do|da)\b)",
            r"^(?:e |foi |deve ser |deve ter sido )?(?:um )?engano\b(?! (?:ja|do|da|meu|minha|paguei))",
            r"\bnao sou (?:eu$|eu n\w+|(?:ess|est)[ea] (?:pessoa|mulher|homem|senhora?|ai)\b|ele\b|ela\b"
            r"|quem (?:voces?|vcs?) procur\w+$"
            rf"|(?:ess|est)[ea] {_A_NAME}$"
            r"|[ao] (?!respons|favor|unic|mesm|tipo|titular))",
            r"\bnao conheco (?:(?:ess|est)[ea] (?:pessoa|nome|mulher|homem|senhora?|tal)\b|ningu\w+|el[ea]\b"
            r"|nenhum\w* (?!empresa|acordo|divida|debito|contrato|cobranca)|quem\b"
            rf"|(?:ess|est)[ea] {_A_NAME}$)",
            r"\bdesconheco (?:ess|est)[ea] (?:pessoa|nome)\b",
            r"\bnao sei quem (?:e|seja)\b(?! (?:voces?|vcs?|o credor|ess[ea] empresa|est[ea] empresa)\b)",
            r"\b(?:es[st][ea]|o) (?:numero|telefone|celular) nao (?:e|pertence)(?: mais)?"
            r" (?:d[aeo]|del[ea]|a|meu)\b",
            r"\bes[st][ea] (?:numero|telefone|celular)"
            r" (?:(?:agora|ja) e meu|e meu agora|e de outra pessoa)\b",
            r"\bnao e (?:o )?meu (?:numero|telefone|celular)\b(?! d[eoa] )",
            r"^aqui nao e d?[ao] (?!valor|lugar|local|caso|sede)\w+$",
            r"^(?:(?!meu |minha )\w+ ){0,8}nao mora(?: mais)? aqui$",
            r"\bwrong (?:number|person)\b",
        )
    )
)


def meanings_of(text: str) -> frozenset[Meaning]:
    """Return what `text` asks for; empty when that is for a person to read.

    Case, accents, punctuation, quotes, emoji and blanks do not matter. Where a text could mean both,
    it is taken as a wish to be left alone: a message too few can be mended, one too many cannot.
    """
    plain = re.sub(r"\bn\b", "nao", normalise(text))
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
