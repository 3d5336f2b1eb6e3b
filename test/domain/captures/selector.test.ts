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
    String.raw`.sm\:block`,
    String.raw`#a\:b`,
    String.raw`.w-1\/2`,
    String.raw`#\31 23`,
    "[title='[(']",
    ".größe",
  ])("is taken as it is: %s", (selector) => {
    expect(readSelector(` ${selector} `)).toEqual({ ok: true, value: selector });
  });

  it.each([
    ["", "empty"],
    ["  ", "empty"],
    ["x".repeat(SELECTOR_MAX_LENGTH + 1), "longer than 200"],
    ["#a\u0000", "cannot be seen"],
    ["#a\n#b", "cannot be seen"],
    ["//div[@id='x']", "HTML or a path"],
    ["<div>", "HTML or a path"],
  ])("is refused where it is plainly none: %j", (text, said) => {
    expect(readSelector(text)).toEqual({ ok: false, error: expect.stringContaining(said) });
  });
});
