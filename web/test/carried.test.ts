import { expect, it } from "vitest";
import { carriedParts } from "../src/parts/carried";

const PASSAGE = "Trimethoprim raises potassium. Give 0.5 mL of 10 % solution. Measure it again after 2 hours.";

it("marks the sentence that a claim repeats, and begins the view there", () => {
  expect(carriedParts(PASSAGE, ["From Hyperkalaemia, 2024 edition: Give 0.5 mL of 10 % solution."])).toEqual([
    { text: "…", carried: false, newLine: false },
    { text: "Give 0.5 mL of 10 % solution.", carried: true, newLine: false },
    { text: "Measure it again after 2 hours.", carried: false, newLine: false },
  ]);
});

it("marks the sentence that a claim is a part of", () => {
  const parts = carriedParts("First this; measure potassium again after 2 hours.", [
    "From Hyperkalaemia: measure potassium again after 2 hours.",
  ]);
  expect(parts).toEqual([{ text: "First this; measure potassium again after 2 hours.", carried: true, newLine: true }]);
});

it("marks nothing when no sentence is repeated", () => {
  expect(carriedParts(PASSAGE, ["Something else entirely."])).toEqual([{ text: PASSAGE, carried: false, newLine: false }]);
});

it("keeps the rows of a table on lines of their own", () => {
  const rows = "Give adrenaline into the thigh.\nAdult: 500 mcg. Repeat it once.\nChild 6–12 years: 300 mcg";
  const parts = carriedParts(rows, ["From Anaphylaxis: Give adrenaline into the thigh."]);
  expect(parts.map(({ text, newLine }) => (newLine ? `| ${text}` : text))).toEqual([
    "| Give adrenaline into the thigh.",
    "| Adult: 500 mcg.",
    "Repeat it once.",
    "| Child 6–12 years: 300 mcg",
  ]);
});
