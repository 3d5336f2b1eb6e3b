/** Loaded into wrangler before anything else: when the start that made it is gone, however it went, wrangler goes too. */
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
