/** A sentence of a passage, whether a claim that was made is carried by it, and whether it begins a line. */
export interface Part {
  text: string;
  carried: boolean;
  newLine: boolean;
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
    .split(/\n+/)
    .flatMap((line) =>
      line
        .split(/(?<=[.!?])\s+/)
        .filter((sentence) => sentence.trim() !== "")
        .map((text, n) => ({ text, newLine: n === 0 })),
    )
    .map(({ text, newLine }): Part => {
      const words = plain(text);
      return {
        text,
        newLine,
        carried: words.length >= SHORTEST && said.some((claim) => claim.includes(words) || isEndOf(claim, words)),
      };
    });
  const first = parts.findIndex((part) => part.carried);
  if (first === -1) return [{ text: passage, carried: false, newLine: false }];
  if (first === 0) return parts;
  const shown = parts.slice(first).map((part, n) => (n === 0 ? { ...part, newLine: false } : part));
  return [{ text: "…", carried: false, newLine: false }, ...shown];
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
