"""How a text speaks: what threatens, shames, presses or shouts is found, whatever it is about.

Consumer Code (Law 8.078/1990): nobody who owes is exposed to ridicule, constrained or threatened
(art. 42), and doing so is a crime (art. 71).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from contacts.rules.disclosure import is_shouted, plain
from contacts.rules.wording import without_placeholders

#: What no text may say, by kind: patterns over words in lower case without accents.
DISCOURTEOUS: Mapping[str, re.Pattern[str]] = {
    "threat": re.compile(
        r"\b(?:polici\w*|delegaci\w*|pris(?:ao|oes)|pres[oa]s?|cadeia|crime|crimes|criminos\w*|penhor\w*|bloque\w*"
        r"|confisc\w*|despej\w*|mandado|intima(?:cao|coes|do|da)|oficial de justica|sob pena|ultimatos?"
        r"|ultim[oa]s? (?:chances?|oportunidades?|avisos?|prazos?)|arcar com|sofrer\w*"
        r"|(?:medidas?|providencias?) (?:cabive\w+|judicia\w+|lega\w+|mais \w+|necessarias)"
        r"|seu (?:chefe|patrao|empregador|vizinho|trabalho)|sua (?:familia|vizinhanca))\b"
    ),
    "shaming": re.compile(
        r"\b(?:calot\w*|vergonh\w*|irrespons\w*|desonest\w*|ma fe|mau pagador\w*|ma pagadora|devedor\w*"
        r"|inadimplentes?|nome (?:suj\w+|limpo)|relaps\w*|negligen\w*)\b"
    ),
    "pressure": re.compile(
        r"\b(?:imediat\w*|urgen\w*|hoje mesmo|ainda hoje|sem falta|exig\w*|nao ignore\w*|nao adie"
        r"|(?:deve|devera|precisa|tem que|tem de|obrigad[oa] a) (?:pagar|quitar|regularizar|liquidar)"
        r"|(?:pague|quite|regularize|ligue|responda) (?:ja|agora|logo)|prazo final|prazo fatal"
        r"|evite (?:\w+ )?(?:problemas|transtornos|constrangimentos|consequencias))\b"
    ),
}
#: What may follow by law. Only a formal text, closed and itemised, may name it, where it is true and
#: announced; anywhere else it is a threat.
CONSEQUENCES = re.compile(
    r"\b(?:spc|serasa|negativ\w*|protest\w*|cartori\w*|judicia\w*|juridic\w*|process(?:o|os|ar|ad[oa]s?)"
    r"|inadimplemento|inadimplencia|protecao ao credito)\b"
)
#: Words that are plain and hard where softer ones say the same.
HARD = re.compile(r"\b(?:divida\w*|debit[oa]s?|cobranca\w*|cobrar\w*|atras\w*|vencid[oa]s?)\b")

_GREETING = re.compile(r"\b(?:ola|oi|bom dia|boa tarde|boa noite|prezad\w+|car[oa]|estimad[oa])\b")
_STORM = re.compile(r"[!?]{2,}")
#: Short names that are written in capitals.
IN_CAPITALS = frozenset({
    "SAIR", "PARAR", "CANCELAR", "REMOVER", "STOP", "CPF", "CNPJ", "PIX", "SMS", "LGPD", "PDF", "CEP", "SPC",
    "CDC",
})  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
MOST_EXCLAMATIONS = 2


@dataclass(frozen=True, kw_only=True)
class Discourtesy:
    """One thing that is not courteous.

    `kind`: threat, shaming, pressure, consequence, hard_word, capitals, storm, exclamations or no_greeting.
    """

    kind: str
    found: str = ""


def discourtesies(text: str) -> tuple[Discourtesy, ...]:
    """Return everything in `text` that threatens, shames, presses, shouts, or leaves out a greeting."""
    bare = without_placeholders(text)
    words = " ".join(plain(bare).split())
    patterns = {**DISCOURTEOUS, "consequence": CONSEQUENCES, "hard_word": HARD}
    found = [
        Discourtesy(kind=kind, found=each)
        for kind, pattern in patterns.items()
        for each in sorted(set(pattern.findall(words)))
    ]
    return (*found, *_shouting(bare), *_missing(text, words=words))


def _shouting(bare: str) -> list[Discourtesy]:
    found = [Discourtesy(kind="capitals", found=run) for run in _runs_of_capitals(bare)]
    if not found and is_shouted(bare):
        found.append(Discourtesy(kind="capitals"))
    found += [Discourtesy(kind="storm", found=each) for each in sorted(set(_STORM.findall(bare)))]
    if bare.count("!") > MOST_EXCLAMATIONS:
        found.append(Discourtesy(kind="exclamations", found=str(bare.count("!"))))
    return found


def _runs_of_capitals(bare: str) -> list[str]:
    """Return where two words or more in a row are in capitals, names that are written so aside."""
    runs: list[list[str]] = [[]]
    for word in _WORD.findall(bare):
        if not word.isupper():
            runs.append([])
        elif len(word) > 2 and word not in IN_CAPITALS:
            runs[-1].append(word)
    return [" ".join(run) for run in runs if len(run) > 1]


def _missing(text: str, *, words: str) -> list[Discourtesy]:
    is_greeted = "{{ greeting }}" in text or "{{greeting}}" in text or _GREETING.search(words)
    return [] if is_greeted else [Discourtesy(kind="no_greeting")]
