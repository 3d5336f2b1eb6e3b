/** What code functions wrote in a run: all of it, and for itself what they warned of. */
import type { LogLevel } from "../../domain/run-output.ts";
import { toLocalIso } from "../../domain/time/local-time.ts";
import type { LogAnswer } from "../answers/whole-run.ts";

interface Props {
  readonly log: LogAnswer | null;
  readonly zone: string;
}

type Line = LogAnswer["lines"][number];

export const RunLines = ({ log, zone }: Props) => {
  if (log === null || log.lines.length === 0) return null;
  const loud = log.lines.filter(({ level }) => level === "warn" || level === "error");
  return (
    <>
      <h2 id="log">Log lines</h2>
      {loud.length === 0 ? null : (
        <details id="loud-lines" class="field">
          <summary>Warnings and errors alone ({loud.length})</summary>
          <Lines lines={loud} zone={zone} />
        </details>
      )}
      <details id="all-lines" class="field" open>
        <summary>All lines ({log.lines.length})</summary>
        <Lines lines={log.lines} zone={zone} />
      </details>
      {log.truncated ? <p class="quiet">More was written than is kept.</p> : null}
    </>
  );
};

const TONES: Readonly<Record<LogLevel, string>> = { debug: "quiet", log: "", info: "", warn: "warn", error: "wrong" };
/** The time of day of an ISO text, up to seconds. */
const CLOCK = [11, 19] as const;

const Lines = ({ lines, zone }: { readonly lines: readonly Line[]; readonly zone: string }) => (
  <section class="wide" tabindex={0} aria-label="Log lines">
    <table>
      <thead>
        <tr>
          <th scope="col">{`Time, ${zone}`}</th>
          <th scope="col">Function</th>
          <th scope="col">Level</th>
          <th scope="col">Text</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ at, fn, level, text }) => (
          <tr>
            <td>{toLocalIso(at, zone).slice(...CLOCK)}</td>
            <td>{fn}</td>
            <td class={TONES[level]}>{level}</td>
            <td>
              <code class={TONES[level]} dir="auto">
                {text}
              </code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
