#!/usr/bin/env node
// Plain JavaScript, so that a Node that is too old, or a checkout that was not built, gets a sentence and not a stack.
import { existsSync } from 'node:fs';
import module from 'node:module';

const major = Number(process.versions.node.split('.')[0]);
const built = new URL('../dist/main.js', import.meta.url);
const source = new URL('../src/main.ts', import.meta.url);

function refuse(line) {
  process.stderr.write(`alts: ${line}\n`);
  process.exit(3);
}

if (major < 22) refuse(`Node 22 or newer is needed, this is ${process.versions.node}`);
// From 22.8 on; compiling what a test needs takes a tenth of a second, and need be done but once.
module.enableCompileCache?.();
if (existsSync(built)) {
  await import(built.href);
} else if (existsSync(source) && major >= 24) {
  // A checkout that was not built: the sources as they are, our own packages' sources included.
  module.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ['@alts/source', ...context.conditions] }),
  });
  await import(source.href);
} else {
  refuse('this checkout is not built: run "npm run build", or use Node 24, which needs no build');
}
