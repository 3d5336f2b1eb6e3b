// Runs a script of this folder, and says what to do where Node is too old for it: such a Node cannot read the scripts
// themselves, which are TypeScript, so this one is not. Usage: node scripts/with-node-24.mjs start
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `This needs Node 22.18 or newer and found ${process.versions.node}.\n` +
      "`npm install` brings a fitting one; start it through npm (`npm start`), which puts that one first.\n",
  );
  process.exit(1);
}

await import(new URL(`./${process.argv[2]}.ts`, import.meta.url).href);
