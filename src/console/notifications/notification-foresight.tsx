/** What saving a notification would come to: who is given access, and whom nothing reaches. */
import type { ForesightAnswer } from "../answers/recipients.ts";

/** All that there is to be told before it is saved, as one text: the same text was seen already. Empty: nothing. */
export const saysOf = ({ grants, unreachable }: ForesightAnswer): string =>
  [...grants.map(({ id }) => `+${id}`), ...unreachable.map(({ recipient }) => `-${recipient.id}`)].sort().join(" ");

export const Foresight = ({ foresight }: { readonly foresight: ForesightAnswer }) => {
  const { grants, unreachable } = foresight;
  return (
    <div class="news" role="status">
      <input type="hidden" name="ahead" value={saysOf(foresight)} />
      {grants.length + unreachable.length === 0 ? (
        <p>Everybody it names has access to the project, and is reached.</p>
      ) : (
        <p class="lead">Before it is saved</p>
      )}
      {grants.map(({ name }) => (
        <p>
          <bdi>{name}</bdi> has no access to the project, and will be given app_only: seeing the app, and nothing else.
        </p>
      ))}
      {unreachable.map(({ recipient, failure }) => (
        <p class="warn">
          Nothing reaches <bdi>{recipient.name}</bdi>: {failure.message} {failure.fix}
        </p>
      ))}
      {grants.length + unreachable.length === 0 ? null : <p>Save once more to do it.</p>}
    </div>
  );
};
