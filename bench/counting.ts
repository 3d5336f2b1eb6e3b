/** Counts what the platform would bill, by listening at the edge of the bindings: rows, alarms, queue messages. */
import type { Env } from "../src/env.ts";

export interface Counts {
  actorRowsRead: number;
  actorRowsWritten: number;
  alarmsSet: number;
  alarmsRung: number;
  /** Of the run log, which also holds the deliveries. */
  logRowsRead: number;
  logRowsWritten: number;
  logStatements: number;
  directoryRowsRead: number;
  directoryRowsWritten: number;
  transactions: number;
  messagesSent: number;
}

const zero = (): Counts => ({
  actorRowsRead: 0,
  actorRowsWritten: 0,
  alarmsSet: 0,
  alarmsRung: 0,
  logRowsRead: 0,
  logRowsWritten: 0,
  logStatements: 0,
  directoryRowsRead: 0,
  directoryRowsWritten: 0,
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

type Bindings = Pick<Env, "RUNLOG" | "DIRECTORY" | "RUNS" | "CAPTURES" | "DELIVERIES">;

/** Listens to both databases and to the queues; once for each binding. */
export function countBindings({ RUNLOG, DIRECTORY, RUNS, CAPTURES, DELIVERIES }: Bindings): void {
  countDatabase(RUNLOG, ({ rows_read, rows_written }) => {
    counts.logRowsRead += rows_read;
    counts.logRowsWritten += rows_written;
    counts.logStatements += 1;
  });
  countDatabase(DIRECTORY, ({ rows_read, rows_written }) => {
    counts.directoryRowsRead += rows_read;
    counts.directoryRowsWritten += rows_written;
  });
  for (const queue of [RUNS, CAPTURES, DELIVERIES]) countQueue(queue);
}

function countDatabase(db: D1Database, note: (meta: D1Meta) => void): void {
  if (listened.has(db)) return;
  listened.add(db);
  const batch = db.batch.bind(db);
  db.batch = async (statements) => {
    const results = await batch(statements);
    if (isCounting) for (const { meta } of results) note(meta);
    return results as never;
  };
  const prepare = db.prepare.bind(db);
  db.prepare = (sql) => (isCounting ? countStatement(prepare(sql), note) : prepare(sql));
}

/** Of one row alone the database tells no numbers, so all are asked for. */
function countStatement(statement: D1PreparedStatement, note: (meta: D1Meta) => void): D1PreparedStatement {
  const bind = statement.bind.bind(statement);
  const all = statement.all.bind(statement);
  const counted = async () => {
    const result = await all<Record<string, unknown>>();
    note(result.meta);
    return result;
  };
  const first = async (column?: string) => {
    const [row] = (await counted()).results;
    return (row === undefined || column === undefined ? row : row[column]) ?? null;
  };
  return Object.assign(statement, {
    bind: (...values: unknown[]) => countStatement(bind(...values), note),
    all: counted as never,
    run: counted as never,
    first: first as never,
  });
}

function countQueue(queue: Queue<never>): void {
  if (listened.has(queue)) return;
  listened.add(queue);
  const sendBatch = queue.sendBatch.bind(queue);
  queue.sendBatch = (messages, options) => {
    const list = [...messages];
    if (isCounting) counts.messagesSent += list.length;
    return sendBatch(list, options);
  };
  const send = queue.send.bind(queue);
  queue.send = (body, options) => {
    if (isCounting) counts.messagesSent += 1;
    return send(body, options);
  };
}
