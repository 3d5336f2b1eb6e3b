/** What others wrote, as a paragraph of its own: in its own direction, and folded where it is long. */

/** Characters of a message that are shown at once. */
export const SHOWN_AT_ONCE = 300;

interface SaidProps {
  readonly text: string;
  readonly tone: "good" | "wrong" | "quiet";
}

/** The text; of a long one its beginning, which opens to all of it. */
export const Said = ({ text, tone }: SaidProps) => {
  const characters = Array.from(text);
  if (characters.length <= SHOWN_AT_ONCE)
    return (
      <p class={tone} dir="auto">
        {text}
      </p>
    );
  return (
    <details class={`said ${tone}`} dir="auto">
      <summary>
        <span class="start">{characters.slice(0, SHOWN_AT_ONCE).join("")}…</span>{" "}
        <span class="mark" dir="ltr">
          {characters.length} characters
        </span>
      </summary>
      {text}
    </details>
  );
};
