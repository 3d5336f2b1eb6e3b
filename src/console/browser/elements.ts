/** What several parts of the script ask of elements. */

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const FIELDS = "input, textarea, select";
/** Inputs that nobody types in. */
const PRESSED = new Set(["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"]);

export const all = (selector: string, within: ParentNode = document): readonly HTMLElement[] => [
  ...within.querySelectorAll<HTMLElement>(selector),
];

/** The element or the one around it that fits. */
export function around(target: EventTarget | null, selector: string): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(selector) : null;
}

/** The dialog, where the selector leads to one. */
export function openDialog(selector: string): void {
  const dialog = document.querySelector(selector);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

/** Whether keys that are pressed there are meant as text, or choose something. */
export function isTypedIn(target: EventTarget | null): target is HTMLElement {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !PRESSED.has(target.type);
  return target.isContentEditable || target.matches("textarea, select");
}

export const hasFocusedField = (within: Element): boolean => {
  const { activeElement } = document;
  return activeElement !== null && within.contains(activeElement) && activeElement.matches(FIELDS);
};

/** Whether a field in it is not as the page came. */
export const isChanged = (within: Element): boolean =>
  [...within.querySelectorAll<Field>(FIELDS)].some((field) => !isAsItCame(field));

function isAsItCame(field: Field): boolean {
  if (field instanceof HTMLSelectElement) {
    const options = [...field.options];
    // Where the page chose none, a browser chooses the first.
    const given = options.some(({ defaultSelected }) => defaultSelected) || field.multiple;
    return options.every((one, index) => one.selected === (given ? one.defaultSelected : index === 0));
  }
  if (field instanceof HTMLTextAreaElement) return field.value === field.defaultValue;
  if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked;
  if (field.type === "file") return field.value === "";
  return field.type === "hidden" || field.value === field.defaultValue;
}
