/** Projects that went to somebody else because nobody was left with full access to them. */
import type { HandedOverAnswer } from "../answers/member.ts";
import { address } from "../client.ts";

export const HandedOver = ({ handed_over: handedOver }: HandedOverAnswer) => (
  <>
    <h2>Handed over</h2>
    {handedOver.length === 0 ? (
      <p class="quiet">Nothing had to be: every project has somebody else with full access to it.</p>
    ) : (
      <ul class="sheet">
        {handedOver.map(({ project, to }) => (
          <li>
            <a href={address`/projects/${project.slug}`}>{project.name}</a> is now with <bdi>{to.email}</bdi>.
          </li>
        ))}
      </ul>
    )}
  </>
);
