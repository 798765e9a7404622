"""English passes, whatever its names and case; other languages are refused by name."""

from __future__ import annotations

import pytest

from spillover.errors import UnsupportedLanguage
from spillover.reading.documents.parse import parse

FOREIGN = {
    "Spanish": "La guerrilla atacó el pueblo de San Vicente el lunes por la noche y mató a tres soldados, según "
    "informó el "
    "ejército en un comunicado difundido ayer en Bogotá.",
    "French": "Des hommes armés ont attaqué un poste de police lundi soir près de la ville, tuant trois "
    "soldats, a annoncé "
    "l’armée dans un communiqué publié hier à Bamako.",
    "German": "Bewaffnete griffen am Montagabend einen Polizeiposten in der Nähe der Stadt an und töteten drei "
    "Soldaten, "
    "teilte die Armee gestern in einer Erklärung mit.",
    "Russian": "Боевики напали на полицейский пост недалеко от города в понедельник вечером и убили трех "
    "солдат, сообщила "
    "армия вчера в своем заявлении.",
    "Arabic": "هاجم مسلحون نقطة تفتيش للشرطة قرب المدينة يوم الاثنين وقتلوا ثلاثة جنود وفق ما أعلنه الجيش في "
    "بيان صدر أمس",
    "Persian": "مردان مسلح روز دوشنبه به یک پاسگاه پلیس در نزدیکی شهر حمله کردند و سه سرباز را کشتند، ارتش "
    "دیروز اعلام کرد",
}


@pytest.mark.parametrize("language", FOREIGN)
def test_other_languages_are_refused_by_name(language: str) -> None:
    with pytest.raises(UnsupportedLanguage, match=rf"report\.txt.*\b{language}\b.*English"):
        parse(FOREIGN[language].encode(), name="report.txt")


@pytest.mark.parametrize("language", FOREIGN)
def test_a_foreign_menu_does_not_make_an_english_page_foreign(language: str) -> None:
    english = (
        "The army said that the group had attacked a police post near the river and that three soldiers were killed."
    )
    page = (
        f"<html><body><nav><p>{FOREIGN[language]}</p></nav><article>{f'<p>{english}</p>' * 4}</article></body></html>"
    )
    assert parse(page.encode(), name="a.html").language == "en"


@pytest.mark.parametrize(
    "text",
    [
        "Abu Bakr al-Baghdadi, Hafiz Saeed Khan, Shahidullah Shahid, Abu Musab al-Zarqawi, Mullah Muhammad "
        "Omar, Sirajuddin "
        "Haqqani, José María Sisón, Manuel Marulanda Vélez, Ayman al-Zawahiri",
        "guerrillas attacked farm in santa tomas; president cerezo unharmed, colonel isaacs says in guatemala city",
        "THE ARMY SAID ON MONDAY THAT THE GROUP HAD ATTACKED A POLICE POST NEAR THE RIVER AND KILLED THREE SOLDIERS.",
        "Al-Shabaab",
        "Ejército de Liberación Nacional (ELN)",
        "The Ejército de Liberación Nacional and the Fuerzas Armadas Revolucionarias de Colombia have said that "
        "they would "
        "not attack the oleoducto Caño Limón-Coveñas during the talks in La Habana.",
    ],
)
def test_english_passes(text: str) -> None:
    assert parse(text.encode(), name="report.txt").language == "en"
