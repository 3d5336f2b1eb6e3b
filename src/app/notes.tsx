/** What of a block is not shown. */
export const Notes = ({ notes }: { readonly notes: readonly string[] }) => (
  <>
    {notes.map((note) => (
      <p class="note">{note}</p>
    ))}
  </>
);
