/** Rings the cron triggers of wrangler.toml, which `wrangler dev` does not do by itself. */
const WATCHDOG_CRON = "*/5 * * * *";
const DAILY_CRON = "17 3 * * *";
const EVERY_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

/** From now on, until stopped. */
export function startWatchdog(url: string): () => void {
  let day: number | undefined;
  const look = async (): Promise<void> => {
    const today = Math.floor(Date.now() / DAY_MS);
    if (today !== day) await ring(url, DAILY_CRON);
    day = today;
    await ring(url, WATCHDOG_CRON);
  };
  const lookOrTell = () => look().catch((cause) => process.stderr.write(`The watchdog was not rung: ${cause}\n`));
  const timer = setInterval(lookOrTell, EVERY_MS);
  void lookOrTell();
  return () => clearInterval(timer);
}

async function ring(url: string, cron: string): Promise<void> {
  const answer = await fetch(`${url}/cdn-cgi/local/scheduled?cron=${encodeURIComponent(cron)}`);
  if (!answer.ok) throw new Error(`${cron} answered ${answer.status}`);
  await answer.body?.cancel();
}
