/** What the lens runs in the page, as text: a bundler rewrites functions so that they only work where they were written. */

/** Elements whose class is looked at; a page that has more is judged by the first of them. */
const CLASSES_MAX = 20_000;

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

  const scrollThrough = async ({ height, timeout }) => {
    for (const image of document.images) if (image.loading === "lazy") image.loading = "eager";
    const began = performance.now();
    const end = () => Math.min(Math.max(root().scrollHeight, document.body?.scrollHeight ?? 0), height);
    for (let top = 0; top < end() && performance.now() - began < timeout; top += innerHeight) {
      scrollTo({ top, behavior: "instant" });
      await frame();
    }
    scrollTo({ top: 0, left: 0, behavior: "instant" });
    await frame();
    return null;
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

  const hiddenByScrolling = () => {
    if (root().scrollHeight > innerHeight + 1) return 0;
    const parts = [...document.querySelectorAll("*")].filter((element) => {
      if (element.scrollHeight <= element.clientHeight + 1) return false;
      if (element.clientHeight < innerHeight / 2 || element.clientWidth < innerWidth / 2) return false;
      return /auto|scroll/.test(getComputedStyle(element).overflowY);
    });
    return Math.max(0, ...parts.map((element) => element.scrollHeight - element.clientHeight));
  };

  const measure = () => ({
    width: Math.max(root().scrollWidth, document.body?.scrollWidth ?? 0),
    height: Math.max(root().scrollHeight, document.body?.scrollHeight ?? 0),
    hidden: hiddenByScrolling(),
  });

  const settle = async () => { await frame(); await frame(); return null; };

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
    for (const rule of style.split(";")) {
      const [name, value] = rule.split(/:(.*)/s);
      strip.style.setProperty(name, value, "important");
    }
    strip.textContent = text;
    root().append(strip);
    return null;
  };

  return { look, scrollThrough, fonts, images, measure, settle, addStrip, removeStrip };
})(); null`;
