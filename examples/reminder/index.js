/** Reminders: each is a schedule that happens once, made while a function runs, and cancelled by its id. */
import { fn, text } from "carillon";

/** Schedules a reminder and answers its id, by which it can be taken back. */
export const scheduleReminder = async (args, run) => {
  if (args === null) return "Nobody asked for a reminder.";
  const { user, message, delay } = args;
  return run.send("hot:schedule:new", { fn: "send-reminder", args: [{ user, message }], schedule: delay });
};

/** Takes a reminder back; false when it has been sent already. */
export const cancelReminder = async (args, run) =>
  args === null ? false : run.send("hot:schedule:cancel", { "schedule-id": args.id });

/** Called by the scheduler when the time has come. A real one would send a push message here. */
export const sendReminder = async (args, run) => {
  if (args === null) return "No reminder is due.";
  const [{ user, message }] = args;
  run.log(`Reminded ${user}.`);
  return text(`${user}: ${message}`);
};

/** Every quarter of an hour on working days, everyone is reminded to stretch a minute later. */
export const stretch = fn({ schedule: "*/15 9-17 * * MON-FRI", timezone: "Europe/Berlin" }, async (_args, run) => {
  if (!run.scheduled) return "Everyone is reminded on schedule only.";
  return run.schedules.create({
    fn: "send-reminder",
    args: [{ user: "everyone", message: "Stand up and stretch." }],
    schedule: "in 1 minute",
  });
});
