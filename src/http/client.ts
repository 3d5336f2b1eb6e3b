/** Where a request comes from, as Cloudflare says in a header that no caller can set. */

const ADDRESS_HEADER = "cf-connecting-ip";
const IPV6_GROUPS = 8;
/** Whoever has one address of an IPv6 network of 64 bits has all of them (RFC 6177 section 2). */
const IPV6_NETWORK_GROUPS = 4;

/** The address itself, as the audit keeps it; null when nobody said. */
export const addressOf = (request: Request): string | null => request.headers.get(ADDRESS_HEADER);

/** What a client is counted by: its IPv4 address, or its IPv6 network. Empty when nobody said. */
export function clientOf(request: Request): string {
  const address = addressOf(request) ?? "";
  return address.includes(":") ? networkOf(address) : address;
}

/** The URL parser writes each address in one way only (RFC 5952). */
function networkOf(address: string): string {
  const url = `http://[${address}]`;
  if (!URL.canParse(url)) return address;
  const [head = "", tail] = new URL(url).hostname.slice(1, -1).split("::");
  const [left, right] = [groupsOf(head), groupsOf(tail ?? "")];
  const groups = [...left, ...Array.from({ length: IPV6_GROUPS - left.length - right.length }, () => "0"), ...right];
  const network = groups.slice(0, IPV6_NETWORK_GROUPS);
  // The loopback, and IPv4 addresses that are written as IPv6: one network of all of them would be everybody.
  return network.every((group) => group === "0") ? address : `${network.join(":")}::/64`;
}

const groupsOf = (text: string): readonly string[] => (text === "" ? [] : text.split(":"));
