/** A report on two weeks of orders. All of it runs in this order, top to bottom, and the app shows what each returns. */
import { chart, fn, markdown, metric, table } from "carillon";
import { lastDays } from "./orders.js";

const DAYS = 14;
const WEEK = 7;

const sum = (days, of) => days.reduce((total, day) => total + day[of], 0);
const percent = (now, before) => Math.round((now / before - 1) * 1_000) / 10;

/** The heading, and the week in one sentence. */
export const summary = async (_args, run) => {
  const days = lastDays(run.scheduled_for, DAYS);
  const [before, now] = [days.slice(0, WEEK), days.slice(WEEK)];
  const best = now.reduce((one, other) => (other.revenue > one.revenue ? other : one));
  console.log(`Read ${days.length} days up to ${days.at(-1)?.day}.`);
  return [
    markdown(`The best day of the week was **${best.day}** with ${best.orders} orders.`),
    metric("Orders in seven days", sum(now, "orders"), { change: percent(sum(now, "orders"), sum(before, "orders")) }),
    metric("Revenue in seven days", sum(now, "revenue"), {
      unit: "EUR",
      change: percent(sum(now, "revenue"), sum(before, "revenue")),
    }),
  ];
};

export const revenue = async (_args, run) =>
  chart("line", lastDays(run.scheduled_for, DAYS), { x: "day", y: "revenue", unit: "EUR", title: "Revenue by day" });

/** By itself it runs each working morning; with the whole project as often as that does. */
export const dailyOrders = fn(
  { schedule: "every weekday at 8:00 am", timezone: "Europe/Berlin", retry: 3 },
  async (_args, run) =>
    table(lastDays(run.scheduled_for, WEEK), {
      columns: ["day", { key: "orders", align: "right" }, { key: "revenue", label: "revenue, EUR", align: "right" }],
      title: "The last seven days",
    }),
);
