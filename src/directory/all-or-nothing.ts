/** Batches that do an act as a whole or not at all: D1 undoes a batch in which one statement fails. */

/** SQL: the statement before this one changed a row. A statement that only reads leaves it as it was. */
export const IS_DONE = "changes() > 0";

/**
 * The statement that fails, and with it its batch, unless the condition holds. Outside of triggers SQLite has no statement
 * that only fails; a function that is called wrongly does.
 */
export const insist = (
  db: D1Database,
  condition: string,
  ...bindings: readonly (string | number | null)[]
): D1PreparedStatement =>
  db.prepare(`SELECT CASE WHEN ${condition} THEN 1 ELSE json('insisted in vain') END`).bind(...bindings);

/** What each statement answered; null when one insisted in vain, so that nothing was done. */
export async function batchOrNothing<Row>(
  db: D1Database,
  statements: readonly D1PreparedStatement[],
): Promise<readonly D1Result<Row>[] | null> {
  try {
    return await db.batch<Row>([...statements]);
  } catch (error) {
    // D1 names what went wrong only in the message.
    if (/malformed JSON/.test(String(error))) return null;
    throw error;
  }
}
