import { describe, expect, it } from "vitest";
import { NEWS_LIMITS, newsSizes } from "../../../src/domain/captures/news-size.ts";

const { email, slack } = NEWS_LIMITS;
const small = { bytes: 100_000, side: 2_000 };

describe("how much of a capture news can carry", () => {
  it("is the whole of it where it fits", () => {
    expect(newsSizes(small, null)).toEqual({ email: "full", slack: "full" });
    expect(newsSizes({ bytes: email.bytes, side: email.side }, small)).toEqual({ email: "full", slack: "full" });
  });

  it("is the smaller picture where the whole is too heavy for the channel, channel by channel", () => {
    expect(newsSizes({ bytes: email.bytes + 1, side: 2_000 }, small)).toEqual({ email: "preview", slack: "full" });
    expect(newsSizes({ bytes: slack.bytes + 1, side: 2_000 }, small)).toEqual({ email: "preview", slack: "preview" });
  });

  it("is the smaller picture where the whole is too long to be shown", () => {
    expect(newsSizes({ bytes: 1, side: slack.side + 1 }, small)).toEqual({ email: "preview", slack: "preview" });
  });

  it("is a link where nothing fits, as of a heavy PDF", () => {
    expect(newsSizes({ bytes: email.bytes + 1 }, null)).toEqual({ email: "link", slack: "full" });
    expect(newsSizes({ bytes: slack.bytes + 1 }, { bytes: slack.bytes + 1 })).toEqual({ email: "link", slack: "link" });
  });

  it("leaves room for base64 in a mail of 5 MiB", () => {
    expect((email.bytes * 4) / 3).toBeLessThan(5 * 1_048_576);
  });
});
