/** The foot of every sheet. */
import { expect, it } from "vitest";
import { footerOf } from "../../src/capture/footer.tsx";

it("a footer is text, whatever the names in it are", () => {
  const footer = footerOf({ project: "<b>&\"'", schedule: "<i>", scheduledFor: 0, ranAt: 1_000, timezone: "UTC" });
  expect(footer).toContain("&lt;b&gt;&amp;&quot;&#39; · &lt;i&gt;");
  expect(footer).toContain("due 1970-01-01 00:00 / ran 1970-01-01 00:00:01 UTC");
});
