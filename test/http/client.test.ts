/** What a client is counted by. */
import { expect, it } from "vitest";
import { addressOf, clientOf } from "../../src/http/client.ts";

const from = (address: string) => new Request("https://carillon.test", { headers: { "cf-connecting-ip": address } });

it.each([
  ["203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "::1"],
  ["::ffff:203.0.113.7", "::ffff:203.0.113.7"],
  ["not:an address", "not:an address"],
])("%s is counted as %s", (address, client) => expect(clientOf(from(address))).toBe(client));

it("is nobody in particular when nobody said", () => {
  const request = new Request("https://carillon.test");
  expect([addressOf(request), clientOf(request)]).toEqual([null, ""]);
});

it("keeps the whole address for the audit", () => expect(addressOf(from("2001:db8::1"))).toBe("2001:db8::1"));
