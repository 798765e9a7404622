"""Turns of phrase of news agencies and think tanks, above all those that are easily read upside down."""

from __future__ import annotations

import pytest

from compact import numbers, read, the, triples, who
from spillover.reading import Reading

# text, what it says, what it does not say; as (type, subject, object) of any kind
TURNS = [
    ("Amnesty International accused the Cameroonian army of killing 15 civilians.",
     {("killed", "cameroon-armed-forces", "civilians")}, {"killed": "amnesty-international"}),
    ("Iran has supplied the Houthis with drones and missiles.", {("supports", "iran", "houthis")}, {}),
    ("The Nigerian military rescued 300 women and girls from Boko Haram camps.",
     set(), {"supports": "nigerian-armed-forces"}),
    ("Qatar has been mediating talks between Israel and Hamas.", {("talks", "israel", "hamas")}, {"supports": "qatar"}),
    ("Wagner mercenaries and Malian soldiers killed some 300 civilians.",
     {("killed", "wagner-group", "civilians"), ("killed", "mali", "civilians")}, {}),
    ("The gang leader Jimmy Chérizier leads the G9 alliance.",
     {("leads", "Jimmy Chérizier", "g9-family-and-allies")}, {"leads": "The gang leader"}),
    ("Iraqi forces backed by Iran-aligned militias recaptured Tikrit.", set(), {"supports": "iran"}),
    ("Iran-backed Houthi rebels seized a cargo ship in November 2023.", set(), {"capture": "iran"}),
    ("The BIFF is a splinter group of the MILF.",
     {("emerged_from", "bangsamoro-islamic-freedom-fighters", "moro-islamic-liberation-front")}, {}),
    ("Akhtar Mansour became the leader of the Taliban.", {("leads", "Akhtar Mansour", "taliban")}, {}),
    ("The Islamic State is thought to be behind the bombing.", {("bombing", "islamic-state", None)}, {}),
    ("The TTP has stepped up attacks on Pakistani security forces.",
     {("attack", "tehrik-i-taliban-pakistan", "pakistan")}, {}),
    ("US forces carried out a drone strike against an Islamic State leader.",
     {("airstrike", "united-states", "islamic-state")}, {"attack": "united-states"}),
    ("The attack on a hotel by al-Shabaab killed ten people.", {("attack", "al-shabaab", "a hotel")}, {}),
    ("HTS controls most of Idlib province.", {("control", "hayat-tahrir-al-sham", None)}, {}),
    ("Al-Shabaab lost control of Kismayo in 2012.", set(), {}),
    ("Militants attempted to assassinate the governor of Borno.",
     {("assassination", "Militants", "the governor of Borno")}, {"goal": "Militants"}),
    ("Godane was killed in a US air strike in September 2014.", {("airstrike", "united-states", "Godane")}, {}),
    ("The Sudanese army accused the RSF of shelling a camp in El Fasher, killing 40 people.",
     {("killed", "rapid-support-forces", "people")}, {"killed": "sudanese-armed-forces"}),
    ("At least 20 killed in Mali ambush", set(), {"killed": "mali", "attack": "mali"}),
    ("Lashkar-e-Taiba carried out the 2008 Mumbai attacks, which killed 166 people.",
     {("killed", "lashkar-e-taiba", "people")}, {}),
    ("Militants ambushed a convoy of the Malian army, leaving at least 20 soldiers dead.",
     set(), {"defected_from": "Militants"}),
    ("Defectors from the Taliban joined ISKP.", set(), {"joined": "taliban"}),
    ("Four UN peacekeepers were killed when their convoy hit a landmine.", set(), {"attack": "un-peacekeepers"}),
    ("Clashes between the SDF and Syrian National Army fighters left 12 dead.",
     {("clash", "syrian-democratic-forces", "syrian-national-army")}, {}),
    ("Congo's army and M23 rebels clashed near Sake.",
     {("clash", "democratic-republic-of-congo", "march-23-movement")}, {}),
    ("IS took responsibility for the assault on the hall.", {("claim", "islamic-state", "the assault")}, {}),
    ("The Allied Democratic Forces is a Ugandan rebel group based in eastern DR Congo.",
     {("base", "allied-democratic-forces", None)}, {"base": "uganda"}),
    ("Barnawi was named leader of ISWAP by the Islamic State.",
     {("leads", "Barnawi", "islamic-state-west-africa")}, {"leads": "leader"}),
    ("Boko Haram killed nobody.", set(), {"attack": "boko-haram", "killed": "boko-haram"}),
    ("The convoy drove to Kano.", set(), {"promotes": None}),
]  # fmt: skip


def said(reading: Reading) -> set[tuple[str, str | None, str | None]]:
    return (
        triples(reading, "tie") | triples(reading, "event") | triples(reading, "count") | triples(reading, "presence")
    )


@pytest.mark.parametrize(("text", "there", "not_there"), TURNS, ids=[t for t, *_ in TURNS])
def test_turns_of_phrase(text, there, not_there):
    reading = read(text)
    assert there <= said(reading)
    assert not [s for s in reading.statements if s.type in not_there and who(s.subject) == not_there[s.type]]


DENIALS = [
    ("No group has claimed responsibility for the attack.", ["negated"]),
    ("Neither Boko Haram nor ISWAP has claimed responsibility for the attack.", ["negated", "negated"]),
    ("Hezbollah denied involvement in the killing of the activist.", ["negated"]),
    ("Hezbollah claimed responsibility for the attack.", ["affirmed"]),
]


@pytest.mark.parametrize(("text", "polarity"), DENIALS, ids=[t for t, _ in DENIALS])
def test_claims_of_responsibility_and_their_denial(text, polarity):
    reading = read(text)
    assert [s.polarity for s in reading.statements if s.type == "claim"] == polarity


def test_an_attack_that_nobody_claims_did_happen():
    reading = read("No group has claimed responsibility for the attack.")
    assert not [s for s in reading.statements if s.type == "attack" and s.polarity == "negated"]


def test_what_others_say_of_a_group_is_alleged():
    for text in (
        "Amnesty International accused the Cameroonian army of killing 15 civilians.",
        "Reports have emerged that the Cameroonian army killed 15 civilians.",
    ):
        assert the(read(text), "count", "killed").status == "alleged"


def test_control_that_was_lost_is_not_held():
    for text in ("Al-Shabaab lost control of Kismayo in 2012.", "JNIM no longer controls the town of Djibo."):
        held = [s for s in read(text).statements if s.type == "control"]
        assert not [s for s in held if (s.phase, s.polarity) == ("occurred", "affirmed")]


CASUALTIES = [
    ("An explosion killed at least 56 people and wounded 194 others on Friday.",
     {("killed", 56, None), ("wounded", 194, 194)}),
    ("Two people were killed and six injured in a grenade attack.", {("killed", 2, 2), ("wounded", 6, 6)}),
    ("India's security forces killed 29 Maoists in a gun battle.", {("killed", 29, 29)}),
    ("ISIS fighters had killed 11 truffle hunters in Homs, the Observatory reported.", {("killed", 11, 11)}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASUALTIES, ids=[t for t, _ in CASUALTIES])
def test_casualties_with_their_noun_left_out_or_unusual(text, expected):
    assert numbers(read(text)) == expected


def test_a_bomb_is_no_cause_in_the_sense_of_the_contract():
    reading = read("A roadside bomb struck a bus in Ghazni province, killing five civilians.")
    assert [s for s in reading.statements if s.kind == "cause"] == []


def test_the_group_which():
    text = "Al-Shabaab grew. The group, which controls much of southern Somalia, attacked a base."
    assert who(the(read(text), "event", "attack").subject) == "al-shabaab"
    assert who(the(read(text), "presence", "control").subject) == "al-shabaab"


def test_it_stands_for_what_the_group_stands_for():
    text = "Boko Haram emerged in 2002. The group pledged allegiance to the Islamic State. It killed 30 people."
    assert who(the(read(text), "count", "killed").subject) == "boko-haram"


def test_nobody_attacks_himself():
    reading = read("The militants surrounded the farmers in Dumba and killed them.")
    for s in reading.statements:
        if s.subject is not None and s.object is not None and s.object.antecedent is not None:
            assert s.object.antecedent.start != s.subject.start


def test_an_attack_that_was_repelled_did_happen():
    event = the(read("The army repelled an attack by the Islamic State on a base in Damasak."), "event", "attack")
    assert (who(event.subject), event.polarity) == ("islamic-state", "affirmed")


def test_a_foiled_plot_names_the_plotters():
    event = the(read("Police foiled a plot by Islamic State to attack a church in Istanbul."), "event", "attack")
    assert (who(event.subject), event.phase) == ("islamic-state", "foiled")


def test_presence_of_former_days_is_over():
    assert the(read("The TTP used to be based in North Waziristan."), "presence", "base").phase == "ended"


SUSPICIONS = [
    ("Suspected Boko Haram militants killed 40 farmers in Borno.", "alleged"),
    ("Forty farmers were killed by suspected militants.", "alleged"),
    ("Boko Haram militants killed 40 farmers in Borno.", "fact"),
    ("JNIM is estimated to have between 1,000 and 2,000 fighters.", "assessed"),
]


@pytest.mark.parametrize(("text", "status"), SUSPICIONS, ids=[t for t, _ in SUSPICIONS])
def test_suspicion_is_no_fact(text, status):
    assert {s.status for s in read(text).statements if s.kind in ("count", "strength")} == {status}


def test_typographic_apostrophe_negates():
    assert {s.polarity for s in read("The PKK didn’t attack the base.").statements} == {"negated"}


def test_attacked_town_is_also_the_place():
    assert [p.surface for p in the(read("Boko Haram attacked Dikwa on Sunday."), "event", "attack").place] == ["Dikwa"]


def test_direction_before_a_country_is_no_province():
    [attack] = read("Bandits attacked a village in north-western Nigeria.").statements
    assert {p.place for p in attack.place} == {"NGA"}


def test_broken_ties_are_over():
    tie = the(read("Hayat Tahrir al-Sham broke ties with al-Qaeda in 2016."), "tie", "allied_with")
    assert tie.phase == "ended"
