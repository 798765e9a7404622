"""Furniture and repeats: marked by cue and place, and never at the cost of content."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.reading.cleaning import mark
from spillover.reading.document import Block
from spillover.reading.documents.plain import block_bounds

LEAD = (
    "Gunmen who had sworn allegiance to the group attacked two police posts near the river on Monday night, and "
    "officials in "
    "the provincial capital said that at least six officers were killed and a dozen more were wounded in the raid."
)
SECOND = (
    "The army moved into the valley at dawn with helicopters and two columns of armoured cars, but residents "
    "said that the "
    "fighters had left hours before, carrying their dead with them across the ridge into the neighbouring district."
)
LAST = (
    "Elders who had brokered the truce in the spring warned that it would not outlive the week unless both "
    "sides released the "
    "men whom they had taken, and they asked the governor to travel to the valley himself before the next "
    "Friday prayers."
)


def marked(*paragraphs: str, parted_by: str = "\n\n") -> list[tuple[str, str, int | None]]:
    text = parted_by.join(paragraphs)
    blocks = mark(text, [Block(start, end, "paragraph") for start, end in block_bounds(text)])
    return [(block.kind, text[block.start : block.end], block.repeat_of) for block in blocks]


def kinds(*paragraphs: str, parted_by: str = "\n\n") -> list[str]:
    return [kind for kind, _, _ in marked(*paragraphs, parted_by=parted_by)]


HEAD = [
    "Home › World › Asia",
    "News Africa Security & Defence",
    "Opinion",
    "Image Credit: Example Wire",
    "Photo: A soldier stands guard",
    "By Sana Whitfield",
    "12 September 2021",
    "Share on Facebook",
    "5 min read",
    "We use cookies to improve your experience on this site.",
    "Skip to main content",
]
TAIL = [
    "Leave a Comment",
    "3 Comments",
    "Login",
    "Welcome! Login in to your account",
    "Remember me Lost your password?",
    "Lost Password",
    "Related articles",
    "Sign up for our newsletter",
    "© 2021 Example Media. All rights reserved.",
    "Tags: truce, valley",
    "Your email address will not be published. Required fields are marked *",
    "Share this:",
    "Follow us on Twitter",
]


@pytest.mark.parametrize("line", HEAD)
def test_furniture_above_the_article(line: str) -> None:
    found = kinds(line, "The Truce That Nobody Kept", LEAD, SECOND, LAST)
    assert found == ["furniture", "heading", "paragraph", "paragraph", "paragraph"]


@pytest.mark.parametrize("line", TAIL)
def test_furniture_below_the_article(line: str) -> None:
    found = kinds("The Truce That Nobody Kept", LEAD, SECOND, LAST, line)
    assert found == ["heading", "paragraph", "paragraph", "paragraph", "furniture"]


def test_what_follows_a_comment_form_is_furniture_too() -> None:
    found = kinds(
        "The Truce That Nobody Kept", LEAD, LAST, "Related articles", "What the jirga brought home", "Five more things"
    )
    assert found[3:] == ["furniture"] * 3


@pytest.mark.parametrize(
    "biography",
    [
        ("Sana Whitfield", "has done her Master’s in Peace Studies at Example University, and is currently serving as "
         "an analyst at the Example Centre for Borderland Research, where she writes on armed groups."),
        ("Sana Whitfield is a research fellow at the Example Centre for Borderland Research.",),
        ("The writer is a retired diplomat.",),
        ("The views expressed in this article are the author’s own and not necessarily those of Example Media.",),
    ],
)  # fmt: skip
def test_the_authors_biography_is_furniture(biography: tuple[str, ...]) -> None:
    found = kinds("The Truce That Nobody Kept", LEAD, SECOND, LAST, *biography)
    assert found[4:] == ["furniture"] * len(biography)
    assert found[:4] == ["heading", "paragraph", "paragraph", "paragraph"]


def test_a_person_described_within_the_article_is_content() -> None:
    portrait = (
        "Mawlawi Rahim, who holds a degree in law and is currently serving as the group’s shadow governor, told "
        "reporters on "
        "Monday that the fighters would not leave the valley before the prisoners were released by the army."
    )
    assert kinds("The Truce That Nobody Kept", LEAD, portrait, LAST)[2] == "paragraph"


def test_a_tag_right_under_an_image_credit_belongs_to_it() -> None:
    text = f"The Truce That Nobody Kept\n\nImage Credit: Example Wire\nTTP\n\n{LEAD}\n\n{LAST}"
    blocks = mark(text, [Block(start, end, "paragraph") for start, end in block_bounds(text)])
    assert [(b.kind, text[b.start : b.end]) for b in blocks][1:3] == [
        ("furniture", "Image Credit: Example Wire"),
        ("furniture", "TTP"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "The army denied it.",
        "“We will not leave,” he said.",
        "Minister for the Borderlands, Tobias Example said:",
        "Officials shared few details.",
        "He would not comment",
    ],
)
def test_short_sentences_of_the_article_stay_content(line: str) -> None:
    assert kinds("The Truce That Nobody Kept", LEAD, line, LAST, line)[2:] == ["paragraph", "paragraph", "paragraph"]


def test_a_short_report_without_any_long_paragraph_is_content() -> None:
    assert "furniture" not in kinds("ISIL attacks Mosul", "Six officers were killed.", "The army denied it.")


def test_headings() -> None:
    found = kinds("The Truce That Nobody Kept", LEAD, "The second front", SECOND, "What comes next?", LAST)
    assert found == ["heading", "paragraph", "heading", "paragraph", "paragraph", "paragraph"]


def test_a_repeated_title_is_a_heading_that_repeats() -> None:
    found = marked("The Truce That Nobody Kept", "Opinion", "The Truce That Nobody Kept", LEAD, LAST)
    assert [(kind, repeat) for kind, _, repeat in found][:3] == [("heading", None), ("furniture", None), ("heading", 0)]


@pytest.mark.parametrize("before", [True, False])
def test_a_pull_quote_repeats_its_paragraph_wherever_it_stands(before: bool) -> None:
    quote = "“officials in the provincial capital said that at least six officers were killed”"
    order = [quote, LEAD, LAST] if before else [LEAD, LAST, quote]
    found = marked("The Truce That Nobody Kept", SECOND, *order)
    host = next(index for index, (_, body, _) in enumerate(found) if body == LEAD)
    assert {body: repeat for _, body, repeat in found if repeat is not None} == {quote: host}


def test_folding_of_quotes_dashes_case_and_white_space() -> None:
    paragraph = (
        "He said: “the group’s  leader – not its fighters – wants the truce to be kept”, and left the room in haste."
    )
    quote = "THE GROUP'S LEADER - NOT ITS FIGHTERS - wants the truce to be kept"
    assert [repeat for _, _, repeat in marked(LEAD, paragraph, quote, LAST)] == [None, None, 1, None]


def test_of_two_equal_paragraphs_the_later_repeats_the_earlier() -> None:
    assert [repeat for _, _, repeat in marked(LEAD, SECOND, LEAD, LAST)] == [None, None, 0, None]


def test_short_stock_phrases_repeat_nothing() -> None:
    assert [repeat for _, _, repeat in marked(LEAD, "The army denied it.", SECOND, "The army denied it.", LAST)] == [
        None
    ] * 5


bodies = st.lists(
    st.sampled_from(
        [*HEAD, *TAIL, LEAD, SECOND, LAST, "The army denied it.", "The second front", "ISIS", "Madiha Example"]
    ),
    min_size=1,
    max_size=12,
)


@given(bodies, st.sampled_from(["\n\n", "\n"]))
@settings(max_examples=200, deadline=None)
def test_bounds_stay_and_long_blocks_before_the_last_are_content(paragraphs: list[str], parted_by: str) -> None:
    text = parted_by.join(paragraphs)
    before = [Block(start, end, "paragraph") for start, end in block_bounds(text)]
    after = mark(text, before)
    assert [(block.start, block.end) for block in after] == [(block.start, block.end) for block in before]
    for index, block in enumerate(after):
        if text[block.start : block.end] in (LEAD, SECOND, LAST):
            assert block.kind != "furniture"
        if block.repeat_of is not None:
            assert block.repeat_of != index
            assert after[block.repeat_of].kind != "furniture"


@given(st.text(st.characters(codec="utf-8"), max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_text_can_be_marked(text: str) -> None:
    text = text.replace("\r", "\n")
    blocks = [Block(start, end, "paragraph") for start, end in block_bounds(text)]
    assert len(mark(text, blocks)) == len(blocks)


def test_the_seed_article_of_the_shared_folder(shared: Path) -> None:
    """Its category line, credit, biography and forms are furniture; its two pull-quotes repeat; nothing else is."""
    text = (shared / "gold" / "seed" / "article.txt").read_text("utf-8")
    blocks = mark(text, [Block(start, end, "paragraph") for start, end in block_bounds(text)])
    found = [(block.kind, text[block.start : block.end]) for block in blocks]
    last = max(index for index, (kind, _) in enumerate(found) if kind == "paragraph")
    assert {kind for kind, _ in found[last + 1 :]} == {"furniture"}
    assert all(len(body.split()) < 25 for kind, body in found[:last] if kind == "furniture")
    repeats = [block for block in blocks if block.repeat_of is not None]
    assert len(repeats) == 2
    for block in repeats:
        host = blocks[block.repeat_of or 0]
        assert text[block.start : block.end] in text[host.start : host.end]


def test_wire_reports_of_the_shared_folder_have_no_furniture(shared: Path) -> None:
    for path in sorted((shared / "gold" / "dev").glob("*/article.txt")):
        text = path.read_text("utf-8")
        blocks = mark(text, [Block(start, end, "paragraph") for start, end in block_bounds(text)])
        assert "furniture" not in {block.kind for block in blocks}, path.parent.name
