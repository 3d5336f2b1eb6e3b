import { describe, expect, it } from "vitest";
import { CAPTURE_FAILURE_NAMES, fixFor } from "../../../src/domain/captures/failure.ts";

describe("why no picture could be taken", () => {
  it.each(CAPTURE_FAILURE_NAMES)("%s comes with what would mend it, in a sentence", (reason) => {
    expect(fixFor(reason)).toMatch(/^[A-Z][^\n]{20,}\.$/);
  });
});
