/** A sentence of a passage, and whether a claim that was made is carried by it. */
export interface Part {
  text: string;
  carried: boolean;
}

/** Shorter sentences ("See below.") say too little to be recognised in a claim. */
const SHORTEST = 12;

/**
 * A passage cut into its sentences, those marked that `claims` repeat. What stands before the first
 * marked one is left out, with "…" in its place, so that a short view shows what matters.
 */
export function carriedParts(passage: string, claims: readonly string[]): Part[] {
  const said = claims.map(plain);
  const parts = passage
    .split(/(?<=[.!?])\s+|\n+/)
    .filter((sentence) => sentence.trim() !== "")
    .map((text): Part => {
      const words = plain(text);
      return {
        text,
        carried: words.length >= SHORTEST && said.some((claim) => claim.includes(words) || isEndOf(claim, words)),
      };
    });
  const first = parts.findIndex((part) => part.carried);
  if (first === -1) return [{ text: passage, carried: false }];
  return first === 0 ? parts : [{ text: "…", carried: false }, ...parts.slice(first)];
}

/** A claim may be part of a longer sentence, after words that name the source. */
function isEndOf(claim: string, words: string): boolean {
  const own = claim.slice(claim.indexOf(": ") + 1).trim();
  return own.length >= SHORTEST && words.includes(own);
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/[.!?;]+$/, "");
}
