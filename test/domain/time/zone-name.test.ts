import { describe, expect, it } from "vitest";
import { ianaName, zoneRefusal } from "../../../src/domain/time/zone-name.ts";

describe("the proper case of a zone name", () => {
  it.each([
    ["america/port-au-prince", "America/Port-au-Prince"],
    ["africa/dar_es_salaam", "Africa/Dar_es_Salaam"],
    ["europe/isle_of_man", "Europe/Isle_of_Man"],
    ["antarctica/mcmurdo", "Antarctica/McMurdo"],
    ["america/argentina/comodrivadavia", "America/Argentina/ComodRivadavia"],
    ["AMERICA/NUUK", "America/Nuuk"],
  ])("of %s is %s", (text, name) => {
    expect(ianaName(text)).toBe(name);
  });

  it("is kept for every name that Intl lists", () => {
    const listed = Intl.supportedValuesOf("timeZone").filter((name) => name.includes("/") && !name.startsWith("Etc/"));
    expect(listed.filter((name) => ianaName(name.toUpperCase()) !== name)).toEqual([]);
  });
});

describe("a refused zone", () => {
  it.each(["", "+02:00", "UTC+2", "GMT+1", "Mars/Olympus", "Europe/", "EST", "PST", "a".repeat(300), "constructor"])(
    "is %j",
    (text) => {
      expect(ianaName(text)).toBeUndefined();
    },
  );

  it.each([
    ["Berlin", "Europe/Berlin"],
    ["Europe/Berln", "Europe/Berlin"],
    ["new york", "America/New_York"],
    ["Asia/Kolkatta", "Asia/Kolkata"],
    ["EST", "America/New_York"],
    ["+02:00", "UTC"],
    ["Mars/Olympus", "UTC"],
  ])("%s is answered with %s", (text, suggestion) => {
    expect(zoneRefusal(text).suggestions[0]).toBe(suggestion);
  });

  it("never quotes more than 80 characters of the input", () => {
    expect(zoneRefusal("x".repeat(5_000)).message.length).toBeLessThan(140);
  });

  it("says that an offset is not a zone", () => {
    expect(zoneRefusal("+02:00").message).toContain("is an offset");
  });
});
