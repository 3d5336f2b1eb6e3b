import { describe, expect, it } from "vitest";
import { readSelector, SELECTOR_MAX_LENGTH } from "../../../src/domain/captures/selector.ts";

describe("a selector", () => {
  it.each([
    "#report",
    ".chart.ready",
    "main > section[data-state='ready']",
    'a[href="https://example.com/;{}?a=%20"]',
    "html[data-ready]",
    "*",
    "table:not(.loading) tr:nth-child(2n + 1)",
    ":root",
    "p::first-line",
    "ul li ~ li + li, ol",
  ])("is taken as it is: %s", (selector) => {
    expect(readSelector(` ${selector} `)).toEqual({ ok: true, value: selector });
  });

  it.each([
    ["", "empty"],
    ["  ", "empty"],
    ["x".repeat(SELECTOR_MAX_LENGTH + 1), "longer than 200"],
    [".ready {", "stands in no selector"],
    ["//div[@id='x']", "stands in no selector"],
    ["<div>", "stands in no selector"],
    ["a[href='x]", "not closed"],
    ["a[href", "not paired"],
    ["a:not(.b", "not paired"],
    ["a)b(", "not paired"],
    ["a[b)", "not paired"],
    ["> a", "not complete"],
    ["a,", "not complete"],
    ["a,,b", "not complete"],
    [".", "not complete"],
    ["1a", "not complete"],
  ])("is refused where it is plainly none: %j", (text, said) => {
    expect(readSelector(text)).toEqual({ ok: false, error: expect.stringContaining(said) });
  });
});
