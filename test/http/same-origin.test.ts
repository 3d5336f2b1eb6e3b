/** Where a browser's request comes from, and what it is for. */
import { expect, it } from "vitest";
import { isOpenedAsPage, isSameOrigin } from "../../src/http/same-origin.ts";

const from = (headers: Record<string, string>) =>
  isSameOrigin(new Request("https://carillon.test/sign-out", { method: "POST", headers }));

it.each<[boolean, Record<string, string>]>([
  [true, { "sec-fetch-site": "same-origin" }],
  [true, { "sec-fetch-site": "same-origin", origin: "null" }],
  [true, { origin: "https://carillon.test" }],
  [false, {}],
  [false, { "sec-fetch-site": "same-site" }],
  [false, { "sec-fetch-site": "cross-site", origin: "https://carillon.test" }],
  [false, { "sec-fetch-site": "none" }],
  [false, { origin: "http://carillon.test" }],
  [false, { origin: "https://carillon.test.evil.test" }],
  [false, { origin: "null" }],
])("is here (%s) by %j", (isHere, headers) => expect(from(headers)).toBe(isHere));

it.each<[boolean, Record<string, string>]>([
  [true, { "sec-fetch-dest": "document" }],
  [true, {}],
  [false, { "sec-fetch-dest": "image" }],
  [false, { "sec-fetch-dest": "iframe" }],
  [false, { "sec-fetch-dest": "empty" }],
])("is opened as a page (%s) by %j", (isPage, headers) =>
  expect(isOpenedAsPage(new Request("https://carillon.test/sign-in", { headers }))).toBe(isPage),
);
