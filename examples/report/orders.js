/** A shop's books, made up: the same day has the same orders whenever it is asked for. */
const DAY_MS = 86_400_000;

/** A number from 0 to 1 that is fixed for each day. */
function luckOf(day) {
  let hash = 2_166_136_261;
  for (const character of day) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

function booksOf(at) {
  const date = new Date(at);
  const day = date.toISOString().slice(0, 10);
  const isWeekend = [0, 6].includes(date.getUTCDay());
  const orders = Math.round((isWeekend ? 45 : 80) + luckOf(day) * 40);
  return { day, orders, revenue: Math.round(orders * (32 + luckOf(`${day} price`) * 9)) };
}

/** The days before `until`, oldest first. */
export const lastDays = (until, count) =>
  Array.from({ length: count }, (_, index) => booksOf(Date.parse(until) - (count - index) * DAY_MS));
