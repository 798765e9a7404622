"""Ties between actors: who pledged to, split from, leads, backs or fights whom, in the forms that articles say it."""

from __future__ import annotations

import pytest

from compact import codes, read, the, triples

SAID = [
    ("Boko Haram pledged allegiance to the Islamic State.", {("pledged_to", "boko-haram", "islamic-state")}),
    ("Boko Haram swore allegiance to the Islamic State.", {("pledged_to", "boko-haram", "islamic-state")}),
    (
        "Ansar Dine, Al-Mourabitoun and Katiba Macina pledged allegiance to al-Qaeda in 2017.",
        {(("pledged_to"), g, "al-qaeda") for g in ("ansar-dine", "al-mourabitoun", "katibat-macina")},
    ),
    (
        "The Allied Democratic Forces, which have pledged allegiance to the Islamic State, are based in Uganda.",
        {("pledged_to", "allied-democratic-forces", "islamic-state")},
    ),
    ("Ansaru split from Boko Haram in January 2012.", {("emerged_from", "ansaru", "boko-haram")}),
    (
        "The Moro Islamic Liberation Front broke away from the MNLF in 1978.",
        {("emerged_from", "moro-islamic-liberation-front", "moro-national-liberation-front")},
    ),
    (
        "Ansaroul Islam was founded by Ibrahim Malam Dicko in 2016.",
        {("founded", "Ibrahim Malam Dicko", "ansarul-islam")},
    ),
    (
        "Ibrahim Malam Dicko founded Ansaroul Islam in 2016.",
        {("founded", "Ibrahim Malam Dicko", "ansarul-islam")},
    ),
    (
        "Al-Mourabitoun merged with AQIM in December 2015.",
        {("merged_into", "al-mourabitoun", "al-qaeda-in-the-islamic-maghreb")},
    ),
    ("Israel backs Fatah.", {("supports", "israel", "fatah")}),
    ("UN experts have said that Rwanda supports the M23 rebels.", {("supports", "rwanda", "march-23-movement")}),
    ("M23 rebels, backed by Rwanda, captured Goma.", {("supports", "rwanda", "march-23-movement")}),
    ("Hezbollah, which is backed by Iran, fired rockets at Israel.", {("supports", "iran", "hezbollah")}),
    ("Al-Shabaab is allied with al-Qaeda.", {("allied_with", "al-shabaab", "al-qaeda")}),
    ("The Haqqani Network maintains close ties with al-Qaeda.", {("allied_with", "haqqani-network", "al-qaeda")}),
    (
        "The Turkistan Islamic Party fights alongside HTS in Idlib.",
        {("allied_with", "turkistan-islamic-party", "hayat-tahrir-al-sham")},
    ),
    (
        "The Sinaloa Cartel is fighting the Jalisco New Generation Cartel.",
        {("opposes", "sinaloa-cartel", "jalisco-new-generation-cartel")},
    ),
    ("Al-Shabaab, an al-Qaeda affiliate, attacked a hotel.", {("affiliate_of", "al-shabaab", "al-qaeda")}),
    (
        "The YPG is the Syrian affiliate of the PKK.",
        {("affiliate_of", "peoples-protection-units", "kurdistan-workers-party")},
    ),
    (
        "The NPA, the armed wing of the Communist Party of the Philippines, killed two policemen.",
        {("affiliate_of", "new-peoples-army", "communist-party-of-the-philippines")},
    ),
]


@pytest.mark.parametrize(("text", "expected"), SAID, ids=[t for t, _ in SAID])
def test_ties_between_groups(text, expected):
    assert triples(read(text), "tie") == expected


LED = [
    ("Abubakar Shekau leads Boko Haram.", "Abubakar Shekau", "boko-haram"),
    ("Boko Haram is led by Abubakar Shekau.", "Abubakar Shekau", "boko-haram"),
    ("Boko Haram leader Abubakar Shekau appeared in a video.", "Abubakar Shekau", "boko-haram"),
    ("Abubakar Shekau, the leader of Boko Haram, appeared in a video.", "Abubakar Shekau", "boko-haram"),
    ("Led by Iyad Ag Ghaly, JNIM has grown.", "Iyad Ag Ghaly", "jamaat-nusrat-al-islam-wal-muslimin"),
    ("Sirajuddin Haqqani, who heads the Haqqani Network, met diplomats.", "Sirajuddin Haqqani", "haqqani-network"),
    ("Qassem Soleimani, commander of the Quds Force, died.", "Qassem Soleimani", "quds-force"),
]


@pytest.mark.parametrize(("text", "leader", "group"), LED, ids=[t for t, _, _ in LED])
def test_who_leads_whom(text, leader, group):
    assert ("leads", leader, group) in triples(read(text), "tie")


def test_a_merger_of_four_groups_is_four_statements():
    got = triples(read("JNIM was formed in 2017 as a merger of Ansar Dine, Katiba Macina and al-Mourabitoun."), "tie")
    new = "jamaat-nusrat-al-islam-wal-muslimin"
    assert got == {("merged_into", old, new) for old in ("ansar-dine", "katibat-macina", "al-mourabitoun")}


def test_going_over_from_one_group_to_another_is_leaving_and_joining():
    got = triples(read("The commander defected from the TTP to the Islamic State Khorasan Province."), "tie")
    assert got == {
        ("defected_from", "The commander", "tehrik-i-taliban-pakistan"),
        ("joined", "The commander", "islamic-state-khorasan"),
    }


def test_a_leader_of_two_groups_leads_both():
    text = "Sirajuddin Haqqani is both the leader of the Haqqani Network and a deputy leader of the Taliban."
    assert triples(read(text), "tie") == {
        ("leads", "Sirajuddin Haqqani", "haqqani-network"),
        ("leads", "Sirajuddin Haqqani", "taliban"),
    }


def test_a_former_leader_leads_no_longer():
    text = "The former commander of Boko Haram, Mamman Nur, gave an interview."
    assert the(read(text), "tie", "leads").phase == "ended"


def test_a_tie_keeps_its_date_and_no_place():
    tie = the(read("Boko Haram pledged allegiance to the Islamic State in March 2015."), "tie", "pledged_to")
    assert tie.time is not None
    assert (tie.time.start, tie.time.end, tie.time.precision) == ("2015-03-01", "2015-03-31", "month")
    assert codes(tie) == []


def test_support_denied_by_its_giver_is_negated_and_sourced():
    tie = the(read("Rwanda denies supporting the M23."), "tie", "supports")
    assert (tie.polarity, [a.name for a in tie.attribution]) == ("negated", ["Rwanda"])


@pytest.mark.parametrize(
    "text",
    [
        "The United States and Boko Haram are mentioned in the report.",
        "Al-Qaeda and the Taliban were discussed at the conference.",
        "The minister spoke about Hezbollah and Iran.",
    ],
)
def test_names_side_by_side_are_no_tie(text):
    assert triples(read(text), "tie") == set()
