"""Words that tell a fact and are no part of it: a sentence may have them where its source does not.

None of them turns a meaning: what raises, prevents, worsens or lasts is for the source to say.
"""

from __future__ import annotations

from functools import cache

from agents.conversational import everyday_stems
from agents.facts import stems


@cache
def telling_stems() -> frozenset[str]:
    """Their stems."""
    return stems(_TELLING)


@cache
def plain_stems() -> frozenset[str]:
    """The stems of all words that any sentence may use."""
    return everyday_stems() | telling_stems()


_TELLING = """
    adequate after afterwards against age aged ago aim aiming aims allow allowed allows along
    alongside already altogether amounts another anyone anyway apart arrange aside ask asks attempt
    available away back bear because been before belong belongs bring brings call calls capped
    carried carries carry chance check checks choose chooses chosen class classed clearly combine
    combining come comes commonly compare compared comprise comprises concurrent considers consist
    consists correspond corresponding corresponds count counts criteria criterion define defined
    defines definition deliver delivered describes diagnose diagnosed diagnosis diagnostic divided
    done down during each earlier else employ ensure entail equally equals equivalent especially
    every everyone exact exactly example extra feature features fewer figure find finding findings
    form forms found further gets getting given gives goes gone good grade graded grades greater
    guide guides hand happen happens have having helpful hence higher holds how identify individual
    individuals infuse infused infusion instance involve involves item keep keeping keeps kept kind
    larger lasting lasts lead leads let lies like local longer look looks lower made make makes
    making mark marked matter mean means meant measure measured measurement merely muscle name named
    namely necessary need needs note notes occasion offer offered offers often once onward onwards
    opt order ordinarily organism organisms originally otherwise ought own pair paired pass passed
    patient patients people perform performed permit permits permitted persons pick place places
    plan point points poses possibly practice prefer preferably prefers proceed quantity quick quite
    range reach reached reaches reaching reading really reason reasons receive received receives
    recheck rechecked regard regarded regarding relate related rely remain remembering represent
    represents rest role roughly route routinely run running runs say says seek seen select selected
    set shorter should show showing shown shows sign signs simply since smaller solution someone
    something sort sought specified specify stage stand stands state stay stays step steps strength
    subject subsequent subsequently switch switched taken takes taking target tell tells tend tends
    that then thing things those though thus together total toward try typical typically undergo
    undergoing undertake undertaken until upon utilise utilised variant view wait waits watch way
    ways weigh weighing weighs weight well went where whichever whoever whose widely wish without
    woman women words work works write written yield
"""
