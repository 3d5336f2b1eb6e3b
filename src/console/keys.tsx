/** The keys that the script listens to, in a box that `?` opens. */

const KEYS: readonly (readonly [string, string])[] = [
  ["?", "Show these keys"],
  ["/", "Go to the filter"],
  ["n", "Make a new one, where the page has something to make"],
  ["j, k", "Next row, row before"],
  ["Enter", "Open the row"],
  ["g h", "Projects"],
  ["g o", "Overview of the project"],
  ["g s", "Schedules"],
  ["g r", "Run log"],
  ["g a", "App"],
  ["g v", "Versions"],
  ["g n", "Notifications"],
  ["g m", "Members"],
  ["g p", "Preferences"],
  ["Esc", "Leave a field"],
];

export const Keys = () => (
  <dialog id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">Keys</h2>
    <dl>
      {KEYS.map(([key, does]) => (
        <>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{does}</dd>
        </>
      ))}
    </dl>
    <form method="dialog">
      <button class="second" type="submit">
        Close
      </button>
    </form>
  </dialog>
);
