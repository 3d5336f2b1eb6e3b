/** A page of the documentation as a text. */
declare module "*.md?raw" {
  const text: string;
  export default text;
}

/** A module of an example as a text. */
declare module "*.js?raw" {
  const text: string;
  export default text;
}
