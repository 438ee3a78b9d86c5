import type { Check } from './repository.ts';

const LIMIT = 300;
const OURS = /^(?:packages|tools|examples|bench|test|fixtures)\/.*\.(?:ts|mjs)$/;

/** Only a warning: a long file is a question, and sometimes a table. */
export const fileLength: Check = function* ({ files, text }) {
  for (const file of files.filter((path) => OURS.test(path))) {
    const lines = (text(file) ?? '').split('\n').length - 1;
    if (lines > LIMIT) yield { file, level: 'warning', message: `has ${lines} lines: which second idea is in it?` };
  }
};
