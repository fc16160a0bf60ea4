"""The rulebook in plain words: its sections, what changes between two versions, and what is wrong with a draft."""

from shop.web.rulebook_words.changes import ChangeInWords, changes_in_words
from shop.web.rulebook_words.faults import FaultInWords, faults_in_words
from shop.web.rulebook_words.news import news_sentences, notice_in_words
from shop.web.rulebook_words.pieces import expiry_words, rate_words
from shop.web.rulebook_words.sections import SECTIONS, Section, member_sections, sections_of, ways_to_earn

__all__ = [
    "SECTIONS",
    "ChangeInWords",
    "FaultInWords",
    "Section",
    "changes_in_words",
    "expiry_words",
    "faults_in_words",
    "member_sections",
    "news_sentences",
    "notice_in_words",
    "rate_words",
    "sections_of",
    "ways_to_earn",
]
