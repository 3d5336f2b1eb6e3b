/** What the lens runs in the page, as text: a bundler rewrites functions so that they only work where they were written. */

/** Elements whose class is looked at; a page that has more is judged by the first of them. */
const CLASSES_MAX = 20_000;

/** Of a part that is a page in the page, in CSS pixels: half a screen. */
const PART_HEIGHT_MIN = 400;

/** Parts within parts that scroll: each round makes the outer ones grow. */
const UNFOLDINGS_MAX = 4;

export const LENS_SCRIPT = `globalThis.carillonLens ??= (() => {
  const root = () => document.documentElement;
  let changedAt = performance.now();
  new MutationObserver(() => { changedAt = performance.now(); })
    .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });

  const isVisible = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const after = (time) => new Promise((resolve) => setTimeout(resolve, time));
  // A page that is not drawn at the moment gets no frames.
  const frame = () => Promise.race([new Promise((resolve) => requestAnimationFrame(() => resolve())), after(100)]);
  const within = async (time, work) => {
    const late = after(time).then(() => false);
    return Promise.race([work.then(() => true, () => true), late]);
  };

  const BUSY = '[aria-busy="true"], [role="progressbar"]:not([aria-valuenow]), progress:indeterminate';
  const SAYS_BUSY = /(^|[-_])(spinner|loading|skeleton)($|[-_])/;
  const wordsOf = (token) => token.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
  const busyClass = (element) => [...element.classList].find((token) => SAYS_BUSY.test(wordsOf(token)));
  const spinner = () => {
    const busy = [...document.querySelectorAll(BUSY)].find(isVisible);
    if (busy) return busy.matches('[aria-busy="true"]') ? "an element with aria-busy" : "a progress bar without a value";
    const classed = [...document.querySelectorAll("[class]")].slice(0, ${CLASSES_MAX});
    const named = classed.find((element) => busyClass(element) && isVisible(element));
    return named ? "an element of class " + busyClass(named) : null;
  };

  const selectorState = (selector) => {
    if (selector === null) return "unnamed";
    try {
      const found = [...document.querySelectorAll(selector)];
      return found.length === 0 ? "absent" : found.some(isVisible) ? "visible" : "hidden";
    } catch {
      return "invalid";
    }
  };

  const look = (selector) => ({
    state: document.readyState,
    flag: root()?.getAttribute("data-carillon-ready") ?? null,
    run: root()?.getAttribute("data-carillon-run") ?? null,
    selector: selectorState(selector),
    stillFor: performance.now() - changedAt,
    spinner: spinner(),
  });

  // Also of components that draw into a tree of their own, as far as they leave it open.
  const elementsOf = (tree) =>
    [...tree.querySelectorAll("*")].flatMap((one) => (one.shadowRoot ? [one, ...elementsOf(one.shadowRoot)] : [one]));
  const holderOf = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host ?? null;
  const heightOf = () => Math.max(root().scrollHeight, document.body?.scrollHeight ?? 0);
  const hidesOf = (part) => part.scrollHeight - part.clientHeight;
  // Smaller ones are lists to choose from, logs and the like, and no pages in the page.
  const scrollingParts = () => elementsOf(document).filter((element) => {
    if (element === root() || element === document.body || hidesOf(element) <= 1) return false;
    if (element.clientHeight < ${PART_HEIGHT_MIN} || element.clientWidth < innerWidth / 3) return false;
    return /auto|scroll/.test(getComputedStyle(element).overflowY) && isVisible(element);
  });
  // A margin or a foot may make the document scroll a little.
  const innerPart = () => heightOf() > innerHeight * 1.25
    ? null
    : scrollingParts().sort((one, other) => hidesOf(other) - hidesOf(one))[0] ?? null;

  const scrollThrough = async ({ height, timeout }) => {
    for (const image of document.images) if (image.loading === "lazy") image.loading = "eager";
    const began = performance.now();
    const part = innerPart();
    const end = () => Math.min(part?.scrollHeight ?? heightOf(), height ?? Infinity);
    const to = (top) => {
      for (const scrolled of [globalThis, part]) scrolled?.scrollTo({ top, left: 0, behavior: "instant" });
    };
    let top = 0;
    for (; top < end() && performance.now() - began < timeout; top += part?.clientHeight ?? innerHeight) {
      to(top);
      await frame();
    }
    const isThrough = top >= end();
    to(0);
    await frame();
    return isThrough;
  };

  const fonts = async (timeout) => {
    const isLoaded = await within(timeout, document.fonts.ready);
    const broken = [...document.fonts].filter((font) => font.status === "error").map((font) => font.family);
    return { isLoaded, broken };
  };

  const images = async (timeout) => {
    const shown = [...document.images].filter((image) => (image.currentSrc || image.src) && isVisible(image));
    const broken = [];
    const decoded = shown.map((image) => image.decode().catch(() => { broken.push(image.currentSrc || image.src); }));
    const isLoaded = await within(timeout, Promise.all(decoded));
    return { isLoaded, broken };
  };

  const measure = () => {
    const part = innerPart();
    return {
      width: Math.max(root().scrollWidth, document.body?.scrollWidth ?? 0),
      height: heightOf(),
      hidden: part === null ? 0 : hidesOf(part),
    };
  };

  const settle = async () => { await frame(); await frame(); return null; };

  const GROWN = "overflow:visible;height:auto;max-height:none;contain:none;transition:none";
  const write = (element, rules) => {
    for (const rule of rules.split(";")) {
      const [name, value] = rule.split(/:(.*)/s);
      element.style.setProperty(name, value, "important");
    }
  };
  const grow = (element) => {
    write(element, GROWN);
    // What is laid over the page has the height of the window, whatever is in it.
    if (/fixed|absolute/.test(getComputedStyle(element).position)) write(element, "position:relative;inset:auto");
  };
  const unfold = async () => {
    const grown = new Set();
    for (let round = 0; round < ${UNFOLDINGS_MAX}; round += 1) {
      const parts = scrollingParts();
      if (parts.length === 0) break;
      for (const part of parts) {
        grown.add(part);
        // Where its share of the window was its height, it has none of its own.
        write(part, "min-height:max-content");
        for (let around = part; around !== null; around = holderOf(around)) grow(around);
      }
      await settle();
    }
    const beyond = [...grown].map((part) =>
      part.getBoundingClientRect().top + scrollY + part.scrollHeight - heightOf());
    return Math.max(0, ...beyond, ...scrollingParts().map(hidesOf));
  };

  let strip = null;
  const removeStrip = () => { strip?.remove(); strip = null; return null; };
  const addStrip = ({ top, height, text }) => {
    removeStrip();
    strip = document.createElement("div");
    // The root's own position would move what is placed by it; nothing else of the page's style reaches it.
    const from = root().getBoundingClientRect().top + scrollY;
    const isPlacing = getComputedStyle(root()).position !== "static";
    const style = "all:initial;position:absolute;left:0;z-index:2147483647;box-sizing:border-box;overflow:hidden;" +
      "padding:0 16px;background:#1f2328;color:#ffffff;white-space:nowrap;font:600 15px/" + height + "px sans-serif;" +
      "width:" + Math.max(root().scrollWidth, innerWidth) + "px;height:" + height + "px;" +
      "top:" + (isPlacing ? top - from : top) + "px";
    write(strip, style);
    strip.textContent = text;
    root().append(strip);
    return null;
  };

  return { look, scrollThrough, fonts, images, measure, unfold, settle, addStrip, removeStrip };
})(); null`;
