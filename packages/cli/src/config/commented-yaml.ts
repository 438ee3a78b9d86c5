import { Document, isMap, isScalar, type Pair } from 'yaml';
import type { Note } from './python/note.ts';

const asComment = (lines: readonly string[]): string => lines.map((line) => ` ${line}`).join('\n');

/**
 * A configuration as YAML. What became otherwise of the keys that it was made of stands as comments above the sections that
 * they belong to, and at the end where there is none.
 * @param title the first lines, without `#`
 */
export function commentedYaml(config: object, notes: readonly Note[], title: readonly string[]): string {
  const document = new Document(config);
  document.commentBefore = asComment(title);
  const sections = isMap(document.contents) ? (document.contents.items as Pair[]) : [];
  const left = notes.filter(({ kind }) => kind !== 'understood');
  for (const [index, { key }] of sections.entries()) {
    if (!isScalar(key)) continue;
    key.spaceBefore = index > 0;
    const own = left.filter((note) => sectionOf(note) === key.value).map(lineOf);
    if (own.length > 0) key.commentBefore = asComment(own);
  }
  const names = sections.map(({ key }) => (isScalar(key) ? key.value : undefined));
  const homeless = left.filter((note) => !names.includes(sectionOf(note))).map(lineOf);
  if (homeless.length > 0) document.comment = asComment(['Left out:', ...homeless]);
  return document.toString({ lineWidth: 0 });
}

const sectionOf = ({ becomes }: Note): string | undefined => becomes?.split('.')[0];

/** Notes have no values in them, so that no secret gets into a comment. */
const lineOf = ({ path, kind, say }: Note): string => `${path} (${kind}): ${say}`;
