"""What a short text from a debtor asks for: to be left alone, to be written to again, or someone else."""

import re
import unicodedata
from enum import StrEnum

LONGEST_READ = 1_000  # characters; what follows changes nothing


class Meaning(StrEnum):
    """What a text asks for. One text may ask for several, or for nothing that a rule can answer.

    OPT_OUT is about the channel it came by; NO_CALLS about calls too and LEFT_ALONE about everything:
    neither comes without it.
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
        "chega", "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout",
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
_ELSEWHERE = r"(?! d[aeo] (?:spc|serasa|scpc|negativ\w+|cadastro d[eo] inadimpl\w+|protesto))"
_CALLS = r"(?:ligac(?:ao|oes)|chamadas?)"
_STOP_DOING = r"\bpar(?:ar|e|em|a) (?:de|com) (?:me )?"
_NO_CALLS = re.compile(
    "|".join(
        (
            r"\bnao (?:me )?lig(?:a|ar|uem?)\b",
            rf"{_STOP_DOING}(?:ligar|telefonar|{_CALLS})\b",
            rf"{_REFUSES} (?:receber )?(?:mais )?(?:ess[ea]s? |nenhuma |suas? )?{_CALLS}\b",
            rf"{_REFUSES} que (?:me )?(?:lig|telefon)\w+",
            rf"\b(?:sem|chega de) (?:mais )?{_CALLS}\b",
        )
    )
)
_LEFT_ALONE = re.compile(
    "|".join(
        (
            r"\bdeix\w+(?: \w+){0,2} em paz\b",
            r"\bnao (?:me |nos )?(?:perturb|incomod)(?:em?|ar)\b",
            r"\bnao (?:me|nos) (?:procur|contat|contact)(?:em?|ar)\b",
            r"\bnao (?:me|nos) cobr(?:em?|ar)(?: mais)?(?: (?:por|nest|ness)\w*|$)",
            r"\bnao entr(?:em?|ar)(?: mais)? em contato\b",
            rf"{_STOP_DOING}(?:cobrar|procurar|perturbar|incomodar|contatar|contactar|entrar em contato)\b",
            rf"{_REFUSES} (?:ser (?:mais )?)(?:contat|contact|procurad|incomodad|perturbad|cobrad)\w+",
            rf"{_REFUSES} (?:mais )?(?:ess[ea]s? |est[ea]s? |nenhum |qualquer )?contatos?\b",
            rf"{_REFUSES} que (?:me )?(?:contat|contact|procur|perturb|incomod|entr)\w+",
        )
    )
)
_STOP_PHRASES = re.compile(
    "|".join(
        (
            rf"^nao quero(?: mais)?(?: (?:nada|isso|ess[ea]s?))?(?: {_MESSAGES})?$",
            rf"{_REFUSES} (?:receber|ser contat\w+|que me)",
            rf"{_REFUSES} (?:ess[ea]s? |est[ea]s? |nenhum\w* )?{_MESSAGES}\b",
            r"\bnao me (?:ligu|lig|mand|envi|escrev|contat|perturb|procur|incomod)\w+",
            r"\bnao (?:ligu|mand|envi|escrev)\w+ mais\b",
            r"\bnao entr\w+(?: mais)? em contato",
            r"\bpar(?:ar|e|em|a) (?:de|com) (?:me |mandar|enviar|ligar|ess[ea]s |isso\b)",
            rf"\b(?:cancel|suspend)\w+ (?:[oa]s? |meu |d[eoa] )*(?:envios?|cadastro|inscricao|{_MESSAGES})\b",
            rf"{_TAKE_AWAY} (?:me |o |do |meu )*(?:numero|nome|contato|telefone|e ?mail)\b",
            rf"{_TAKE_AWAY} (?:me )?(?:d[aeo]|dessa|desta|sua) (?:sua )?(?:lista|cadastro)\b",
            rf"\b(?:me|nos) {_OFF_THE_LIST}\b{_ELSEWHERE}",
            r"\bme tir\w+ (?:dai|daqui|diss[oa]|dess[ea]s? \w+)\b",
            rf"\bnao (?:mand|envi)em? (?:ess[ea]s? )?{_MESSAGES}\b",
            r"\bparem?$",
            r"^(?:opt out|stop all)\b",
        )
    )
)
_NOT_A_STOP = re.compile(
    r"^(?:parar|pare|sair) (?:de (?:pagar|dever|trabalhar)|do (?:emprego|trabalho|hospital))\b"
)
_START_PHRASE = re.compile(rf"^(?:quero|aceito|podem?)(?: voltar a)? (?:receber|(?:me )?mandar) {_MESSAGES}")
_WRONG_PERSON = re.compile(
    "|".join(
        (
            r"\b(?:numero|pessoa|telefone|contato|whats\w*) errad[oa]\b",
            r"\b(?:ligou|ligaram|mandou|mandaram) errado\b",
            r"^(?:e |foi |deve ser |deve ter sido )?(?:um )?engano\b",
            r"\bnao sou (?:eu$|eu n\w+|ess[ea] |est[ea] |ele\b|ela\b|[ao] (?!respons|favor))",
            r"\bnao conheco (?:ess[ea]|est[ea]|ningu\w+|nenhum\w*|ele|ela|quem)\b",
            r"\bnao sei quem (?:e|seja)\b",
            r"\bes[st][ea] (?:numero|telefone|celular) nao (?:e|pertence)(?: mais)? (?:d[aeo]|del[ea]|a)\b",
            r"\bes[st][ea] (?:numero|telefone|celular) (?:agora )?e meu\b",
            r"\bnao e (?:o )?meu (?:numero|telefone|celular)\b",
            r"^aqui nao e (?:[ao] )?(?!valor|lugar|local|caso)\w+$",
            r"\bnao mora(?: mais)? aqui\b",
            r"\bwrong (?:number|person)\b",
        )
    )
)


def meanings_of(text: str) -> frozenset[Meaning]:
    """Return what `text` asks for; empty when that is for a person to read.

    Case, accents, punctuation, quotes, emoji and blanks do not matter. Where a text could mean both,
    it is taken as a wish to be left alone: a message too few can be mended, one too many cannot.
    """
    plain = normalise(text)
    asked = _POLITE.sub("", plain)
    found = set()
    if _NO_CALLS.search(plain):
        found |= {Meaning.OPT_OUT, Meaning.NO_CALLS}
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
