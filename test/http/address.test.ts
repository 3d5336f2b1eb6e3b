import { describe, expect, it } from "vitest";
import { type AddressRules, readTarget } from "../../src/http/address.ts";

const DEPLOYED: AddressRules = { allowLoopback: false, ownHosts: ["carillon.example.dev"] };
const LOCAL: AddressRules = { ...DEPLOYED, allowLoopback: true };

const isCalled = (url: string, rules = DEPLOYED): boolean => readTarget(url, rules).ok;

describe("a deployed scheduler", () => {
  it.each([
    "https://example.com/hooks/report",
    "https://example.com:8443/hooks?a=1#b",
    "https://EXAMPLE.com/",
    "https://example.com./",
    "https://xn--bcher-kva.example/",
    "https://8.8.8.8/",
    "https://172.15.255.255/",
    "https://172.32.0.0/",
    "https://100.63.255.255/",
    "https://100.128.0.0/",
    "https://169.253.255.255/",
    "https://192.167.255.255/",
    "https://198.20.0.0/",
    "https://223.255.255.255/",
    "https://[2606:4700:4700::1111]/",
    "https://[2a00:1450:4001:830::200e]/",
    "https://localhost.example.com/",
    "https://10.example.com/",
    "https://carillon.example.dev.example.com/",
  ])("calls %s", (url) => {
    expect(readTarget(url, DEPLOYED)).toMatchObject({ ok: true });
  });

  it.each([
    ["this machine", "https://localhost/"],
    ["this machine, with a dot", "https://localhost./"],
    ["this machine, with two dots", "https://localhost../"],
    ["this machine, in capitals", "https://LOCALHOST/"],
    ["a name under localhost", "https://app.localhost/"],
    ["loopback", "https://127.0.0.1/"],
    ["loopback, anywhere in its block", "https://127.255.255.254/"],
    ["loopback, short", "https://127.1/"],
    ["loopback, decimal", "https://2130706433/"],
    ["loopback, octal", "https://0177.0.0.1/"],
    ["loopback, hexadecimal", "https://0x7f.1/"],
    ["loopback, one hexadecimal number", "https://0x7f000001/"],
    ["loopback, in full-width digits", "https://１２７.０.０.１/"],
    ["loopback, percent-encoded", "https://%31%32%37.0.0.1/"],
    ["loopback, with a dot", "https://127.0.0.1./"],
    ["this network", "https://0.0.0.0/"],
    ["this network, short", "https://0/"],
    ["private 10", "https://10.0.0.1/"],
    ["private 10, its end", "https://10.255.255.255/"],
    ["private 172.16", "https://172.16.0.1/"],
    ["private 172.31", "https://172.31.255.255/"],
    ["private 192.168", "https://192.168.1.1/"],
    ["carrier-grade NAT", "https://100.64.0.1/"],
    ["carrier-grade NAT, its end", "https://100.127.255.255/"],
    ["link-local, where clouds keep credentials", "https://169.254.169.254/latest/meta-data/"],
    ["link-local, decimal", "https://2852039166/"],
    ["protocol assignments", "https://192.0.0.1/"],
    ["documentation", "https://192.0.2.1/"],
    ["documentation", "https://198.51.100.7/"],
    ["documentation", "https://203.0.113.7/"],
    ["6to4 relays", "https://192.88.99.1/"],
    ["benchmarks", "https://198.18.0.1/"],
    ["benchmarks, the end", "https://198.19.255.255/"],
    ["multicast", "https://224.0.0.1/"],
    ["multicast, its end", "https://239.255.255.255/"],
    ["reserved", "https://240.0.0.1/"],
    ["broadcast", "https://255.255.255.255/"],
    ["IPv6 loopback", "https://[::1]/"],
    ["IPv6 loopback, in full", "https://[0:0:0:0:0:0:0:1]/"],
    ["IPv6 unspecified", "https://[::]/"],
    ["IPv4 mapped into IPv6", "https://[::ffff:127.0.0.1]/"],
    ["IPv4 mapped into IPv6, in hexadecimal", "https://[::ffff:7f00:1]/"],
    ["a public IPv4 mapped into IPv6", "https://[::ffff:8.8.8.8]/"],
    ["IPv4-compatible IPv6", "https://[::127.0.0.1]/"],
    ["NAT64", "https://[64:ff9b::7f00:1]/"],
    ["unique local", "https://[fc00::1]/"],
    ["unique local", "https://[fd12:3456:789a::1]/"],
    ["IPv6 link-local", "https://[fe80::1]/"],
    ["IPv6 site-local", "https://[fec0::1]/"],
    ["IPv6 multicast", "https://[ff02::1]/"],
    ["Teredo", "https://[2001::1]/"],
    ["IPv6 benchmarks", "https://[2001:2::1]/"],
    ["ORCHID", "https://[2001:10::1]/"],
    ["ORCHIDv2", "https://[2001:20::1]/"],
    ["IPv6 documentation", "https://[2001:db8::1]/"],
    ["the newer IPv6 documentation", "https://[3fff::1]/"],
    ["6to4 of a private address", "https://[2002:7f00:1::]/"],
    ["discard only", "https://[100::1]/"],
    ["a name without a domain", "https://intranet/"],
    ["a local name", "https://printer.local/"],
    ["an internal name", "https://metadata.google.internal/"],
    ["a home name", "https://nas.home.arpa/"],
    ["a name of a local network", "https://nas.lan/"],
    ["a hidden service", "https://abcdef.onion/"],
  ])("does not call %s: %s", (_, url) => {
    expect(readTarget(url, DEPLOYED)).toMatchObject({ ok: false, error: expect.stringMatching(/public Internet/) });
  });

  it.each([
    ["plain http", "http://example.com/", /https/],
    ["ftp", "ftp://example.com/", /https/],
    ["a file", "file:///etc/passwd", /https/],
    ["a script", "javascript:alert(1)", /https/],
    ["data", "data:text/plain,x", /https/],
    ["a user name", "https://me@example.com/", /user name/],
    ["a password", "https://me:secret@example.com/", /user name/],
    ["a host hidden behind a user name", "https://example.com@127.0.0.1/", /user name/],
    ["itself", "https://carillon.example.dev/v1/projects", /itself/],
    ["itself, with a dot", "https://carillon.example.dev./v1", /itself/],
    ["itself, with two dots", "https://carillon.example.dev../v1", /itself/],
    ["itself, in capitals and with a port", "https://CARILLON.example.dev:8443/", /itself/],
    ["no URL", "example.com/hook", /absolute/],
    ["nothing", "", /absolute/],
    ["a path", "/hook", /absolute/],
    ["a host that is none", "https://exa mple.com/", /absolute/],
    ["a port that is none", "https://example.com:99999/", /absolute/],
    ["too long a text", `https://example.com/${"x".repeat(2_048)}`, /2048 characters/],
  ])("does not call %s", (_, url, reason) => {
    expect(readTarget(url, DEPLOYED)).toMatchObject({ ok: false, error: expect.stringMatching(reason) });
  });

  it("calls an address of exactly the longest length", () => {
    const url = "https://example.com/".padEnd(2_048, "x");
    expect([isCalled(url), isCalled(`${url}x`)]).toEqual([true, false]);
  });
});

describe("a scheduler on a developer's machine", () => {
  it.each([
    "http://localhost:8788/report",
    "http://127.0.0.1:8788/report",
    "http://127.1/",
    "http://[::1]:8788/",
    "http://app.localhost/",
    "https://localhost/",
    "https://example.com/",
  ])("calls %s", (url) => {
    expect(isCalled(url, LOCAL)).toBe(true);
  });

  it.each([
    "http://example.com/",
    "http://10.0.0.1/",
    "http://0.0.0.0/",
    "http://[::ffff:127.0.0.1]/",
    "http://localhost.example.com/",
    "ftp://localhost/",
    "http://me@localhost/",
  ])("does not call %s either", (url) => {
    expect(isCalled(url, LOCAL)).toBe(false);
  });
});
