"""The rules of the states as shipped: hours in which their laws let people be called about a debt.

No law of the Union sets hours, and no municipality's was found; states may set them (Supreme Federal
Court, ADI 5.962/RJ, 2021). What was not found in the text of a law, or only as a bill, is shipped
switched off. All of it is for the house's counsel to confirm, and is reviewed by a date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

WORKING_DAYS: Final = ("mon", "tue", "wed", "thu", "fri")
REVIEWED_ON: Final = date(2026, 11, 21)
REVIEW_BY: Final = date(2027, 5, 21)
READ, SECONDARY, UNCONFIRMED = "read", "secondary", "unconfirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRule:
    """One law of one state. `key` is its name for ever; `terms` are an overlay's JSON."""

    key: str
    state: str
    name: str
    law: str
    summary: str
    terms: Mapping[str, Any]
    certainty: str
    source: str
    is_on: bool
    channels: tuple[str, ...] = ("voice",)
    reviewed_on: date = REVIEWED_ON
    review_by: date = REVIEW_BY


def _hours(working_days: tuple[str, str], saturday: tuple[str, str] | None = None) -> dict[str, Any]:
    """Return hours as a law gives them: none on Sundays and holidays, and no channel it binds is exempt."""
    week: dict[str, list[list[str]]] = {day: [list(working_days)] for day in WORKING_DAYS}
    week |= {"sat": [list(saturday)] if saturday else [], "sun": []}
    return {
        "windows": week,
        "hours_exempt_channels": [],
        "close_public_holidays": True,
        "dates_exempt_channels": [],
    }


STATE_RULES: Final[tuple[StateRule, ...]] = (
    StateRule(
        key="SP-17832-2023",
        state="SP",
        name="São Paulo: horário das ligações",
        law="Lei 17.832/2023 (SP), art. 51, que retomou o art. 2º da Lei 15.426/2014",
        summary=(
            "Ligações de cobrança de segunda a sexta, das 8h às 20h, e aos sábados, das 8h às 14h; nenhuma"
            " aos domingos e feriados. O artigo fala só de ligações. As horas foram lidas no texto da lei de"
            " 2014; o número atual vem de fontes secundárias."
        ),
        terms=_hours(("08:00", "20:00"), ("08:00", "14:00")),
        certainty=READ,
        source="Lei 15.426/2014, DOE de 23/05/2014; sincomavialerta.org.br; legisweb.com.br 451649",
        is_on=True,
    ),
    StateRule(
        key="RJ-6854-2014",
        state="RJ",
        name="Rio de Janeiro: horário das ligações e terceiros",
        law="Lei 6.854/2014 (RJ), art. 3º, na redação da Lei 7.868/2018",
        summary=(
            "Ligações de cobrança só em dias úteis, das 9h às 19h. Não se liga para outra pessoa que não o"
            " devedor, nem que ele a tenha dado como referência."
        ),
        terms=_hours(("09:00", "19:00")) | {"block_third_party": True},
        certainty=SECONDARY,
        source="normasbrasil.com.br lei-6854-2014-rj_272050; omelhordabaixada.com.br; efic.com.br",
        is_on=True,
    ),
    StateRule(
        key="AL-7782-2016",
        state="AL",
        name="Alagoas: horário das ligações e SMS",
        law="Lei 7.782/2016 (AL)",
        summary=(
            "Ligações e mensagens de texto de cobrança de segunda a sexta, das 8h às 20h, e aos sábados, das"
            " 8h às 14h; nenhuma aos domingos e feriados."
        ),
        terms=_hours(("08:00", "20:00"), ("08:00", "14:00")),
        channels=("voice", "sms"),
        certainty=SECONDARY,
        source="7segundos.com.br (Procon Arapiraca, 16/04/2018); efic.com.br",
        is_on=True,
    ),
    StateRule(
        key="AM-360-2016",
        state="AM",
        name="Amazonas: ligações até as 19h",
        law="Lei Promulgada 360/2016 (AM)",
        summary=(
            "Ligações de cobrança em dias úteis, até as 19h; a lei não diz a partir de quando. Também exige"
            " linha fixa da mesma região e número à vista. Não se sabe se está em vigor."
        ),
        terms=_hours(("00:00", "19:00")),
        certainty=UNCONFIRMED,
        source="amazonasnoticias.com.br, dezembro de 2016; efic.com.br (que a chama de 306/16)",
        is_on=False,
    ),
    StateRule(
        key="AM-projeto",
        state="AM",
        name="Amazonas: projeto das 8h às 18h",
        law="Projeto aprovado pela Assembleia do Amazonas, número não encontrado",
        summary=(
            "Ligações de cobrança de segunda a sexta, das 8h às 18h, e aos sábados, das 8h às 14h. Não se"
            " sabe se virou lei."
        ),
        terms=_hours(("08:00", "18:00"), ("08:00", "14:00")),
        certainty=UNCONFIRMED,
        source="amnews.com.br",
        is_on=False,
    ),
    StateRule(
        key="ES-10626-2017",
        state="ES",
        name="Espírito Santo: horário das ligações",
        law="Lei 10.626/2017 (ES)",
        summary="Ligações de cobrança em dias úteis, das 8h às 19h. O texto da lei não foi encontrado.",
        terms=_hours(("08:00", "19:00")),
        certainty=UNCONFIRMED,
        source="efic.com.br, única fonte",
        is_on=False,
    ),
    StateRule(
        key="MG-23894-2021",
        state="MG",
        name="Minas Gerais: horário vetado",
        law="Lei 23.894/2021 (MG), art. 1º, vetado em 04/09/2021",
        summary=(
            "Ligações de cobrança de segunda a sexta, das 9h às 18h, e aos sábados, das 10h às 13h; duas por"
            " dia, no máximo. Vetado; o resultado da votação do veto não foi encontrado."
        ),
        terms=_hours(("09:00", "18:00"), ("10:00", "13:00"))
        | {"caps": {"channels": {"voice": {"per_day": 2}}}},
        certainty=UNCONFIRMED,
        source="almg.gov.br, 08/09/2021",
        is_on=False,
    ),
    StateRule(
        key="MS-PL-130-2025",
        state="MS",
        name="Mato Grosso do Sul: projeto das 8h às 18h",
        law="Projeto de Lei 130/2025 (MS)",
        summary="Ligações de cobrança de segunda a sexta, das 8h às 18h. É um projeto, não uma lei.",
        terms=_hours(("08:00", "18:00")),
        certainty=UNCONFIRMED,
        source="nioaqueonline.com.br; correiodoestado.com.br, maio de 2025",
        is_on=False,
    ),
    StateRule(
        key="MT-projeto",
        state="MT",
        name="Mato Grosso: projeto das 8h às 18h",
        law="Projeto do deputado José Domingos Fraga (MT), andamento não encontrado",
        summary=(
            "Ligações de cobrança de segunda a sexta, das 8h às 18h, e aos sábados, das 8h às 12h. É um"
            " projeto, não uma lei."
        ),
        terms=_hours(("08:00", "18:00"), ("08:00", "12:00")),
        certainty=UNCONFIRMED,
        source="sonoticias.com.br",
        is_on=False,
    ),
)
