/** What the functions of a run returned, as JSON to read and to copy; and how far a run of the whole project has come. */
import { prettyJson } from "../../domain/blocks/pretty-json.ts";
import { isFinal } from "../../domain/run.ts";
import { Copyable } from "../pieces/pieces.tsx";
import type { RunPageProps } from "./run-page.tsx";

/** Characters of an output that are shown; the API has all of it. */
const SHOWN_MAX = 4_000;
/** More than these are opened one by one. */
const OPENED_MAX = 3;

type Props = Pick<RunPageProps, "visit" | "run" | "output" | "lostBecause" | "functions">;

export const Progress = ({ output, functions }: Props) => {
  if (functions === null || output === null) return null;
  const done = output.items.length;
  return (
    <p>
      <label for="progress">
        {done} of {functions} functions have returned
      </label>
      <progress id="progress" value={done} max={functions} />
    </p>
  );
};

export const Outputs = ({ visit, run, output, lostBecause }: Props) => (
  <>
    <h2 id="outputs">Outputs</h2>
    {output === null ? (
      <p class="quiet">{lostBecause}</p>
    ) : output.items.length === 0 ? (
      <p class="quiet">{isFinal(run.status) ? "It returned nothing." : "Nothing has been returned yet."}</p>
    ) : (
      output.items.map(({ fn, value }, place) => {
        const text = prettyJson(value, SHOWN_MAX);
        return (
          <details id={`output-of-${place}`} class="field" open={output.items.length <= OPENED_MAX}>
            <summary>
              <code>{fn}</code>
            </summary>
            <Copyable id={`output-${place}`} text={text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text} />
            {text.length > SHOWN_MAX ? (
              <p class="quiet">
                This is its beginning. <a href={`${visit.at}/runs/${run.id}/output`}>All of it, as JSON</a>
              </p>
            ) : null}
          </details>
        );
      })
    )}
  </>
);
