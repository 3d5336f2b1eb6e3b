/** Counts what the platform would bill, by listening at the edge of the bindings: rows, alarms, queue messages. */

export interface Counts {
  actorRowsRead: number;
  actorRowsWritten: number;
  alarmsSet: number;
  alarmsRung: number;
  logRowsWritten: number;
  transactions: number;
  messagesSent: number;
}

const zero = (): Counts => ({
  actorRowsRead: 0,
  actorRowsWritten: 0,
  alarmsSet: 0,
  alarmsRung: 0,
  logRowsWritten: 0,
  transactions: 0,
  messagesSent: 0,
});

let counts = zero();
/** Off while time is measured: listening costs time itself. */
let isCounting = false;
let cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];

/** Counts from now on. */
export function startCounting(): void {
  counts = zero();
  cursors = [];
  isCounting = true;
}

/** What was counted since, and no more counting. A cursor knows its rows only when it has been read. */
export function stopCounting(): Counts {
  settleCursors();
  isCounting = false;
  return counts;
}

export function countRing(): void {
  if (isCounting) counts.alarmsRung += 1;
}

function settleCursors(): void {
  for (const cursor of cursors) {
    counts.actorRowsRead += cursor.rowsRead;
    counts.actorRowsWritten += cursor.rowsWritten;
  }
  cursors = [];
}

/** Listens to the storage of one object. */
export function countStorage(storage: DurableObjectStorage): void {
  const { sql } = storage;
  const exec = sql.exec.bind(sql);
  sql.exec = (query, ...bindings) => {
    const cursor = exec(query, ...bindings);
    // The local server notes each object's name in a table of its own at every wake; Cloudflare does not.
    if (isCounting && !query.includes("__miniflare")) cursors.push(cursor);
    return cursor as never;
  };
  const transactionSync = storage.transactionSync.bind(storage);
  storage.transactionSync = (closure) => {
    if (isCounting) counts.transactions += 1;
    return transactionSync(closure);
  };
  const setAlarm = storage.setAlarm.bind(storage);
  storage.setAlarm = (time, options) => {
    if (isCounting) counts.alarmsSet += 1;
    return setAlarm(time, options);
  };
}

const listened = new WeakSet<object>();

/** Listens to the run log and to a queue; once for each binding. */
export function countBindings(log: D1Database, queue: Queue): void {
  if (listened.has(log)) return;
  listened.add(log);
  const batch = log.batch.bind(log);
  log.batch = async (statements) => {
    const results = await batch(statements);
    if (isCounting) for (const { meta } of results) counts.logRowsWritten += meta.rows_written;
    return results as never;
  };
  const sendBatch = queue.sendBatch.bind(queue);
  queue.sendBatch = (messages, options) => {
    const list = [...messages];
    if (isCounting) counts.messagesSent += list.length;
    return sendBatch(list, options);
  };
}
