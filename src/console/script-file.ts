/** Where pages find the script. */
export const SCRIPT_ADDRESS = "/console.js";
