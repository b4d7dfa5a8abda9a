"""Knows a sentence that speaks to a machine from one that speaks of medicine."""

from __future__ import annotations

import re


def is_instruction(sentence: str) -> bool:
    """Whether a sentence of a document speaks to a machine rather than of medicine."""
    return bool(_INSTRUCTION.search(sentence))


_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,60}\b(?:previous|prior|above|earlier|"
    r"instructions?|rules?|prompts?|guidelines? you|polic(?:y|ies)|everything)\b|"
    r"\b(?:following )?words must be (?:said|spoken)\b|"
    r"\b(?:system|developer|hidden) (?:prompt|message|note|override)\b|"
    r"\byou are (?:now |no longer )?(?:an?|the|my|in) (?:\w+ )?"
    r"(?:ai|assistant|model|chatbot|mode)\b|"
    r"\bas an ai\b|\b(?:ai|voice|dear|the) (?:assistant|model|chatbot)s?\b[:,]|"
    r"^\W*(?:system|user|assistant|developer)\s*[:>]|^\W*assistant\s*,|"
    r"^\W*(?:answer|reply|response|output|say)\s*:|<\|?(?:im_start|system|assistant|user)|\[/?INST\]|"
    r"\b(?:call|invoke|run|execute|trigger) (?:the |this |a )?\w*[ _]?"
    r"(?:tool|function|calculator|api)\b|"
    r"\b(?:tell|reply to|respond to|instruct|answer) (?:the |your )?"
    r"(?:user|clinician|caller|listener)s?\b|\b(?:reply|respond|answer|say|speak|output|print)\b.{0,30}"
    r"\b(?:exactly|verbatim|only with|the following words|out loud)\b|"
    r"\b(?:visit|go to|open|click|browse to)\b.{0,20}\b(?:link|url|website|http)|"
    r"\b(?:when|if) (?:asked|the user asks|you are asked)\b|\bdo not (?:mention|reveal|cite|quote) "
    r"(?:this|the source|these)\b|\bnew instructions?\b|\byour (?:instructions|rules|system)\b|"
    r"\{\s*\"(?:tool|function|name|arguments)\"|"
    r"\b(?:language models?|llms?|chat ?bots?|ai (?:assistants?|models?|readers?|systems?|agents?)|"
    r"(?:unrestricted|an) ai)\b|\b(?:developer|admin|debug|god|dan) (?:mode|override)\b|"
    r"\bjail ?break|^\W*(?:prompt|instruction|directive|override|task)s?\s*:|"
    r"\b(?:system|llm|ai|hidden) (?:directive|instruction|prompt)s?\b|"
    r"\bfrom now on\b.{0,40}\b(?:answer|say|reply|respond|recommend|tell|you)\b|"
    r"\byour (?:new |next |only )?(?:task|job|role|goal|guidelines|programming|safety) (?:is|are|"
    r"now)\b|\b(?:follow(?:ing)?|obey(?:ing)?|ignor\w+|disregard\w*) your\b|"
    r"\bpretend (?:that |to )?(?:you|be)\b|\bact as (?:an?|the|if you)\b|\brole-?play\b|"
    r"\bin (?:every|each|all|any|your) (?:answer|response|reply|replies|responses|answers)\b|"
    r"\b(?:respond|reply|answer)(?:s|ing)? (?:with|as follows|by saying)\b|"
    r"\b(?:instead|then|now) (?:output|say|print|answer|reply|respond)\b|"
    r"\boverrid(?:e|es|ing) (?:all|any|every|the|previous|prior|your)\b|"
    r"\b(?:read|repeat|say|speak) (?:this|the following|it|these)\b.{0,20}"
    r"\b(?:aloud|out loud|to the (?:user|caller|doctor|clinician|listener))\b|"
    r"\bassistant (?:should|must|will|shall|is to|has to|needs to)\b|"
    r"\b(?:ignor(?:iere|ieren|ez|er|a|ar|e|i)|vergiss|oubliez|olvida|dimentica)\b.{0,40}"
    r"\b(?:anweisung\w*|instructions?|instruccion\w*|istruzion\w*|regeln|règles|reglas)\b",
    re.IGNORECASE,
)  # fmt: skip
