/**
 * Where an outgoing call may go. Pure. Refuses what is private, local or our own before a byte leaves.
 *
 * On Workers the peer's address cannot be seen, and the platform itself does not route to private networks; what can be
 * judged is the URL, so literals of every form are judged after WHATWG parsing, which turns `0x7f.1` into `127.0.0.1`.
 */
import { fail, ok, type Result } from "../domain/result.ts";

export interface AddressRules {
  /** Lets calls go to this machine over plain http. For local development only. */
  readonly allowLoopback: boolean;
  /** Host names of this deployment: a function must not call its own scheduler. */
  readonly ownHosts: readonly string[];
}

const URL_MAX_LENGTH = 2_048;
const LOCAL_SUFFIXES = [".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".onion"];

/** [network, prefix length] of every IPv4 block that is not the public Internet (IANA special-purpose registry). */
const SPECIAL_IPV4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** The URL, parsed, or one sentence that says why it is refused. */
export function readTarget(text: string, rules: AddressRules): Result<URL, string> {
  if (text.length > URL_MAX_LENGTH) return fail(`The URL is longer than ${URL_MAX_LENGTH} characters.`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return fail("It is not an absolute URL such as https://example.com/hooks/report.");
  if (url.username !== "" || url.password !== "") {
    return fail("The URL holds a user name or password; send credentials in a header instead.");
  }
  const host = url.hostname.toLowerCase().replace(/\.+$/, "");
  // First: on a developer's machine the scheduler and its functions share the loopback's names.
  if (rules.allowLoopback && isLoopback(host)) return isWeb(url) ? ok(url) : fail("Only http and https are called.");
  if (rules.ownHosts.includes(host)) return fail("The URL points at this scheduler itself.");
  if (url.protocol !== "https:") return fail("Only https is called.");
  return isPublicHost(host) ? ok(url) : fail(`The host ${host} is not on the public Internet.`);
}

const isWeb = (url: URL): boolean => url.protocol === "http:" || url.protocol === "https:";

const isLoopback = (host: string): boolean =>
  host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);

function isPublicHost(host: string): boolean {
  if (host.startsWith("[")) return isPublicIpv6(host.slice(1, -1));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return isPublicIpv4(host);
  return host.includes(".") && !LOCAL_SUFFIXES.some((suffix) => host.endsWith(suffix));
}

function isPublicIpv4(address: string): boolean {
  const value = ipv4Value(address);
  return !SPECIAL_IPV4.some(([network, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(value / size) === Math.floor(ipv4Value(network) / size);
  });
}

const ipv4Value = (address: string): number =>
  address.split(".").reduce((value, byte) => value * 256 + Number(byte), 0);

/** Only 2000::/3 is handed out; inside it, the blocks that carry or document other addresses are refused too. */
function isPublicIpv6(address: string): boolean {
  const first = Number.parseInt(address.split(":")[0] ?? "0", 16) || 0;
  if (first < 0x2000 || first > 0x3fff) return false;
  const second = Number.parseInt(address.split(":")[1] ?? "0", 16) || 0;
  const isDocumentation = (first === 0x2001 && second === 0x0db8) || (first === 0x3fff && second < 0x1000);
  // 2001::/23, the protocol assignments: Teredo, benchmarks, ORCHID.
  const isAssignedToProtocols = first === 0x2001 && second < 0x0200;
  const isSixToFour = first === 0x2002;
  return !isDocumentation && !isAssignedToProtocols && !isSixToFour;
}
