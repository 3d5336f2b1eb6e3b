/** The JSON of what a function returns, strictly: what JSON would drop or turn into null without a word is refused. */
import { cut } from "./words.js";

// Taken before the author's modules are loaded, as everything below: see harness.js.
const { apply } = Reflect;
const { keys: keysOf } = Object;
const { isArray } = Array;
const { isFinite: isFiniteNumber } = Number;
const { stringify } = JSON;
const { toString: tagOf } = Object.prototype;
const { getTime, toISOString } = Date.prototype;
const { slice } = String.prototype;
const encoder = new TextEncoder();
const { encode } = TextEncoder.prototype;

const DEPTH_MAX = 64;

/** Says that a value is none that JSON can hold, and where in it that is so. */
export class Unserialisable {
  constructor(what, trail) {
    this.what = what;
    this.path = pathOf(trail);
  }
}

export class TooLarge {}

function pathOf(trail) {
  let path = "";
  for (let step = trail; step !== null; step = step.above)
    path = (typeof step.key === "number" ? `[${step.key}]` : `.${cut(step.key, 100)}`) + path;
  return path;
}

/** The JSON of a value; throws one of the two. */
export function toJson(value, maxBytes) {
  const budget = { left: maxBytes };
  const json = write(value, null, 0, budget);
  if (apply(encode, encoder, [json]).length > maxBytes) throw new TooLarge();
  return json;
}

function write(value, trail, depth, budget) {
  switch (typeof value) {
    case "string":
      if (value.length > budget.left) throw new TooLarge();
      return spend(stringify(value), budget);
    case "number":
      if (!isFiniteNumber(value)) throw new Unserialisable(`the number ${value}`, trail);
      return spend(`${value}`, budget);
    case "boolean":
      return spend(value ? "true" : "false", budget);
    case "undefined":
      return spend("null", budget);
    case "bigint":
      throw new Unserialisable("a BigInt", trail);
    case "symbol":
      throw new Unserialisable("a symbol", trail);
    case "function":
      throw new Unserialisable("a function", trail);
    default:
      return value === null ? spend("null", budget) : writeObject(value, trail, depth, budget);
  }
}

function spend(json, budget) {
  budget.left -= json.length;
  if (budget.left < 0) throw new TooLarge();
  return json;
}

function writeObject(value, trail, depth, budget) {
  if (depth >= DEPTH_MAX) throw new Unserialisable(`something nested deeper than ${DEPTH_MAX} levels`, trail);
  for (let step = trail; step !== null; step = step.above)
    if (step.of === value) throw new Unserialisable("a cycle: it holds itself", trail);
  if (isArray(value)) return writeList(value, trail, depth, budget);
  const tag = apply(tagOf, value, []);
  if (tag === "[object Date]") return writeDate(value, trail, budget);
  const { toJSON } = value;
  if (typeof toJSON === "function")
    return write(apply(toJSON, value, [""]), { above: trail, key: "toJSON()", of: value }, depth + 1, budget);
  if (tag !== "[object Object]") throw new Unserialisable(`a value of the kind ${apply(slice, tag, [8, -1])}`, trail);
  return writeFields(value, trail, depth, budget);
}

function writeDate(value, trail, budget) {
  if (!isFiniteNumber(apply(getTime, value, []))) throw new Unserialisable("a Date that is no date", trail);
  return spend(`"${apply(toISOString, value, [])}"`, budget);
}

function writeList(list, trail, depth, budget) {
  let json = spend("[", budget);
  for (let index = 0; index < list.length; index += 1) {
    if (index > 0) json += spend(",", budget);
    json += write(list[index], { above: trail, key: index, of: list }, depth + 1, budget);
  }
  return json + spend("]", budget);
}

function writeFields(value, trail, depth, budget) {
  let json = spend("{", budget);
  const names = keysOf(value);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index];
    const field = value[name];
    if (field === undefined) continue;
    if (json.length > 1) json += spend(",", budget);
    if (name.length > budget.left) throw new TooLarge();
    json += spend(`${stringify(name)}:`, budget);
    json += write(field, { above: trail, key: name, of: value }, depth + 1, budget);
  }
  return json + spend("}", budget);
}
