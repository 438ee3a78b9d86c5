/**
 * Code in README and docs is cut from files that CI runs: below `<!-- file: PATH -->` stands that file, to the letter.
 * `npm run docs:embed` brings the documents up to date; the lint only compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { execaSync } from 'execa';

const root = join(import.meta.dirname, '../..');
const MARKER = /<!-- file: (\S+) -->\n(?:```[^\n]*\n[\s\S]*?\n```\n)?/g;

/** A document with every embedded file as it is now. */
export function embed(document: string, read: (path: string) => string): string {
  return document.replace(MARKER, (_, path: string) => {
    const code = read(path).trimEnd();
    return `<!-- file: ${path} -->\n\`\`\`${extname(path).slice(1)}\n${code}\n\`\`\`\n`;
  });
}

function documents(): string[] {
  return execaSync('git', ['ls-files', '*.md'], { cwd: root }).stdout.split('\n').filter(Boolean);
}

const fromRoot = (path: string): string => readFileSync(join(root, path), 'utf8');

/** One line for each document in which an embedded file is not what the file is now. */
export function checkEmbeddedFiles(): string[] {
  return documents()
    .filter((path) => embed(fromRoot(path), fromRoot) !== fromRoot(path))
    .map((path) => `${path}: embedded code differs from its file; run: npm run docs:embed`);
}

if (process.argv[1] === import.meta.filename && process.argv.includes('--write')) {
  for (const path of documents()) writeFileSync(join(root, path), embed(fromRoot(path), fromRoot));
}
