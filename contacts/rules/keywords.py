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
_POLITE = re.compile(
    r"^(?:(?:ola|oi|bom dia|boa tarde|boa noite|por favor|favor|pf|pfv|please|por gentileza|eu quero|quero"
    r"|gostaria de|desejo|solicito) )+"
    r"|(?: (?:por favor|pf|pfv|please|por gentileza|obrigad[oa]|tudo|isso|ja|agora|urgente|imediatamente))+$"
)
_MESSAGES = r"(?:mensage(?:m|ns)|msgs?|sms|torpedos?|whats\w*|e ?mails?|ligac(?:ao|oes)|chamadas?|contatos?)"
_REFUSES = r"\bnao (?:quero|desejo|aceito|autorizo)(?: mais)?"
_TAKE_AWAY = r"\b(?:(?:tir|retir|exclu|remov|apag)\w+|bloque(?:ar|iem?|ia))"
_OFF_THE_LIST = r"(?:exclu(?:ir|am?|i)|remov(?:er|am?|e)|descadastr(?:ar|em?|a)|bloque(?:ar|iem?|ia))"
_ELSEWHERE = r"(?! (?:d[aeo]|no) (?:spc|serasa|scpc|negativ\w+|cadastro d[eo] inadimpl\w+|protesto))"
_CALLS = r"(?:ligac(?:ao|oes)|chamadas?)"
#: "Stop doing", but not "will you stop?" and "I don't want you to stop".
_STOP_DOING = (
    r"(?<!vai )(?<!vao )(?<!nao )(?<!vou )(?<!quero que )\b(?:par(?:ar|e|em|a)|deix(?:e|em|a)) (?:de|com)"
    r" (?:ficar )?(?:me )?"
)
#: A time, a place, another way or somebody else is no wish about everything: a person reads it.
_NOT_ALL = r"(?! (?:agora|hoje|no|na|nos|pro|pra|pras?|pelo|pela|por|com|se|para (?:o|a|meu|minha))\b)"
_NO_CALLS = re.compile(
    "|".join(
        (
            r"(?<!celular )(?<!telefone )(?<!carro )(?<!tv )\b(?:nao|nunca mais) (?:me )?"
            rf"(?:lig(?:a|ar|uem?)|telefon(?:a|ar|em?))\b{_NOT_ALL}",
            rf"{_STOP_DOING}(?:ligar|ligando|telefonar|telefonando|{_CALLS})\b{_NOT_ALL}",
            rf"(?<!nao )\bquero que parem de (?:me )?ligar\b{_NOT_ALL}",
            rf"{_REFUSES} (?:receber )?(?:mais )?(?:ess[ea]s? |nenhuma |suas? )?{_CALLS}\b{_NOT_ALL}",
            rf"{_REFUSES} que (?:me )?(?:lig|telefon)\w+\b{_NOT_ALL}",
            rf"\b(?:sem|chega de) (?:mais )?{_CALLS}\b",
            r"\bnao (?:entr(?:em?|ar) em contato|me (?:cobr|contat)(?:em?|ar)) (?:por|pelo) telefone\b",
            rf"{_REFUSES} (?:nenhum )?contato (?:por|pelo) telefone\b",
        )
    )
)
_LEFT_ALONE = re.compile(
    "|".join(
        (
            r"\bdeix(?:a|e|em|ar)(?: (?:me|eu|nos|a gente|minha \w+|meu \w+))? em paz\b",
            rf"\bnao (?:me |nos )?(?:perturb|incomod)(?:a|em?|ar)\b{_NOT_ALL}",
            rf"\bnao (?:me|nos) (?:procur|contat|contact)(?:a|em?|ar)\b{_NOT_ALL}",
            r"\bnao (?:me|nos) cobr(?:em?|ar)(?: mais)?$",
            rf"\bnao entr(?:em?|ar)(?: mais)? em contato\b{_NOT_ALL}",
            rf"{_STOP_DOING}(?:perturbar|incomodar|entrar em contato)\b{_NOT_ALL}",
            rf"{_STOP_DOING}cobrar(?: mais)?$",
            rf"\bpar(?:ar|e|em|a) de me (?:procurar|contatar|contactar)\b{_NOT_ALL}",
            rf"{_REFUSES} ser (?:mais )?(?:contat|contact|procurad|incomodad|perturbad)\w+\b{_NOT_ALL}",
            rf"{_REFUSES} (?:mais )?(?:ess[ea] |nenhum |qualquer |nenhum tipo de )?contatos?\b{_NOT_ALL}",
            rf"{_REFUSES} que (?:me )?(?:contat|contact|procur|perturb|incomod)\w+\b{_NOT_ALL}",
            rf"{_REFUSES} que entrem em contato\b{_NOT_ALL}",
            r"^(?:me esquec(?:e|a|am)|esquec(?:e|a|am) (?:de mim|(?:o )?meu numero))\b",
        )
    )
)
_ASKS_FOR_MESSAGES = re.compile(
    r"(?<!nao )(?<!nao me )\b(?:mand|envi|prefir|so|apenas|somente)\w*(?: \w+){0,3}"
    r" (?:mensage(?:m|ns)|msgs?|sms|whats\w*|zap|e ?mails?)\b"
)
_STOP_PHRASES = re.compile(
    "|".join(
        (
            rf"^nao quero(?: mais)?(?: (?:nada|isso|ess[ea]s?))?(?: {_MESSAGES})?$",
            rf"{_REFUSES} (?:receber|ser contat\w+|que me \w+)\b{_NOT_ALL}",
            rf"{_REFUSES} (?:ess[ea]s? |est[ea]s? |nenhum\w* )?{_MESSAGES}\b{_NOT_ALL}",
            rf"\b(?:nao|nunca mais) (?:me|nos) (?:mand|envi|escrev|cham)(?:a|em?|ar|er)\b{_NOT_ALL}",
            r"\b(?:nao|nunca mais) (?:mand|envi|escrev)(?:em?|am?)"
            rf" (?:ess[ea]s? )?(?:mais|nada|{_MESSAGES})\b",
            rf"{_STOP_DOING}(?:(?:mandar|enviar|mandando|enviando|ess[ea]s|isso)\b|{_MESSAGES})",
            r"\bpar(?:ar|e|em|a) de me (?!pag|cobr|lig|procur|contat|contact)\w+",
            r"\b(?:cancel|suspend)\w+ (?:ess[ea]s? |[oa]s? |meu |d[eoa] )*"
            rf"(?:envios?|cadastro|inscricao|{_MESSAGES})\b",
            rf"\b(?:sem mais|chega de) {_MESSAGES}\b",
            rf"{_TAKE_AWAY} (?:me |o |do |meu )*(?:numero|nome|contato|telefone|e ?mail)\b{_ELSEWHERE}",
            rf"{_TAKE_AWAY} (?:me )?(?:d[aeo]|dessa|desta|sua) (?:sua )?(?:lista|cadastro)\b(?! d[eo] inad)",
            rf"\b(?:me|nos) {_OFF_THE_LIST}\b{_ELSEWHERE}",
            r"\bme tir\w+ (?:dai|daqui|diss[oa]|dess[ea]s? (?:lista|grupo|cadastro|sistema))\b",
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
    r"|^(?:sair|remover|remova|removam)\b.*\b(?:spc|serasa|scpc|divida|juros|multa)\b"
)
_START_PHRASE = re.compile(rf"^(?:quero|aceito|podem?)(?: voltar a)? (?:receber|(?:me )?mandar) {_MESSAGES}")
_WRONG_PERSON = re.compile(
    "|".join(
        (
            r"(?<!pra )(?<!para a )(?<!na )\b(?:numero|pessoa|telefone|contato|whats\w*) errad[oa]\b"
            r"(?! (?:do|da|no|na|o|a)\b)",
            r"\b(?:ligou|ligaram|mandou|mandaram) errado\b(?! (?:o|a|do|da)\b)",
            r"^(?:e |foi |deve ser |deve ter sido )?(?:um )?engano\b(?! (?:ja|do|da|meu|minha|paguei))",
            r"\bnao sou (?:eu$|eu n\w+|(?:ess|est)[ea] (?:pessoa|mulher|homem|senhora?|ai)\b|ele\b|ela\b"
            r"|[ao] (?!respons|favor|unic|mesm|tipo|titular))",
            r"\bnao conheco (?:(?:ess|est)[ea] (?:pessoa|nome|mulher|homem|senhora?|tal)\b|ningu\w+|el[ea]\b"
            r"|nenhum\w* (?!empresa|acordo|divida|debito|contrato|cobranca)|quem\b)",
            r"\bdesconheco (?:ess|est)[ea] (?:pessoa|nome)\b",
            r"\bnao sei quem (?:e|seja)\b(?! (?:voces?|vcs?|o credor|ess[ea] empresa|est[ea] empresa)\b)",
            r"\bes[st][ea] (?:numero|telefone|celular) nao (?:e|pertence)(?: mais)?"
            r" (?:d[aeo]|del[ea]|a|meu)\b",
            r"\bes[st][ea] (?:numero|telefone|celular) (?:agora e meu|e de outra pessoa)\b",
            r"\bnao e (?:o )?meu (?:numero|telefone|celular)\b(?! d[eoa] )",
            r"^aqui nao e [ao] (?!valor|lugar|local|caso|sede)\w+$",
            r"^(?:(?!meu |minha )\w+ ){0,3}nao mora(?: mais)? aqui$",
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
    asked = _POLITE.sub("", plain)
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
