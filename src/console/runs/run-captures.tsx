/** The captures of a run: those that were taken, why one could not be, and the buttons that take them. */
import type { CaptureFormat } from "../../domain/captures/capture.ts";
import type { CaptureAnswer } from "../answers/whole-run.ts";
import { Act } from "../pieces/pieces.tsx";
import { Said } from "../pieces/said.tsx";

const NAMES: Readonly<Record<CaptureFormat, string>> = { png: "Picture", pdf: "PDF" };
const LABELS: Readonly<Record<CaptureFormat, string>> = { png: "Take a picture", pdf: "Make a PDF" };
const FORMATS = ["png", "pdf"] as const;

interface Props {
  readonly captures: readonly CaptureAnswer[];
  /** Where they are in the API. */
  readonly at: string;
  /** Where they are ordered, for whoever may order them of this run; absent: it is nobody's to do here. */
  readonly door?: string | undefined;
}

export const RunCaptures = ({ captures, at, door }: Props) =>
  captures.length === 0 && door === undefined ? null : (
    <>
      <h2 id="captures">Captures</h2>
      {captures.map((capture) => (
        <OneCapture capture={capture} at={`${at}/${capture.format}`} />
      ))}
      {door === undefined ? null : <Orders captures={captures} door={door} />}
    </>
  );

/** Of what is being taken there is nothing to order. */
const Orders = ({ captures, door }: Pick<Props, "captures"> & { readonly door: string }) => (
  <div class="row">
    {FORMATS.map((format) => {
      const there = captures.find((capture) => capture.format === format);
      if (there?.state === "pending") return null;
      const fields = { format, ...(there?.state === "captured" ? { again: "yes" } : {}) };
      return (
        <Act action={door} label={there === undefined ? LABELS[format] : `${LABELS[format]} again`} fields={fields} />
      );
    })}
  </div>
);

const OneCapture = ({ capture, at }: { readonly capture: CaptureAnswer; readonly at: string }) => {
  const { format, facts, failure, state } = capture;
  if (facts === null && state === "failed" && failure !== null)
    return (
      <>
        <p>
          {NAMES[format]}: it could not be taken. {failure.fix}
        </p>
        <Said text={failure.message} tone="wrong" />
        {failure.detail === undefined ? null : <Said text={failure.detail} tone="quiet" />}
      </>
    );
  if (facts === null) return <p data-pending="poll">{NAMES[format]}: it is being taken. Look again in a moment.</p>;
  if (format === "pdf")
    return (
      <p>
        <a href={at}>PDF of the app</a>
        {facts.print === null ? null : `, ${facts.print.pages} ${facts.print.pages === 1 ? "page" : "pages"}`}
      </p>
    );
  return (
    <p>
      <a href={at}>
        <img class="capture" src={`${at}?size=preview`} alt="The app as this run left it" loading="lazy" />
      </a>
    </p>
  );
};
