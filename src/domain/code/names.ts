/** The names of functions, made from the names of their exports. Pure. */

/**
 * Kebab-case: `dailyReport` and `daily_report` are `daily-report`, `HTMLReport2` is `html-report2`. A row of capitals is one
 * word, whose last letter begins the next one when a small letter follows. Signs that no name may hold divide words.
 */
export const functionNameOf = (exported: string): string =>
  exported
    .replace(/(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, "-")
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1-$2")
    .replace(/[_$\s-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .toLowerCase();
