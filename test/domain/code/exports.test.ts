import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exportsInOrder } from "../../../src/domain/code/exports.ts";
import { type Lexed, lex } from "../../../src/domain/code/lexing.ts";
import { placeText } from "../../../src/domain/code/place.ts";

function exportsOf(texts: Record<string, string>, main = "index.js") {
  const lexed = new Map<string, Lexed>();
  for (const [name, text] of Object.entries(texts)) {
    const one = lex(name, text);
    if (!one.ok) throw new Error(`${name} is no module`);
    lexed.set(name, one.value);
  }
  return exportsInOrder(main, texts, lexed);
}

const namesOf = (texts: Record<string, string>) => exportsOf(texts).map(({ name }) => name);

describe("the exports of a module", () => {
  it("come in the order of the source, however they are written", () => {
    const text = `export const zebra = 1, apple = 2;
const late = 3; // export const commented = 1;
export async function mango() { return "export const inText = 1"; }
export { late as banana, late };
export default class {}
export function* cherry() {}`;
    expect(namesOf({ "index.js": text })).toEqual(["zebra", "apple", "mango", "banana", "late", "default", "cherry"]);
  });

  it("stand where their names do", () => {
    const places = exportsOf({ "index.js": "export const a = 1;\n\nexport function b() {}\n" });
    expect(places.map(({ place }) => placeText(place))).toEqual(["index.js:1:14", "index.js:3:17"]);
  });

  it("may come from other modules, by name and by star, once each, and without their default", () => {
    const texts = {
      "index.js": `export { second } from "./b.js";\nexport * from "./lib/c.js";\nexport const own = 1;\nexport * as all from "./b.js";`,
      "b.js": "export const first = 1, second = 2;",
      "lib/c.js": `export default 0; export const third = 3, own = 4;\nexport * from "../index.js"; export * from "../b.js";`,
    };
    expect(namesOf(texts)).toEqual(["second", "third", "first", "own", "all"]);
    const third = exportsOf(texts).find(({ name }) => name === "third");
    expect(third && placeText(third.place)).toBe("lib/c.js:1:32");
  });

  it("of any names keep the order that they are written in", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z][A-Za-z0-9]{3,12}$/), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(names, fc.integer({ min: 0, max: 3 }), (all, form) => {
        const write = (name: string) =>
          [
            `export const x${name} = 1;`,
            `export function x${name}() {}`,
            `const y${name} = 1; export { y${name} as x${name} };`,
            `export let x${name};`,
          ][form];
        expect(namesOf({ "index.js": all.map(write).join("\n") })).toEqual(all.map((name) => `x${name}`));
      }),
    );
  });
});
